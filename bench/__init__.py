"""Benchmarks: what an encounter, an answer and a remittance line cost."""
