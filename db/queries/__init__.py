"""Questions to the database: module functions, Session first, one explicit select each."""
