"""Procedure modifiers in our own words."""

from codesets import explanations


def is_known(code: str) -> bool:
    return explanations.is_known("modifiers", code)


def describe(code: str) -> str:
    return explanations.names("modifiers").get(code, f"Modifier {code}")


def choices() -> dict[str, str]:
    return dict(explanations.names("modifiers"))
