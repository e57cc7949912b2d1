"""What a path to import is: FHIR bundles, or a folder of NDJSON with its profile. What this release
cannot read is refused in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import intake
from commands.failure import CommandFailed
from domain.intake import IntakeResult, Refusal
from intake.fhir import read_bundle
from intake.ndjson import read_folder
from intake.profile import EHR, Profile, load_profile

MISUSE = 2
BYTES_MAX = 512 * 1024 * 1024
ENCOUNTERS = "Encounter.ndjson"
STAFF = "Practitioner.ndjson"
NOT_READ = "this release reads FHIR R4 only, not HL7 v2 and CSV"
EXPORT_FHIR = "Export the encounters as a FHIR R4 Bundle, or as a folder of NDJSON."


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file or folder as read. `content` is what is kept beside the task of its refusals."""

    name: str
    content: bytes
    result: IntakeResult


def sources(path: Path, profile: str | None) -> Iterator[Source]:
    """Read one path after the other; a path that cannot be read is a source with one refusal."""
    if not path.is_dir():
        yield _file(path, _profile(profile) if profile else EHR)
        return
    if (path / ENCOUNTERS).exists():
        yield _folder(path, _profile(profile) if profile else _detected(path))
        return
    bundles = sorted(path.glob("*.json"))
    for bundle in bundles:
        yield _file(bundle, _profile(profile) if profile else EHR)
    if not bundles:
        yield _refused(
            path.name,
            b"",
            "the folder holds neither bundles (*.json) nor Encounter.ndjson",
            "Name the folder that holds them.",
        )


def profile_names() -> list[str]:
    return sorted(path.stem for path in (Path(intake.__file__).parent / "profiles").glob("*.json"))


def _profile(name: str) -> Profile:
    if name not in profile_names():
        known = ", ".join(profile_names())
        raise CommandFailed(
            f"There is no import profile {name[:40]}. There are: {known}.", exit_status=MISUSE
        )
    return load_profile(name)


def _detected(folder: Path) -> Profile:
    """The profile that names somebody of this folder's staff; else identifiers mean themselves."""
    try:
        staff = (folder / STAFF).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return EHR
    for profile in map(load_profile, profile_names()):
        if any(f'"{key}"' in staff for key in profile.practitioner_npis):
            return profile
    return EHR


def _folder(path: Path, profile: Profile) -> Source:
    try:
        result = read_folder(path, profile)
    except OSError as error:
        return _unreadable(path, error)
    lines = [f"{one.place}: {one.rule}; {one.what_to_do}" for one in result.refused]
    content = "\n".join([f"Refused of the folder {path.name}:", *lines]).encode()
    return Source(name=path.name, content=content, result=result)


def _file(path: Path, profile: Profile) -> Source:
    try:
        if path.stat().st_size > BYTES_MAX:
            return _refused(
                path.name, b"", "the file is too big", "Divide it into smaller bundles."
            )
        content = path.read_bytes()
    except OSError as error:
        return _unreadable(path, error)
    if path.suffix.lower() == ".ndjson":
        what = "Name the folder that holds it: its resources refer to those in the other files."
        return _refused(path.name, content, "one NDJSON file alone is no chart", what)
    if path.suffix.lower() in {".hl7", ".csv"} or content.startswith(b"MSH|"):
        return _refused(path.name, content, NOT_READ, EXPORT_FHIR)
    return Source(name=path.name, content=content, result=read_bundle(content, path.name, profile))


def _unreadable(path: Path, error: OSError) -> Source:
    reason = (error.strerror or "it cannot be read").lower()
    return _refused(path.name, b"", reason, "Make it readable, then import it again.")


def _refused(name: str, content: bytes, rule: str, what_to_do: str) -> Source:
    refusal = Refusal(source=name, place="file", rule=rule, what_to_do=what_to_do)
    return Source(name=name, content=content, result=IntakeResult(taken=(), refused=(refusal,)))
