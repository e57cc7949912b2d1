"""Who the database server runs as: PostgreSQL refuses root, who hands it to an ordinary user."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from supervise.errors import StartFailed

PROBE_SECONDS = 20


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess` that make a program run as another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, kw_only=True)
class Account:
    uid: int
    gid: int
    is_other: bool

    @property
    def tether(self) -> str:
        return f"{self.uid}:{self.gid}" if self.is_other else "-"

    @property
    def run_as(self) -> RunAs:
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        return self.can_run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)])

    def can_run(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                cwd="/",
                timeout=PROBE_SECONDS,
                **self.run_as,
            )
        except OSError:
            return False
        return done.returncode == 0


def database_account() -> Account:
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), is_other=False)
    name = os.environ.get("CLAIMFLOW_PG_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise StartFailed(
            f"PostgreSQL does not run as root and the user “{name}” does not exist: "
            "set CLAIMFLOW_PG_USER to an ordinary user, or start claimflow as one."
        ) from None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, is_other=True)
