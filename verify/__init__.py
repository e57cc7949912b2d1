"""The promises, each a named check that asks the database itself, without the product."""
