"""What verification found: one finding per broken promise, with ids and nothing of a chart."""

from dataclasses import asdict, dataclass
from typing import Any

EXAMPLES_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A promise that is broken `count` times; `examples` name the first of them."""

    promise: str
    sentence: str
    count: int
    examples: tuple[str, ...]

    def in_words(self) -> str:
        more = self.count - len(self.examples)
        tail = f", and {more} more" if more else ""
        return f"BROKEN {self.promise}: {self.sentence}\n  {'; '.join(self.examples)}{tail}"


@dataclass(frozen=True, kw_only=True)
class Report:
    """`checked` names every promise that was asked; without findings they all hold."""

    checked: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "findings": [asdict(finding) for finding in self.findings],
            "checked": list(self.checked),
        }

    def in_words(self) -> str:
        if self.ok:
            return f"All {len(self.checked)} promises hold."
        head = f"{len(self.findings)} of {len(self.checked)} promises are broken."
        return "\n".join([head, *(finding.in_words() for finding in self.findings)])


def finding(promise: str, sentence: str, breaches: list[str]) -> Finding | None:
    if not breaches:
        return None
    return Finding(
        promise=promise,
        sentence=sentence,
        count=len(breaches),
        examples=tuple(sorted(breaches)[:EXAMPLES_MAX]),
    )
