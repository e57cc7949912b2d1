"""PostgreSQL, the only truth: models, queries and migrations."""
