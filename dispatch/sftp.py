"""A partner's SFTP server, seen through the few acts that we need of it.

Nobody but the server whose key is pinned is ever spoken to. Every failure of the line or of the
server is one `Down` in words that hold no secret; nothing here decides what a failure means.
"""

import hashlib
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import paramiko
from paramiko.pkey import UnknownKeyType

from dispatch.sftp_names import Client, raw

CONNECT_WITHIN = 15.0
ANSWER_WITHIN = 30.0
PIECE = 32_768
# Above this, what was uploaded is judged by its size alone: reading it back costs its own time.
READ_BACK_MAX = 32 * 1024 * 1024


class Down(Exception):
    """The route does not work at this moment; the text says why, for a person."""


class Unwilling(Down):
    """The line holds, and the server says no to what was asked of it: other files may go on."""


class WrongKey(Exception):
    """Another server answers than the one whose key is pinned: a person must look."""

    def __init__(self, words: str, offered: str) -> None:
        super().__init__(words)
        self.offered = offered


class Occupied(Exception):
    """A file that is not ours lies there under our file's name: a person must look."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """How one route's server is reached. The secret never shows in a repr."""

    host: str
    port: int
    username: str
    host_key: str
    password: str | None = field(default=None, repr=False)
    key_file: Path | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    name: str
    size: int
    changed_at: int


