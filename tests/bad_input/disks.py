"""A disk that is full: a real one where we may mount it, else one whose files take half a write."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SIZE = 64 * 1024
MOUNT = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs"]


class FullDisk:
    """A folder in which nothing more can be written until there is room."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        self._ballast.write_bytes(bytes(SIZE))

    def make_room(self) -> None:
        self._ballast.unlink()


class PretendedDisk(FullDisk):
    """The same for somebody who may not mount: half of each write is taken, the rest refused."""

    def fill(self) -> None:
        write = Path.open

        def refuse(path: Path, *arguments: Any, **more: Any) -> Any:
            file = write(path, *arguments, **more)
            if path.is_relative_to(self.folder) and "w" in str(arguments):
                file.write(b"ISA")
                file.close()
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            return file

        self._patch.setattr(Path, "open", refuse)

    def make_room(self) -> None:
        self._patch.undo()


@contextmanager
def full_disk(folder: Path) -> Iterator[FullDisk]:
    folder.mkdir()
    is_real = (
        subprocess.run([*MOUNT, str(folder)], capture_output=True, check=False).returncode == 0
    )
    patch = pytest.MonkeyPatch()
    disk = FullDisk(folder, patch) if is_real else PretendedDisk(folder, patch)
    disk.fill()
    try:
        yield disk
    finally:
        patch.undo()
        if is_real:
            subprocess.run(["umount", str(folder)], check=True)
