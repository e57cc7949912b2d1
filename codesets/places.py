"""Places of service in our own words."""

from codesets import explanations


def is_known(code: str) -> bool:
    return explanations.is_known("places", code)


def describe(code: str) -> str:
    return explanations.names("places").get(code, f"Place {code}")


def choices() -> dict[str, str]:
    return dict(explanations.names("places"))
