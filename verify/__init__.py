"""The promises, each a named check that asks the database itself and uses nothing of the product."""
