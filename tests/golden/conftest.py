"""The engine's stand, for recording histories."""

from tests.workflows.fixtures import (  # noqa: F401
    clinic,
    engine,
    people,
    practice,
    practice_template,
    practice_url,
)
