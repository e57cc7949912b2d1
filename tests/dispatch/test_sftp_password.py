"""A password opens the door that asks for it. OpenSSH checks one only as root, against the accounts
of the machine; here the library's own server half asks."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import paramiko
import pytest
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from dispatch import sftp
from dispatch.sftp import Address, Down

PASSWORD = "canary-7f3a"


@dataclass
class Asking(paramiko.ServerInterface):
    heard: list[str] = field(default_factory=list)

    def get_allowed_auths(self, _username: str) -> str:
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        self.heard.append(username)
        is_right = (username, password) == ("cedar", PASSWORD)
        return AUTH_SUCCESSFUL if is_right else AUTH_FAILED

    def check_channel_request(self, _kind: str, _chanid: int) -> int:
        return OPEN_SUCCEEDED


@dataclass
class Door:
    port: int
    host_key: str
    asking: Asking

    def address(self, password: str, *, host_key: str | None = None) -> Address:
        return Address(
            host="127.0.0.1", port=self.port, username="cedar", password=password,
            host_key=self.host_key if host_key is None else host_key,
        )  # fmt: skip


@pytest.fixture
def door() -> Iterator[Door]:
    key = paramiko.ECDSAKey.generate()
    asking, transports = Asking(), []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                transport = paramiko.Transport(line)
                transports.append(transport)
                transport.add_server_key(key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer)
                transport.start_server(event=threading.Event(), server=asking)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Door(
            port=listener.getsockname()[1],
            host_key=f"{key.get_name()} {key.get_base64()}",
            asking=asking,
        )
        listener.shutdown(socket.SHUT_RDWR)
    for transport in transports:
        transport.close()
    thread.join(5)


def test_the_right_password_opens(door: Door) -> None:
    with sftp.connected(door.address(PASSWORD)):
        pass

    assert door.asking.heard == ["cedar"]


def test_another_password_is_refused_in_words_without_it(door: Door) -> None:
    with pytest.raises(Down) as refused, sftp.connected(door.address("canary-other")):
        pass

    assert str(refused.value) == "its server refuses our key or password"


def test_a_password_is_never_told_to_a_server_that_nobody_has_confirmed(door: Door) -> None:
    with pytest.raises(sftp.WrongKey), sftp.connected(door.address(PASSWORD, host_key="")):
        pass

    assert door.asking.heard == []


def test_a_password_shows_in_no_repr(door: Door) -> None:
    assert PASSWORD not in repr(door.address(PASSWORD))
