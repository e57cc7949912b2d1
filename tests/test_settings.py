"""Settings come from the environment first, then from the home; secrets stay with their owner."""

import json
import os
import threading
from pathlib import Path

import pytest

from settings import (
    RunningSystem,
    SettingsError,
    engine_connection,
    home_from,
    libpq_url,
    load_codec_keys,
    load_settings,
    read_run_file,
    run_file,
    sqlalchemy_url,
    write_run_file,
)

URL = "postgresql+psycopg2://ana:hunter2@127.0.0.1:5432/claimflow"
ENVIRONMENT = {"DATABASE_URL": "postgres://ana:hunter2@127.0.0.1:5432/claimflow"}


def running() -> RunningSystem:
    return RunningSystem(
        pid=4711,
        demo=True,
        speed=5.0,
        database_url=URL,
        engine_address="127.0.0.1:7301",
        engine_namespace="default",
        web_url="http://127.0.0.1:8123",
        processes={"web": 4712},
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_each_way_to_write_postgresql_gets_the_installed_driver(scheme: str) -> None:
    url = f"{scheme}://ana:p%40ss@db.example/claimflow?sslmode=verify-full"

    assert sqlalchemy_url(url) == (
        "postgresql+psycopg2://ana:p%40ss@db.example/claimflow?sslmode=verify-full"
    )
    assert libpq_url(url).startswith("postgresql://ana:p%40ss@db.example/")


def test_another_database_is_refused_without_showing_its_password() -> None:
    with pytest.raises(SettingsError, match="begins with “mysql:”") as refused:
        sqlalchemy_url("mysql://ana:hunter2@host/claimflow")

    assert "hunter2" not in str(refused.value)


def test_the_environment_rules_over_the_run_file(tmp_path: Path) -> None:
    write_run_file(tmp_path, running())

    settings = load_settings(
        tmp_path, {"DATABASE_URL": "postgres://other@host/db", "TEMPORAL_ADDRESS": "engine:7233"}
    )

    assert settings.database_url == "postgresql+psycopg2://other@host/db"
    assert settings.engine_address == "engine:7233"


def test_a_running_system_is_found_by_its_home(tmp_path: Path) -> None:
    write_run_file(tmp_path, running())

    settings = load_settings(tmp_path, {})

    assert settings.database_url == URL
    assert settings.engine_address == "127.0.0.1:7301"
    assert settings.web_url == "http://127.0.0.1:8123"
    assert settings.demo is True


def test_a_home_on_which_nothing_runs_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"No claimflow runs on .*claimflow up --home"):
        load_settings(tmp_path / "none", {})

    assert not (tmp_path / "none").exists()


def test_no_secret_is_in_a_repr(tmp_path: Path) -> None:
    write_run_file(tmp_path, running())
    settings = load_settings(tmp_path, {})

    text = repr(settings) + repr(read_run_file(tmp_path))

    assert "hunter2" not in text
    assert settings.web_secret not in text
    assert str(settings.codec.keys["k1"]) not in text


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first = load_codec_keys(tmp_path)

    again = load_codec_keys(tmp_path)

    assert first == again
    assert len(first.keys[first.active]) == 32
    assert (tmp_path / "codec.json").stat().st_mode & 0o777 == 0o600


def test_many_who_ask_at_once_get_the_same_keys(tmp_path: Path) -> None:
    found = []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        found.append(load_codec_keys(tmp_path).keys["k1"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["codec.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"active": "k2", "keys": {"k1": "AAAA"}}',
        '{"active": "k1", "keys": {"k1": "AAAA"}}',
    ],
)
def test_a_spoilt_key_file_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    (tmp_path / "codec.json").write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=r"codec\.json"):
        load_codec_keys(tmp_path)

    assert (tmp_path / "codec.json").read_text(encoding="utf-8") == text


def test_the_run_file_is_for_the_owner_alone(tmp_path: Path) -> None:
    write_run_file(tmp_path, running())

    assert run_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert read_run_file(tmp_path) == running()


def test_a_run_file_of_another_version_is_said_in_words(tmp_path: Path) -> None:
    run_file(tmp_path).write_text(json.dumps({"pid": 1}), encoding="utf-8")

    with pytest.raises(SettingsError, match="not a run file of this version"):
        read_run_file(tmp_path)


def test_the_standard_variables_of_the_engine_are_obeyed(tmp_path: Path) -> None:
    environment = {
        **ENVIRONMENT,
        "TEMPORAL_ADDRESS": "engine.example:7233",
        "TEMPORAL_NAMESPACE": "claims",
        "TEMPORAL_API_KEY": "key",
    }

    connection = engine_connection(load_settings(tmp_path, environment), environment)

    assert connection["target_host"] == "engine.example:7233"
    assert connection["namespace"] == "claims"
    assert connection["tls"] is True


def test_a_profile_that_does_not_exist_is_said_in_words(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "TEMPORAL_PROFILE": "nowhere"}

    with pytest.raises(SettingsError, match=r"TEMPORAL_.*nowhere"):
        load_settings(tmp_path, environment)


def test_without_a_word_the_engine_is_this_machines_own(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, ENVIRONMENT)

    assert engine_connection(settings, ENVIRONMENT) == {
        "target_host": "127.0.0.1:7233",
        "namespace": "default",
    }


def test_a_process_says_that_it_is_ready(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, ENVIRONMENT)

    settings.mark_ready("worker")

    assert (tmp_path / "run" / "worker.ready").exists()


def test_the_home_is_the_options_then_the_environments_then_ours(tmp_path: Path) -> None:
    assert home_from(str(tmp_path), {"CLAIMFLOW_HOME": "/elsewhere"}) == tmp_path
    assert home_from(None, {"CLAIMFLOW_HOME": "/elsewhere"}) == Path("/elsewhere")
    assert home_from(None, {}) == Path(os.getcwd()) / ".claimflow"  # noqa: PTH109
