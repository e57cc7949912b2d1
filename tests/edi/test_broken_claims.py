"""Every rule has a claim that breaks it, and without the rule nobody would notice."""

import ast
import types
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from domain.claims import ProfessionalClaim
from edi import (
    checks,
    cob_checks,
    field_checks,
    institutional_checks,
    professional_checks,
    x837i,
    x837p,
)
from edi.envelope import Envelope
from edi.errors import OurX12Error
from tests.edi.broken_claims import Claim, every
from tests.edi.test_x837i import CASES as INSTITUTIONAL_CASES
from tests.edi.test_x837p import CASES as PROFESSIONAL_CASES

MODULES = (checks, cob_checks, field_checks, professional_checks, institutional_checks)
BROKEN = every()


def _wheres(claim: Claim) -> list[str]:
    rules = professional_checks if isinstance(claim, ProfessionalClaim) else institutional_checks
    return [found.where for found in rules.findings(claim)]


@pytest.mark.parametrize("why", BROKEN)
def test_a_broken_claim_is_found_by_its_place(why: str) -> None:
    claim, where = BROKEN[why]

    assert where in _wheres(claim)


def test_a_broken_claim_is_not_written(envelope: Envelope) -> None:
    for claim, _ in BROKEN.values():
        with pytest.raises(OurX12Error):
            _write(claim, envelope)


def _write(claim: Claim, envelope: Envelope) -> bytes:
    if isinstance(claim, ProfessionalClaim):
        return x837p.encode((claim,), envelope=envelope, batch_reference="B7")
    return x837i.encode((claim,), envelope=envelope, batch_reference="B7")


def test_no_reviewed_claim_breaks_a_rule() -> None:
    claims: list[Claim] = [claim for case in PROFESSIONAL_CASES.values() for claim in case]
    claims += [claim for case in INSTITUTIONAL_CASES.values() for claim in case]

    assert [found for claim in claims for found in _wheres(claim)] == []


def _rules(module: types.ModuleType) -> Iterator[int]:
    """Lines of the module at which a rule speaks."""
    tree = ast.parse(Path(module.__file__ or "").read_text())
    for node in ast.walk(tree):
        if _is_rule(node):
            yield node.lineno  # type: ignore[attr-defined]


def _is_rule(node: ast.AST) -> bool:
    """`yield "CLM01", "words"`, which a mutant leaves out."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Yield)
        and isinstance(node.value.value, ast.Tuple)
    )


class _Silenced(ast.NodeTransformer):
    """One rule says nothing any more."""

    def __init__(self, line: int) -> None:
        self._line = line

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        is_it = _is_rule(node) and node.lineno == self._line
        return ast.copy_location(ast.parse("yield from ()").body[0], node) if is_it else node


_EVERY_RULE = [(module, line) for module in MODULES for line in _rules(module)]


@pytest.mark.parametrize(
    ("module", "line"), _EVERY_RULE, ids=[f"{m.__name__}:{line}" for m, line in _EVERY_RULE]
)
def test_each_rule_is_missed_when_it_is_silent(
    module: types.ModuleType, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {why: _wheres(claim) for why, (claim, _) in BROKEN.items()}

    for name, function in _without_rule(module, line).items():
        monkeypatch.setattr(module, name, function)

    assert {why: _wheres(claim) for why, (claim, _) in BROKEN.items()} != before


def _without_rule(module: types.ModuleType, line: int) -> Mapping[str, object]:
    """The module's own functions, compiled anew with this one rule left out."""
    tree = _Silenced(line).visit(ast.parse(Path(module.__file__ or "").read_text()))
    space: dict[str, object] = {"__name__": module.__name__}
    exec(compile(ast.fix_missing_locations(tree), "mutant", "exec"), space)  # noqa: S102
    return {
        name: function
        for name, function in space.items()
        if isinstance(function, types.FunctionType) and function.__module__ == module.__name__
    }
