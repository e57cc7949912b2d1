"""A real OpenSSH server for the tests: one that is there, else Debian's own package, fetched
without root and kept outside the checkout. Where there can be none the run says what to install,
and fails."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.chromium import default_cache

PLACES = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/lib/ssh/sshd")
PACKAGES = ("openssh-server", "openssh-sftp-server")
FETCH_SECONDS = 240
READY_SECONDS = 15
# Accounts that every Debian and Ubuntu has: root's server hands the session to one of them.
STAND_IN = "nobody"


class NoSshd(Exception):
    """There is none and none can be had; the text says what to install."""


@dataclass(frozen=True, kw_only=True)
class Program:
    path: Path
    libraries: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_LIBRARY_PATH": self.libraries} if self.libraries else {}


@dataclass
class Sshd:
    """A server of one test: its own port, keys, log and folder, and the one user it lets in."""

    program: Program
    folder: Path
    user: str
    port: int
    file_bytes_max: int | None = None
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def client_key(self) -> Path:
        return self.folder / "client"

    @property
    def host_key(self) -> str:
        return " ".join((self.folder / "host.pub").read_text().split()[:2])

    def start(self) -> None:
        account = pwd.getpwnam(self.user)
        is_other = os.geteuid() == 0
        command: Sequence[str] = [
            str(self.program.path),
            "-D",
            "-e",
            "-f",
            str(self.folder / "config"),
        ]
        if self.file_bytes_max is not None:
            blocks = self.file_bytes_max // 512
            command = [
                "/bin/sh",
                "-c",
                f'ulimit -f {blocks}; trap "" XFSZ; exec "$@"',
                "sh",
                *command,
            ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self.program.environment,
                start_new_session=True,
                user=account.pw_uid if is_other else None,
                group=account.pw_gid if is_other else None,
                extra_groups=[] if is_other else None,
            )
        self._wait()

    def stop(self) -> None:
        """The listener and every session of it: the line is cut as by a machine that goes down."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pid in _children_left(self.folder):
            os.kill(pid, signal.SIGKILL)
        self.process = None

    def limit_files(self, most: int | None) -> None:
        """Start again with a disk that takes files of this size only."""
        self.stop()
        self.file_bytes_max = most
        self.start()

    def change_host_key(self) -> None:
        self.stop()
        for name in ("host", "host.pub"):
            (self.folder / name).unlink()
        _make_key(self.folder / "host", self.user)
        self.start()

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _wait(self) -> None:
        ends_at = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends_at:
            assert self.process is not None
            if self.process.poll() is not None:
                raise NoSshd(f"sshd ended at once: {self.log()[-300:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise NoSshd(f"sshd does not listen: {self.log()[-300:]}")


@contextmanager
def running(program: Program, folder: Path) -> Iterator[Sshd]:
    server = _lay(program, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def find_sshd(cache: Path | None = None) -> Program:
    """Raises `NoSshd` with one line that says what to install."""
    for place in (shutil.which("sshd"), *PLACES):
        if place and Path(place).exists():
            return Program(path=Path(place))
    folder = (cache or default_cache()) / "openssh"
    if not (folder / "usr/sbin/sshd").exists():
        try:
            _fetch(folder)
        except (OSError, subprocess.SubprocessError) as error:
            raise NoSshd(
                f"No sshd here and none could be fetched ({_reason(error)}): install "
                "openssh-server (Debian, Ubuntu: apt install openssh-server); run the tests again."
            ) from error
    return Program(path=folder / "usr/sbin/sshd", libraries=_libraries(folder))


def reachable(program: Program, folder: Path) -> Program:
    """Root's home is closed to the account that the server runs as: a copy beside its files."""
    if os.geteuid() != 0 or program.libraries is None:
        return program
    copy = folder / "openssh"
    if not copy.exists():
        shutil.copytree(program.path.parents[2] / "usr", copy / "usr", symlinks=True)
        if (program.path.parents[2] / "lib").exists():
            shutil.copytree(program.path.parents[2] / "lib", copy / "lib", symlinks=True)
    return Program(path=copy / "usr/sbin/sshd", libraries=_libraries(copy))


def _lay(program: Program, folder: Path) -> Sshd:
    user = STAND_IN if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    server = Sshd(program=program, folder=folder, user=user, port=_free_port())
    folder.mkdir(parents=True)
    for name in ("inbound", "outbound"):
        (server.files / name).mkdir(parents=True)
    _make_key(folder / "host", user)
    _make_key(server.client_key, None)
    (folder / "authorized").write_text((folder / "client.pub").read_text())
    (folder / "config").write_text(
        f"""
Port {server.port}
ListenAddress 127.0.0.1
HostKey {folder / "host"}
AuthorizedKeysFile {folder / "authorized"}
PidFile none
StrictModes no
UsePAM yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
AllowUsers {user}
ForceCommand internal-sftp -d {server.files}
Subsystem sftp internal-sftp
LogLevel VERBOSE
MaxStartups 100:30:200
"""
    )
    if os.geteuid() == 0:
        account = pwd.getpwnam(user)
        for path in (folder, *folder.rglob("*")):
            if path != server.client_key:
                os.chown(path, account.pw_uid, account.pw_gid)
        folder.chmod(0o711)
    return server


def _make_key(path: Path, owner: str | None) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
    )
    path.chmod(0o600)
    public = path.with_name(f"{path.name}.pub")
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        + b"\n"
    )
    if owner is not None and os.geteuid() == 0:
        account = pwd.getpwnam(owner)
        for one in (path, public):
            os.chown(one, account.pw_uid, account.pw_gid)


