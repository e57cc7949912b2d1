"""The demo and the unattended run: the clock that waits for work, the kills, and the summary."""
