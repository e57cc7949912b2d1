"""Claim status categories (277, 277CA) in our own words."""

from dataclasses import replace

from codesets import explanations
from codesets.explanations import Explanation


def explain_category(code: str) -> Explanation:
    bare = code.strip().upper()
    known = explanations.explain("status", "category" + bare)
    if known.is_known:
        return replace(known, code=bare)
    return explanations.explain("status", bare)
