"""The bytes of a large file on their way into the database, a piece at a time.

As a parameter of a statement the driver would hold them five times over: quoted in hexadecimal,
within the statement, and in the connection's buffer. A COPY sends them as they are.
"""

import struct
from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

# Below this the doubling weighs nothing and one statement is enough.
LARGE = 1024 * 1024
_PIECE = 64 * 1024
_MOVE = "UPDATE raw_file SET content = incoming.content FROM incoming WHERE raw_file.id = :id"
# The binary format of COPY: its signature with neither flags nor an extension, one row of one
# column, and what ends the rows.
_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_ONE_COLUMN, _END = struct.Struct("!hi"), struct.pack("!h", -1)


def fill(session: Session, file_id: int, content: bytes) -> None:
    """Give a file that was registered empty its content, in the same transaction."""
    session.execute(text("CREATE TEMPORARY TABLE incoming (content bytea) ON COMMIT DROP"))
    driver = session.connection().connection.driver_connection
    assert driver is not None, "the session has just used it"
    with driver.cursor() as cursor:
        cursor.copy_expert("COPY incoming FROM STDIN (FORMAT binary)", _Framed(content))
    session.execute(text(_MOVE), {"id": file_id})
    session.execute(text("DROP TABLE incoming"))


class _Framed:
    """A file of one row, for COPY to read."""

    def __init__(self, content: bytes) -> None:
        self._pieces = _pieces(content)

    def read(self, _: int) -> bytes:
        return next(self._pieces, b"")


def _pieces(content: bytes) -> Iterator[bytes]:
    yield _HEAD + _ONE_COLUMN.pack(1, len(content))
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]
    yield _END
