"""The pages under gunicorn, in this process and its children. Without TLS before us nobody but this
machine is answered."""

import ipaddress
import os
import socket
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from settings import Settings
from supervise import discretion
from web.app import create_app
from web.settings import WebSettings

WORKERS = 2
THREADS = 8
# A page that takes longer has failed; its worker is replaced.
TIMEOUT_SECONDS = 60
GRACE_SECONDS = 10


class Exposed(Exception):
    """The address is open to others and no TLS is in front of it."""


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's own log, without the messages of exceptions."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        discretion.quiet(self.error_log)


class Pages(BaseApplication):  # type: ignore[misc]
    """gunicorn, told everything here and nothing by its own command line."""

    def __init__(self, web_settings: WebSettings, options: dict[str, Any]) -> None:
        self.web_settings = web_settings
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in each worker, after the fork: no connection is ever shared."""
        return create_app(self.web_settings)


def main(settings: Settings, fd: int | None, *, port: int = 0, is_tls: bool = False) -> int:
    """Serve until told to stop. `fd` is a listening socket that the supervisor keeps open, so
    that a restart refuses nobody; without one we listen ourselves on 127.0.0.1."""
    listening = socket.socket(fileno=fd) if fd is not None else _listen(port)
    if not is_tls:
        _require_loopback(listening)
    os.set_inheritable(listening.fileno(), True)
    options: dict[str, Any] = {
        "bind": [f"fd://{listening.fileno()}"],
        "workers": WORKERS,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": TIMEOUT_SECONDS,
        "graceful_timeout": GRACE_SECONDS,
        "loglevel": "warning",
        # Addresses carry opaque ids only, and even these are nobody's business in a log.
        "accesslog": None,
        "logger_class": QuietLogger,
        "control_socket_disable": True,
        "when_ready": lambda _: settings.mark_ready("web"),
    }
    Pages(
        WebSettings(
            database_url=settings.database_url,
            secret_key=settings.web_secret,
            is_tls=is_tls,
            threads=THREADS,
            workers=WORKERS,
            home=settings.home,
        ),
        options,
    ).run()
    return 0


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(128)
    return listening


def _require_loopback(listening: socket.socket) -> None:
    address = str(listening.getsockname()[0])
    if not ipaddress.ip_address(address).is_loopback:
        raise Exposed(
            f"The pages would answer everybody on {address} without TLS. Listen on 127.0.0.1, "
            "or put a TLS proxy in front and start with --tls."
        )
