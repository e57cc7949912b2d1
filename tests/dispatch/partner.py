"""A clearinghouse that is reached over SFTP: what a test sends it, and what it then holds."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import route_secrets, routes
from casework.moment import moment
from db.models import ClockSegment, Outbox, RawFile, Route
from dispatch import remote
from dispatch.exchange import Inbound
from tests.sshd import Sshd
from tests.workflows.clinic import Clinic

NAME = "clearinghouse"
HEADER = (
    b"ISA*00*          *00*          *ZZ*CEDARHOLLOW    *ZZ*CLEARHOUSE     *260202*0900*^*00501*"
    b"000000001*0*%s*:~"
)


def x12(size: int = 0, *, usage: bytes = b"T") -> bytes:
    """Something that begins as X12 does and is as long as wanted; no two bytes runs are alike."""
    body = b"".join(b"%08d~" % number for number in range(size // 9 + 1))
    return HEADER % usage + body[:size]


@dataclass
class Partner:
    clinic: Clinic
    server: Sshd
    home: Path
    inbound: Inbound = field(init=False)

    def __post_init__(self) -> None:
        self.inbound = Inbound(sessions=self.clinic.sessions, exchange=self.home / "exchange")

    @property
    def arrived(self) -> Path:
        return self.server.files / "inbound"

    @property
    def offered(self) -> Path:
        return self.server.files / "outbound"

    def change(self, **values: object) -> None:
        with self.clinic.people.begin() as session:
            route = routes.lock(session, NAME)
            for name, value in values.items():
                setattr(route, name, value)

    def route(self) -> Route:
        with self.clinic.sessions() as session:
            return session.scalars(select(Route).where(Route.name == NAME)).one()

    def queue(self, *files: tuple[str, bytes]) -> None:
        with self.clinic.sessions.begin() as session:
            for name, content in files:
                session.add(
                    Outbox(
                        route=NAME,
                        name=name,
                        sha256=hashlib.sha256(content).hexdigest(),
                        content=content,
                        asked_at=self.clinic.moment(session).at,
                    )
                )

    def offer(self, name: str, content: bytes) -> None:
        path = self.offered / name
        path.write_bytes(content)
        path.chmod(0o666)

    def visit(self) -> int:
        """What dispatch does when it finds the route due; 0 when it is not."""
        return sum(
            remote.visit(self.clinic.sessions, self.inbound, at)
            for at in remote.due(self.clinic.sessions, self.home)
        )

    def visits(self, count: int = 3) -> None:
        """A few visits, with time enough between them."""
        for _ in range(count):
            self.visit()
            self.pass_time(hours=1)

    def pass_time(self, *, hours: float) -> None:
        with self.clinic.sessions.begin() as session:
            now = moment(session)
            session.add(
                ClockSegment(
                    real_start=dt.datetime.now(dt.UTC).timestamp(),
                    business_start=now.at + dt.timedelta(hours=hours),
                    speed=1.0,
                    is_running=True,
                )
            )

    def states(self) -> list[str]:
        with self.clinic.sessions() as session:
            return list(session.scalars(select(Outbox.state).order_by(Outbox.id)))

    def kept(self) -> list[str]:
        """The hashes of what was taken in, in the order of names."""
        with self.clinic.sessions() as session:
            return list(session.scalars(select(RawFile.sha256).order_by(RawFile.name)))

    def names(self) -> list[str]:
        """Everything at the server, unfinished files included."""
        return sorted(path.name for path in self.arrived.iterdir())

    def digest(self, name: str) -> str:
        return hashlib.sha256((self.arrived / name).read_bytes()).hexdigest()

    def session(self) -> Session:
        return self.clinic.sessions()


def move_to(session: Session, **changes: str | int) -> None:
    """What the page does when somebody saves another place; the caller commits."""
    route = routes.lock(session, NAME)
    kept = {key: getattr(route, key) for key in routes.PLACE}
    routes.refuse_move(session, route, kept | changes)
    for key, value in changes.items():
        setattr(route, key, value)
    session.flush()


def open_partner(clinic: Clinic, server: Sshd, home: Path) -> Partner:
    made = Partner(clinic=clinic, server=server, home=home)
    made.change(
        transport="sftp", host="127.0.0.1", port=server.port, username=server.user,
        host_key=server.host_key, signs_in_by="key", upload_folder="inbound",
        download_folder="outbound",
    )  # fmt: skip
    route_secrets.keep(home, made.route(), server.client_key.read_text())
    return made
