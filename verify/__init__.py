"""The promises, checked by raw SQL."""
