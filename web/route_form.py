"""The fields of a route's page, and how they are read."""

from collections.abc import Sequence

from web.forms import DAYS_MAX, Reader

TRANSPORTS = {"folder": "a folder of this machine", "sftp": "SFTP"}
USAGES = {"T": "a test (ISA15: T)", "P": "in production (ISA15: P)"}
SIGN_INS = {"key": "a private key", "password": "a password"}
TEXTS = {
    "host": "Server",
    "username": "Signs in as",
    "upload_folder": "Folder for our files",
    "download_folder": "Folder of files for us",
    "taken_folder": "Folder for files we have taken",
    "sender_id": "Sender id (ISA06)",
    "receiver_id": "Receiver id (ISA08)",
}
NEEDED_ON_SFTP = ("host", "username", "upload_folder", "download_folder")
# Label, least, most.
NUMBERS = {
    "port": ("Port", 1, 65_535),
    "look_minutes": ("Looks for files every, minutes", 1, 1_440),
    "batch_claims_max": ("A batch closes at, claims", 1, 5_000),
    "batch_hours": ("A batch closes after, hours", 0, 72),
    "sends_from_hour": ("Sends from, hour", 0, 23),
    "sends_until_hour": ("Sends until, hour", 1, 24),
    "keep_days": ("Keeps copies of received files, days", 1, DAYS_MAX),
}
DAYS = (
    ("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday"), ("5", "Friday"),
    ("6", "Saturday"), ("7", "Sunday"),
)  # fmt: skip
ID_MAX = 15


def read(reader: Reader, days: Sequence[str]) -> dict[str, str | int]:
    """Raises `Refused` with every field that needs another look."""
    changes: dict[str, str | int] = {
        "transport": reader.one_of("transport", TRANSPORTS),
        "signs_in_by": reader.one_of("signs_in_by", SIGN_INS),
        "usage": reader.one_of("usage", USAGES),
    }
    for name in TEXTS:
        needed = changes["transport"] == "sftp" and name in NEEDED_ON_SFTP
        words = "An SFTP server needs this." if needed else None
        changes[name] = reader.text(name, words, most=200)
    for name in ("sender_id", "receiver_id"):
        _read_id(reader, name, str(changes[name]))
    for name, (_, least, most) in NUMBERS.items():
        changes[name] = reader.number(name, least=least, most=most)
    if int(changes["sends_from_hour"]) >= int(changes["sends_until_hour"]):
        reader.refuse("sends_until_hour", "The hour until which it sends comes after the first.")
    known = [key for key, _ in DAYS if key in days]
    if not known:
        reader.refuse("sends_on", "Choose at least one day on which it sends.")
    changes["sends_on"] = "".join(known)
    reader.done()
    return changes


def _read_id(reader: Reader, name: str, value: str) -> None:
    if not value or len(value) > ID_MAX or not value.isascii() or not value.isalnum():
        reader.refuse(name, f"Give 1 to {ID_MAX} letters or digits, as the partner assigned them.")
