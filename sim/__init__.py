"""The world outside: EHR, clearinghouse, payers, appeals desk and patients."""
