"""Frozen values and pure functions of the trade; imports the standard library only."""
