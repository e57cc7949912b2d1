"""Remittance remarks (RARC) in our own words."""

from codesets import explanations
from codesets.explanations import Explanation


def explain(code: str) -> Explanation:
    return explanations.explain("rarc", code.strip().upper())
