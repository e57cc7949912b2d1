"""The engine's stand and the clinic beside it."""

from tests.workflows.fixtures import (  # noqa: F401
    clinic,
    engine,
    people,
    practice,
    practice_template,
    practice_url,
)
