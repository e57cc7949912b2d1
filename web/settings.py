"""What the pages must be told from outside; read once at the start and passed down."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """`secret_key` signs the tokens of forms; `is_tls` says that every client speaks https to
    us."""

    database_url: str
    secret_key: str
    is_tls: bool = False
    threads: int = 8
    workers: int = 1
    # Where the secrets of routes lie; without it none can be given on a page.
    home: Path | None = None
