"""Claim adjustment reasons (CARC) in our own words."""

from codesets import explanations
from codesets.explanations import Explanation


def explain(code: str) -> Explanation:
    return explanations.explain("carc", code.strip().upper())
