"""Diagnosis codes as a page shows them: in the practice's words where it has some, else by the
official name."""

from codesets import terms
from codesets.icd10cm import dotted
from codesets.phrases import finding_words


def describe(code: str) -> str:
    name = dotted(code)
    return finding_words().get(name) or terms.describe(name) or "description not loaded"
