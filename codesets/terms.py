"""What ICD-10-CM codes are called. The words come from a package that is slow and large to load, so
a process of its own reads it once into a SQLite file, which every later question opens."""

import os
import re
import sqlite3
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SCHEMA = """
CREATE TABLE description (code TEXT PRIMARY KEY, words TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE term (id INTEGER PRIMARY KEY, norm TEXT NOT NULL, code TEXT NOT NULL,
    source INTEGER NOT NULL, is_leaf INTEGER NOT NULL);
CREATE INDEX term_norm ON term (norm, source);
CREATE VIRTUAL TABLE term_words USING fts5 (norm, content='term', content_rowid='id');
"""
_EDITION = 1  # Raise it when the file is built otherwise, so that an old one is not read.
_BUILD_WITHIN_SECONDS = 120
_TOKEN_MIN = 3
_FILLERS = frozenset({"a", "an", "the", "of", "nos"})
_NOT_OTHERWISE_SPECIFIED, _NAME, _INCLUSION, _INCLUDED_BELOW = range(4)

_LOCK = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Term:
    norm: str
    code: str


def normalize(words: str) -> str:
    """The one spelling under which phrases are compared."""
    tokens = re.findall(r"[a-z0-9]+", words.lower().replace("'s ", " ").replace("\u2019s ", " "))
    kept = [token for token in tokens if token not in _FILLERS]
    # In the middle of a name ("pain in unspecified knee") the word says that a side is missing.
    if len(kept) > 1 and kept[0] == "unspecified":
        kept = kept[1:]
    if len(kept) > 1 and kept[-1] == "unspecified":
        kept = kept[:-1]
    return " ".join(kept)


def describe(code: str) -> str | None:
    rows = _query("SELECT words FROM description WHERE code = ?", code)
    return rows[0][0] if rows else None


def find_exact(words: str) -> str | None:
    """The code called exactly this: what the book gives when nothing more is said comes first, then
    a code's own name, then what it includes; of two the one that can be billed."""
    rows = _query(
        "SELECT code FROM term WHERE norm = ? ORDER BY source, is_leaf DESC, code LIMIT 1",
        normalize(words),
    )
    return rows[0][0] if rows else None


def find_near(words: str, *, limit: int = 60) -> tuple[Term, ...]:
    """Terms that share words with the phrase, the likelier first; for ranking by the caller."""
    tokens = [token for token in normalize(words).split() if len(token) >= _TOKEN_MIN][:8]
    if not tokens:
        return ()
    rows = _query(
        "SELECT t.norm, t.code FROM term_words w JOIN term t ON t.id = w.rowid"
        " WHERE term_words MATCH ? ORDER BY w.rank, t.id LIMIT ?",
        " OR ".join(f'"{token}"' for token in tokens),
        limit,
    )
    return tuple(Term(norm=norm, code=code) for norm, code in rows)


def _query(sql: str, *values: str | int) -> list[tuple[str, ...]]:
    """One connection serves all threads of a process, one at a time."""
    with _LOCK:
        return _connection().execute(sql, values).fetchall()


@cache
def _connection() -> sqlite3.Connection:
    return sqlite3.connect(f"file:{words_file()}?mode=ro", uri=True, check_same_thread=False)


def words_file() -> Path:
    """The file of words, made first if it is not there."""
    path = _path()
    if not path.exists():
        import subprocess  # Rarely needed, and slow to import for every process that starts.

        subprocess.run(
            [sys.executable, "-m", "codesets.terms", str(path)],
            check=True,
            timeout=_BUILD_WITHIN_SECONDS,
            cwd=Path(__file__).resolve().parent.parent,
        )
    return path


def _path() -> Path:
    from importlib.metadata import version

    release = version("simple-icd-10-cm")
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            continue
        if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid():
            return folder / f"icd10cm-{release}-{_EDITION}.sqlite"
    raise RuntimeError("No folder can be written for the ICD-10-CM words: set XDG_CACHE_HOME.")


def _folders() -> tuple[Path, ...]:
    import tempfile

    ours = Path(tempfile.gettempdir()) / f"claimflow-{os.getuid()}"
    cache_home = os.environ.get("XDG_CACHE_HOME")
    if cache_home:
        return Path(cache_home) / "claimflow", ours
    try:
        return Path.home() / ".cache" / "claimflow", ours
    except RuntimeError:  # A container's user may have no home.
        return (ours,)


def build(path: Path) -> None:
    """Write the file beside its place, then rename it: two builders at once do no harm."""
    import simple_icd_10_cm as package

    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    connection = sqlite3.connect(partial)
    connection.executescript(_SCHEMA)
    for code in package.get_all_codes():
        if package.is_chapter_or_block(code):
            continue
        words = package.get_description(code)
        connection.execute("INSERT INTO description VALUES (?, ?)", (code, words))
        terms = [
            (_NAME, words),
            *((_inclusion_rank(term), term) for term in package.get_inclusion_term(code)),
            *((_INCLUDED_BELOW, term) for term in package.get_includes(code)),
        ]
        connection.executemany(
            "INSERT INTO term (norm, code, source, is_leaf) VALUES (?, ?, ?, ?)",
            [
                (norm, code, source, package.is_leaf(code))
                for source, term in terms
                for norm in _norms(term)
            ],
        )
    connection.execute("INSERT INTO term_words (term_words) VALUES ('rebuild')")
    connection.commit()
    connection.close()
    partial.replace(path)


def _inclusion_rank(term: str) -> int:
    return _NOT_OTHERWISE_SPECIFIED if term.endswith(" NOS") else _INCLUSION


def _norms(term: str) -> list[str]:
    """With and without the words in round brackets: they change nothing in what a term means."""
    return sorted({normalize(term), normalize(re.sub(r"\([^)]*\)", " ", term))})


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build(Path(sys.argv[1]))
    else:
        words_file()
