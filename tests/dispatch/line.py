"""A line to a server that is cut after so many bytes, as often as the test says."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE = 4096


@dataclass
class Line:
    """Passes bytes on to `port`; the connections in `cuts` end after so many bytes of one way."""

    port: int
    up_cuts: list[int] = field(default_factory=list)
    down_cuts: list[int] = field(default_factory=list)
    # Called once a line's bytes are through, before it ends: what it waits for is waited for.
    before_up_cut: Callable[[], object] = bool
    own_port: int = 0
    connections: int = 0

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            up = self.up_cuts.pop(0) if self.up_cuts else None
            down = self.down_cuts.pop(0) if self.down_cuts else None
            far = socket.create_connection(("127.0.0.1", self.port))
            for ends in ((near, far, up, self.before_up_cut), (far, near, down, bool)):
                threading.Thread(target=_pass, args=ends, daemon=True).start()


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    made = Line(port=port)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made.own_port = listener.getsockname()[1]
        thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
        thread.start()
        yield made
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _pass(
    source: socket.socket,
    target: socket.socket,
    most: int | None,
    before_cut: Callable[[], object],
) -> None:
    passed = 0
    with suppress(OSError):
        while piece := source.recv(PIECE):
            if most is not None and passed + len(piece) >= most:
                target.sendall(piece[: most - passed])
                before_cut()
                break
            target.sendall(piece)
            passed += len(piece)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
