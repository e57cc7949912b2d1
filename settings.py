"""Everything that may differ between installations, read once and passed down.

The environment rules; what it does not say is read from `<home>/run.json`, which the supervisor of
that home keeps. Secrets live in files of mode 0600 in the home and never appear in a repr.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

DEFAULT_HOME = ".claimflow"
DEFAULT_ENGINE = "127.0.0.1:7233"
CODEC_KEY_BYTES = 32
WEB_SECRET_BYTES = 32


class SettingsError(Exception):
    """Something in the environment or the home cannot be used; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class CodecKeys:
    """Keys of the payload codec: `active` encrypts, each of `keys` still reads."""

    active: str
    keys: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    home: Path
    database_url: str = field(repr=False)
    engine_address: str
    engine_namespace: str
    codec: CodecKeys
    web_secret: str = field(repr=False)
    web_url: str | None
    demo: bool

    @property
    def exchange(self) -> Path:
        return self.home / "exchange"

    @property
    def clock_file(self) -> Path:
        return self.home / "clock.json"

    @property
    def documents(self) -> Path:
        return self.home / "documents"

    def ready_file(self, process: str) -> Path:
        """A process touches it once it works; the supervisor removes it before each start."""
        return ready_file(self.home, process)

    def mark_ready(self, process: str) -> None:
        path = self.ready_file(process)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch()


@dataclass(frozen=True, kw_only=True)
class RunningSystem:
    """What a supervisor writes to `run.json`: other commands find its system by the home."""

    pid: int
    demo: bool
    speed: float | None
    database_url: str = field(repr=False)
    engine_address: str
    engine_namespace: str
    web_url: str | None
    processes: Mapping[str, int]


def load_settings(home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings for one process. Raises `SettingsError` in words."""
    env = os.environ if environ is None else environ
    home = home.expanduser().absolute()
    running = read_run_file(home)
    engine_address, engine_namespace = _engine(env, running)
    return Settings(
        home=home,
        database_url=_database(env, running, home),
        engine_address=engine_address,
        engine_namespace=engine_namespace,
        codec=load_codec_keys(home),
        web_secret=env.get("CLAIMFLOW_WEB_SECRET") or _load_web_secret(home),
        web_url=running.web_url if running else None,
        demo=running.demo if running else False,
    )


def home_from(option: str | None, environ: Mapping[str, str] | None = None) -> Path:
    env = os.environ if environ is None else environ
    return Path(option or env.get("CLAIMFLOW_HOME") or DEFAULT_HOME).expanduser().absolute()


def sqlalchemy_url(url: str) -> str:
    """The one place where a user's `postgres://` becomes the driver that is installed."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "postgresql+psycopg2"}:
        raise SettingsError(
            f"DATABASE_URL begins with “{parts.scheme}:”; claimflow needs PostgreSQL 16 or later: "
            "give it as postgresql://user:password@host/database."
        )
    return urlunsplit(parts._replace(scheme="postgresql+psycopg2"))


def libpq_url(url: str) -> str:
    """The same address for psycopg2 itself and for PostgreSQL's own programs."""
    return urlunsplit(urlsplit(sqlalchemy_url(url))._replace(scheme="postgresql"))


def external_database_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("DATABASE_URL")
    return sqlalchemy_url(url) if url else None


def external_engine(environ: Mapping[str, str]) -> "ClientConnectConfig | None":
    """How to reach an engine that is not ours: the standard TEMPORAL_* variables and profiles."""
    from temporalio.envconfig import ClientConfig

    try:
        config = ClientConfig.load_client_connect_config(override_env_vars=dict(environ))
    except Exception as error:  # The SDK's own error type is not public.
        raise SettingsError(f"The TEMPORAL_* settings cannot be used: {error}.") from error
    return config if config.get("target_host") else None


def engine_connection(
    settings: Settings, environ: Mapping[str, str] | None = None
) -> "ClientConnectConfig":
    """The arguments of `temporalio.client.Client.connect`, TLS and API key included."""
    external = external_engine(os.environ if environ is None else environ)
    if external is not None:
        external.setdefault("namespace", settings.engine_namespace)
        return external
    return {"target_host": settings.engine_address, "namespace": settings.engine_namespace}


def ready_file(home: Path, process: str) -> Path:
    return home / "run" / f"{process}.ready"


def run_file(home: Path) -> Path:
    return home / "run.json"


def read_run_file(home: Path) -> RunningSystem | None:
    try:
        return RunningSystem(**json.loads(run_file(home).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise SettingsError(
            f"{run_file(home)} belongs to another user: run this as the user who started claimflow."
        ) from error
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{run_file(home)} is not a run file of this version: {error}. "
            "Stop the system that runs on this home and start it again."
        ) from error


def write_run_file(home: Path, running: RunningSystem) -> None:
    text = json.dumps(
        {name: getattr(running, name) for name in RunningSystem.__dataclass_fields__}, indent=1
    )
    replace_private_file(run_file(home), text)


def replace_private_file(path: Path, text: str) -> None:
    """Write a file that only its owner reads; a reader sees the old text or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def load_codec_keys(home: Path) -> CodecKeys:
    """The keys of this home; made at first use, and the same for everybody who asks at once."""
    path = home / "codec.json"
    fresh = base64.b64encode(secrets.token_bytes(CODEC_KEY_BYTES)).decode()
    text = _read_or_make(path, json.dumps({"active": "k1", "keys": {"k1": fresh}}))
    try:
        content = json.loads(text)
        keys = {name: base64.b64decode(key) for name, key in content["keys"].items()}
        active = str(content["active"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"{path} is not a key file ({error!r}): restore it from a backup; without its keys "
            "the engine's payloads cannot be read."
        ) from error
    if active not in keys or any(len(key) != CODEC_KEY_BYTES for key in keys.values()):
        raise SettingsError(
            f"{path} must name one of its keys as active and hold keys of {CODEC_KEY_BYTES} bytes."
        )
    return CodecKeys(active=active, keys=keys)


def _load_web_secret(home: Path) -> str:
    return _read_or_make(home / "web-secret", secrets.token_urlsafe(WEB_SECRET_BYTES)).strip()


def _read_or_make(path: Path, text: str) -> str:
    """The text of a private file; of several processes that make it at once, one wins for all."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
        replace_private_file(part, text)
        try:
            # A link, unlike a rename, never replaces what another process made meanwhile.
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8")


def _database(env: Mapping[str, str], running: RunningSystem | None, home: Path) -> str:
    external = external_database_url(env)
    if external:
        return external
    if running:
        return sqlalchemy_url(running.database_url)
    raise SettingsError(
        f"No claimflow runs on {home}: start one with “claimflow up --home {home}”, "
        "or set DATABASE_URL."
    )


def _engine(env: Mapping[str, str], running: RunningSystem | None) -> tuple[str, str]:
    external = None
    if any(name.startswith("TEMPORAL_") for name in env) or running is None:
        external = external_engine(env)
    if external is not None:
        return external["target_host"], external.get("namespace", "default")
    if running:
        return running.engine_address, running.engine_namespace
    return DEFAULT_ENGINE, "default"
