"""How a command says that it could not do its work: one sentence and an exit status."""


class CommandFailed(Exception):
    """The text goes to stderr as it is: what, where, and what to do."""

    def __init__(self, text: str, *, exit_status: int = 1) -> None:
        super().__init__(text)
        self.exit_status = exit_status