def _children_left(folder: Path) -> list[int]:
    """Sessions of this server: sshd gives each a process group of its own."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder / "config").encode() in environment:
            found.append(int(entry.name))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fetch(folder: Path) -> None:
    """Into a folder of its own, which gets its name when it is whole."""
    for tool in ("apt-get", "apt-cache", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise FileNotFoundError(f"{tool} is missing")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        (part / "apt/lists/partial").mkdir(parents=True)
        (part / "apt/cache/archives/partial").mkdir(parents=True)
        (part / "debs").mkdir()
        _download(part, PACKAGES)
        if missing := _missing(part):
            _download(part, [name for name in _needed(part) if _may_bring(name, missing)])
        if missing := _missing(part):
            raise FileNotFoundError(f"{', '.join(sorted(missing))} is missing")
        shutil.rmtree(part / "apt")
        if not folder.exists():
            part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _download(part: Path, packages: Sequence[str]) -> None:
    if not packages:
        return
    # The lists that are here already do, if they name the package and its file is still served.
    if not (part / "apt/updated").exists() and _get([], part, packages):
        return
    own = _own_lists(part)
    if not (part / "apt/updated").exists():
        _run(["apt-get", *own, "-qq", "update"], part)
        (part / "apt/updated").touch()
    if not _get(own, part, packages):
        raise FileNotFoundError(f"{', '.join(packages)} cannot be downloaded")


def _get(options: Sequence[str], part: Path, packages: Sequence[str]) -> bool:
    try:
        _run(["apt-get", *options, "-qq", "download", *packages], part / "debs")
    except subprocess.CalledProcessError:
        return False
    for package in (part / "debs").glob("*.deb"):
        _run(["dpkg-deb", "-x", str(package), str(part)], part)
        package.unlink()
    return True


def _own_lists(part: Path) -> list[str]:
    """Package lists of our own: reading the system's may need root, and writing them does."""
    settings = {
        "Dir::State::lists": part / "apt/lists",
        "Dir::Cache": part / "apt/cache",
        "Dir::State::status": "/var/lib/dpkg/status",
        "APT::Sandbox::User": pwd.getpwuid(os.geteuid()).pw_name,
        "Debug::NoLocking": "1",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _needed(part: Path) -> list[str]:
    own = _own_lists(part) if (part / "apt/updated").exists() else []
    told = subprocess.run(
        ["apt-cache", *own, "depends", "--recurse", "--no-recommends", "--no-suggests",
         "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", PACKAGES[0]],
        capture_output=True, text=True, check=True, timeout=FETCH_SECONDS,
    ).stdout  # fmt: skip
    return sorted({line for line in told.splitlines() if re.fullmatch(r"lib[a-z0-9.+-]+", line)})


def _may_bring(package: str, missing: set[str]) -> bool:
    """`libwrap.so.0` comes with `libwrap0`, `libssl.so.3` with `libssl3` or `libssl3t64`."""
    stems = {name.partition(".so")[0].replace("_", "-").lower() for name in missing}
    return any(package.startswith(stem) for stem in stems)


def _missing(part: Path) -> set[str]:
    """The libraries that neither this machine nor what was fetched has."""
    told = subprocess.run(
        ["ldd", str(part / "usr/sbin/sshd")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LD_LIBRARY_PATH": _libraries(part) or ""},
    ).stdout
    return {line.split()[0] for line in told.splitlines() if "not found" in line}


def _libraries(folder: Path) -> str | None:
    found = sorted({str(path.parent) for path in folder.rglob("lib*.so.*")})
    return ":".join(found) or None


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        check=True,
        timeout=FETCH_SECONDS,
        stdin=subprocess.DEVNULL,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"{error.cmd[0]} ended with exit status {error.returncode}"
    return str(error) or type(error).__name__
