"""What keeps a system from starting, in words for the person at the terminal."""


class StartFailed(Exception):
    """The system did not come up; nothing of it is left running."""


class AlreadyRunning(StartFailed):
    """Another supervisor holds this home."""
