"""X12 bytes to domain values and back: pure, with no clock, no files and no database."""
