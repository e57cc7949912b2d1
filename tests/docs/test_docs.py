"""The texts say what the code does: what they name exists, and their tables are the code's."""

import re
from pathlib import Path

import pytest

import cli
from domain.denials import APPEAL, PLAYBOOK, DenialRoute, write_off_reason
from domain.encounter import ClaimStage, Stage
from domain.steps import ClaimStep, EncounterStep
from domain.tasks import RULES, Role

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
PICTURE_BYTES_MAX = 150_000

LINK = re.compile(r"\[[^]]*]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|md|sql|typ|toml|yaml|tsv)")
COMMAND = re.compile(r"\bclaimflow ([a-z0-9]+)(?: ([a-z]+))?")


def words_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code_in(text: str) -> str:
    """What is set as code: between backticks, or indented by four."""
    indented = [line for line in text.splitlines() if line.startswith("    ")]
    return "\n".join([*CODE.findall(text), *indented])


@pytest.mark.parametrize("page", NAMES)
def test_every_link_leads_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    links = [link for link in LINK.findall(words_of(page)) if "://" not in link]

    missing = [link for link in links if not (folder / link).exists()]

    assert not missing


@pytest.mark.parametrize("page", NAMES)
def test_every_file_that_is_named_is_there(page: str) -> None:
    named = {file for code in CODE.findall(words_of(page)) for file in FILE.findall(code)}

    missing = {file for file in named if not (ROOT / file).exists()}

    assert not missing


@pytest.mark.parametrize("page", NAMES)
def test_every_command_that_is_named_can_be_called(page: str) -> None:
    named = {first for first, _ in COMMAND.findall(code_in(words_of(page)))}

    assert named <= set(cli.claimflow.commands)


def test_every_command_is_told_in_the_readme() -> None:
    told = code_in(words_of("README.md")).replace("·", " ").split()

    untold = set(cli.claimflow.commands) - set(told)

    assert not untold


def test_every_folder_of_the_checkout_is_told_in_the_readme() -> None:
    told = words_of("README.md")
    packages = [path.parent.name for path in ROOT.glob("*/__init__.py")]

    untold = [name for name in packages if f"`{name}/`" not in told]

    assert len(packages) > 10
    assert not untold


def test_the_playbook_in_words_is_the_playbook_in_code() -> None:
    rows = re.findall(
        r"^\| (\w+) \| .+ \| ([\w →]+) \| (\w+) \|$", words_of("docs/denials.md"), re.MULTILINE
    )

    told = {carc: (tuple(routes.split(" → ")), reason) for carc, routes, reason in rows}

    assert told == {
        carc: (tuple(route.value for route in routes), write_off_reason(carc).value)
        for carc, routes in PLAYBOOK.items()
    }


def test_the_playbook_says_what_holds_for_every_other_reason() -> None:
    told = words_of("docs/denials.md")

    assert PLAYBOOK["50"] == APPEAL
    assert "has the routes of CARC 50: appeal → write_off." in told


@pytest.mark.parametrize("route", DenialRoute)
def test_the_playbook_explains_every_route(route: DenialRoute) -> None:
    assert f"| `{route}` |" in words_of("docs/denials.md")


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_guide_with_a_picture(role: Role) -> None:
    guide = words_of(f"docs/guide/{role.value.replace('_', '-')}.md")

    assert "](../pictures/" in guide


@pytest.mark.parametrize("role", sorted({rules.queue for rules in RULES.values()}))
def test_a_guide_names_every_queue_of_its_role(role: Role) -> None:
    guide = words_of(f"docs/guide/{role.value.replace('_', '-')}.md").lower()
    kinds = [kind for kind, rules in RULES.items() if rules.queue is role]
    # Where a role has one kind only, the page is about it and needs no name for its queue.
    named = [RULES[kind].name.lower() for kind in kinds] if len(kinds) > 1 else []

    assert all(name in guide for name in named)


def test_the_architecture_names_every_stage_and_step() -> None:
    told = words_of("docs/architecture.md")
    stages = [stage.replace("_", " ") for stage in (*Stage, *ClaimStage)]
    steps = [f"`{step}`" for step in (*EncounterStep, *ClaimStep)]

    assert not [name for name in (*stages, *steps) if name not in told]


@pytest.mark.parametrize("page", [name for name in NAMES if "/decisions/" in name])
def test_a_decision_is_dated_and_says_what_was_rejected(page: str) -> None:
    told = words_of(page)

    assert re.search(r"^20\d\d-\d\d-\d\d$", told, re.MULTILINE)
    assert "## Rejected" in told


def test_every_library_has_its_reason() -> None:
    told = words_of("docs/decisions/0012-libraries.md")
    pinned = re.findall(r"^([\w-]+)==", words_of("requirements/runtime.in"), re.MULTILINE)

    assert not [name for name in pinned if name not in told]


def test_every_picture_is_small_and_made_by_the_script() -> None:
    script = words_of("docs/make_pictures.py")
    pictures = sorted((DOCS / "pictures").glob("*.png"))

    assert pictures
    assert not [one.name for one in pictures if one.stat().st_size > PICTURE_BYTES_MAX]
    assert not [one.name for one in pictures if f'name="{one.stem}"' not in script]
