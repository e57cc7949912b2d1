"""Whether an interchange is marked as a test or as counting (ISA15), read from its very bytes."""

ISA = b"ISA"
# The header has a fixed length; element 15 is one letter before the last separator.
HEADER_BYTES = 106
USAGE_AT = 102


def usages(content: bytes) -> set[str]:
    """The marks of every interchange in the file; empty for what is not X12."""
    if not content.startswith(ISA) or len(content) < HEADER_BYTES:
        return set()
    begins = content[105:106] + ISA + content[3:4]
    found, at = set(), 0
    while at >= 0:
        mark = content[at + USAGE_AT : at + USAGE_AT + 1]
        found.add(mark.decode("ascii", "replace"))
        at = _next(content, begins, at)
    return found


def _next(content: bytes, begins: bytes, after: int) -> int:
    at = content.find(begins, after + HEADER_BYTES - 1)
    return at + 1 if at >= 0 else -1
