"""Orchestration only: order, waiting, deadlines, choices. Begin with `encounter.py`."""
