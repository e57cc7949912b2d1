"""What the workflows' steps do to an encounter and its claims, each in one transaction."""
