"""The engine's stand and the clinic beside it; and a real SFTP server of each test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import sshd
from tests.dispatch.partner import Partner, open_partner
from tests.sshd import NoSshd, Program, Sshd
from tests.workflows.clinic import Clinic
from tests.workflows.fixtures import (  # noqa: F401
    clinic,
    engine,
    people,
    practice,
    practice_template,
    practice_url,
)


@pytest.fixture(scope="session")
def open_ground() -> Iterator[Path]:
    """A folder that the server's account reaches, also when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="claimflow-sshd-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def openssh(open_ground: Path) -> Program:
    try:
        return sshd.reachable(sshd.find_sshd(), open_ground)
    except NoSshd as missing:
        pytest.exit(str(missing), returncode=3)


@pytest.fixture
def server(openssh: Program, open_ground: Path, request: pytest.FixtureRequest) -> Iterator[Sshd]:
    folder = Path(tempfile.mkdtemp(dir=open_ground)) / "server"
    folder.parent.chmod(0o711)
    with sshd.running(openssh, folder) as server:
        yield server


@pytest.fixture
def partner(clinic: Clinic, server: Sshd, tmp_path: Path) -> Partner:  # noqa: F811
    """The practice's clearinghouse, reached over SFTP."""
    return open_partner(clinic, server, tmp_path)
