"""The business transactions that pages, commands, activities and dispatch share; Session first."""