class Door:
    """An open session with the server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def files(self, folder: str) -> list[RemoteFile]:
        """The whole files of a folder, oldest first; unfinished ones have a telling name."""
        with _told(f"its folder {folder} cannot be listed"):
            entries = self._client.listdir_attr(folder)
        found = [
            RemoteFile(name=entry.filename, size=entry.st_size or 0, changed_at=entry.st_mtime or 0)
            for entry in entries
            if stat.S_ISREG(entry.st_mode or 0) and _is_whole(entry.filename)
        ]
        return sorted(found, key=lambda one: (one.changed_at, one.name))

    def look(self, path: str) -> RemoteFile | None:
        with _told("it does not say whether a file is there"):
            try:
                at = self._client.stat(raw(path))
            except FileNotFoundError:
                return None
        name = PurePosixPath(path).name
        return RemoteFile(name=name, size=at.st_size or 0, changed_at=at.st_mtime or 0)

    def upload(self, path: str, content: bytes) -> None:
        """Bring the file to exactly these bytes, going on where an earlier try was cut off."""
        there = self.look(path)
        with _told("it does not take the file (its disk may be full, or we may not write there)"):
            if there is None or not self._begins(path, there.size, content):
                self._write(path, "wb", 0, content)
            elif there.size < len(content):
                self._write(path, "r+b", there.size, content)
        self._prove(path, content)

    def holds(self, path: str, content: bytes) -> bool:
        """Whether the file there is ours, byte for byte."""
        there = self.look(path)
        return there is not None and there.size == len(content) and self._is(path, content)

    def rename(self, path: str, to: str) -> None:
        """Raises FileNotFoundError when it is no longer there; never replaces another file."""
        with _told("it does not let the file be renamed"):
            self._client.rename(raw(path), raw(to))

    def remove(self, path: str) -> None:
        with _told("it does not let the file be removed"), suppress(FileNotFoundError):
            self._client.remove(raw(path))

    def make_folder(self, path: str) -> None:
        if self.look(path) is None:
            with _told(f"its folder {path} cannot be made"):
                self._client.mkdir(raw(path))

    def pieces(self, path: str, *, skip: int) -> Iterator[bytes]:
        with _told("the file cannot be read"), self._client.open(raw(path), "rb") as file:
            file.seek(skip)
            while piece := file.read(PIECE):
                yield piece

    def _write(self, path: str, mode: str, skip: int, content: bytes) -> None:
        with self._client.open(raw(path), mode) as file:
            file.seek(skip)
            # The server works through what it gets in order: what is there is always a beginning.
            file.set_pipelined(True)
            for start in range(skip, len(content), PIECE):
                file.write(content[start : start + PIECE])

    def _begins(self, path: str, size: int, content: bytes) -> bool:
        return size <= len(content) and self._is(path, content[:size])

    def _is(self, path: str, content: bytes) -> bool:
        if len(content) > READ_BACK_MAX:
            return True
        try:
            digest = hashlib.sha256()
            for piece in self.pieces(path, skip=0):
                digest.update(piece)
        except PermissionError:
            # Some partners' folders take files and show none: there the size must do.
            return True
        return digest.digest() == hashlib.sha256(content).digest()

    def _prove(self, path: str, content: bytes) -> None:
        there = self.look(path)
        if there is None or there.size < len(content):
            raise Down("it kept only the beginning of a file: its disk may be full")
        if there.size != len(content) or not self._is(path, content):
            raise Down("what it kept of a file is not what we sent; it is sent there again")


@contextmanager
def connected(address: Address) -> Iterator[Door]:
    """A session with the pinned server. Raises `WrongKey` before anything of ours is said to it."""
    line = _line(address)
    transport = None
    try:
        # Named without a file of known hosts: nothing but the pinned key counts.
        transport = paramiko.Transport(line)
        transport.banner_timeout = transport.auth_timeout = CONNECT_WITHIN
        with _told("it does not speak SFTP with us"):
            _prefer(transport, address.host_key)
            transport.start_client(timeout=CONNECT_WITHIN)
            _require_key(transport.get_remote_server_key(), address)
            _sign_in(transport, address)
            client = Client.from_transport(transport)
        assert client is not None
        channel = client.get_channel()
        assert channel is not None
        channel.settimeout(ANSWER_WITHIN)
        yield Door(client)
    finally:
        if transport is not None:
            transport.close()
            transport.join(CONNECT_WITHIN)
        line.close()


def _line(address: Address) -> socket.socket:
    try:
        return socket.create_connection((address.host, address.port), timeout=CONNECT_WITHIN)
    except TimeoutError:
        raise Down("its server does not answer (no connection in time)") from None
    except (ValueError, OverflowError):
        raise Down("what is kept as the name and port of its server cannot be one") from None
    except OSError as failure:
        reason = (failure.strerror or type(failure).__name__).lower()
        raise Down(f"its server does not answer ({reason})") from None


def _prefer(transport: paramiko.Transport, host_key: str) -> None:
    """A server has a key of each kind: ask for the kind that is pinned."""
    kind = host_key.split(" ", 1)[0]
    options = transport.get_security_options()
    known = list(options.key_types)
    wanted = [name for name in known if name == kind or (kind == "ssh-rsa" and "rsa" in name)]
    if wanted:
        options.key_types = tuple(wanted + [name for name in known if name not in wanted])


def _require_key(key: paramiko.PKey, address: Address) -> None:
    shown = f"{key.get_name()} {key.get_base64()}"
    if shown == address.host_key:
        return
    if not address.host_key:
        raise WrongKey(
            f"nobody has confirmed the key of its server yet; it shows {key.fingerprint}",
            shown,
        )
    raise WrongKey(
        f"another server answers, or its key was changed: it shows {key.fingerprint}, which is not "
        "the key that was confirmed",
        shown,
    )


def _sign_in(transport: paramiko.Transport, address: Address) -> None:
    try:
        if address.key_file is not None:
            transport.auth_publickey(address.username, paramiko.PKey.from_path(address.key_file))
        elif address.password is not None:
            transport.auth_password(address.username, address.password)
        else:
            raise Down("it has no key or password of ours: give it one")
    except paramiko.AuthenticationException:
        raise Down("its server refuses our key or password") from None
    except (OSError, ValueError, paramiko.SSHException, UnknownKeyType) as failure:
        raise Down(
            f"our key cannot be used, or the line broke ({type(failure).__name__})"
        ) from None


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever the library raises, in our words; what callers decide on stays as it is."""
    try:
        yield
    except (FileNotFoundError, PermissionError, Down, WrongKey):
        raise
    except TimeoutError:
        raise Down("its server does not answer in time") from None
    except (EOFError, paramiko.SSHException, ConnectionError) as failure:
        raise Down(f"the connection was lost ({type(failure).__name__})") from None
    except OSError as failure:
        reason = (failure.strerror or str(failure) or type(failure).__name__)[:60].lower()
        if "socket is closed" in reason:
            raise Down("the connection was lost") from None
        raise Unwilling(f"{what}: {reason}") from None


def _is_whole(name: str) -> bool:
    return name[:1] not in ("", ".") and not name.endswith((".part", ".tmp", ".filepart"))
