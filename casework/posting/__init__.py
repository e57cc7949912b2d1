"""From a stored remittance to the ledger: matched, posted once, taken back, or asked about."""
