"""Names at a partner's server are bytes: whatever they are, its file is listed and fetched."""

from typing import Any

import paramiko
from paramiko.message import Message
from paramiko.sftp import CMD_NAME


class _Names(Message):
    """What a server says in words. A partner's names are bytes; those that are no UTF-8 come
    through as Python writes them (surrogates), and `raw` gives the server its own bytes back."""

    def get_text(self) -> str:
        return self.get_string().decode("utf-8", "surrogateescape")


class Client(paramiko.SFTPClient):
    """The library's, which would refuse a whole folder for one such name."""

    def _request(self, kind: int, *arguments: Any) -> tuple[int, Message]:
        answer, message = super()._request(kind, *arguments)  # type: ignore[misc]
        return answer, _Names(message.get_remainder()) if answer == CMD_NAME else message


def raw(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
