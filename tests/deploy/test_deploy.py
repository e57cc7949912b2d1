"""What is shipped for servers of one's own can be read, and names commands that exist."""

from pathlib import Path

import pytest
import yaml
from temporalio.envconfig import ClientConfig

import cli

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.parametrize("profile", ["selfhosted", "cloud"])
def test_each_profile_of_the_engine_can_be_chosen(profile: str) -> None:
    config = ClientConfig.load_client_connect_config(
        profile=profile, config_file=str(DEPLOY / "temporal.toml"), override_env_vars={}
    )

    assert config["target_host"].endswith(":7233")
    assert config["namespace"].startswith("claimflow")


def test_each_of_our_services_runs_a_command_that_exists() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]

    ours = {name: s["command"] for name, s in services.items() if "build" in s}

    assert set(ours) == {"upgrade", "worker", "dispatch", "web"}
    for command in ours.values():
        assert cli.run([command[0], "--help"]) == 0


def test_no_secret_is_written_down() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")

    assert "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}" in text
    assert "CLAIMFLOW_WEB_SECRET: ${CLAIMFLOW_WEB_SECRET:?}" in text
