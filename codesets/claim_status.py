"""Claim status categories and codes (277, 277CA) in our own words."""

from dataclasses import replace

from codesets import explanations
from codesets.explanations import Explanation


def explain_category(code: str) -> Explanation:
    return _explain("category", code)


def explain_code(code: str) -> Explanation:
    return _explain("code", code.lstrip("0") or "0")


def _explain(kind: str, code: str) -> Explanation:
    bare = code.strip().upper()
    known = explanations.explain("status", kind + bare)
    if known.is_known:
        return replace(known, code=bare)
    return explanations.explain("status", bare)
