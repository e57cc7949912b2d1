"""A foreign validator (pyx12) asked about a file, and what it has against it."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Complaint:
    segment: str
    element: int
    value: str


def complaints_about(data: bytes) -> list[Complaint]:
    """Judged by its return value; a refusal that it gives no reason for is a complaint too."""
    import pyx12.params
    import pyx12.x12n_document

    report = io.StringIO()
    logging.disable(logging.CRITICAL)
    try:
        accepted = pyx12.x12n_document.x12n_document(
            pyx12.params.params(), io.StringIO(data.decode()), io.StringIO(), None, fd_json=report
        )
    except Exception as crash:
        return [Complaint(segment="crash", element=0, value=repr(crash))]
    finally:
        logging.disable(logging.NOTSET)
    if accepted:
        return []
    told = list(_complaints(json.loads(report.getvalue())))
    return told or [Complaint(segment="refused", element=0, value="without a reason")]


def _complaints(report: Any, segment: str = "", element: int = 0) -> Iterator[Complaint]:
    """Every error of the report, wherever in it: of an envelope, a set, a segment, an element."""
    if isinstance(report, list):
        for one in report:
            yield from _complaints(one, segment, element)
    elif isinstance(report, dict):
        if "err_cde" in report:
            yield Complaint(segment=segment, element=element, value=str(report["err_val"]))
        segment, element = report.get("seg_id", segment), report.get("ele_pos", element)
        yield from _complaints(list(report.values()), segment, element)
