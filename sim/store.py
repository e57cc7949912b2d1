"""The simulator's own memory: one SQLite file, changed in whole transactions only."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

SCHEMA = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists counter (name text primary key, value integer not null);
create table if not exists taken (
  route text, name text, sha text, on_date text, primary key (route, name));
create table if not exists unreadable (
  route text, name text, trouble text, primary key (route, name));
create table if not exists interchange (
  control text, sha text, name text, primary key (control, name));
create table if not exists receipt (
  pcn text primary key, payer text, frequency text, charge_cents integer, times integer,
  first_on text, kind text);
create table if not exists account (
  payer text, encounter text, doc text, primary key (payer, encounter));
create table if not exists claim (
  pcn text primary key, icn text unique, payer text, encounter text, doc text);
create table if not exists agenda (
  id integer primary key, due_on text, kind text, key text unique, doc text,
  done integer not null default 0);
create index if not exists agenda_due on agenda (done, due_on);
create table if not exists outfile (
  name text primary key, route text, body blob, due_on text,
  delivered integer not null default 0);
create index if not exists outfile_due on outfile (delivered, due_on);
create table if not exists payment (
  trace text, payer text, pcn text, icn text, encounter text, status text, control text,
  code text, charge_cents integer, paid_cents integer, contractual_cents integer,
  sequestration_cents integer, patient_cents integer, other_cents integer, denial text,
  on_date text);
create table if not exists plb (
  trace text, payer text, reason text, reference text, cents integer, on_date text);
create table if not exists trace (
  trace text primary key, payer text, bpr_cents integer, on_date text);
create table if not exists appeal (
  reference text primary key, payer text, pcn text, kind text, level integer, outcome text,
  times integer, sent_on text);
create table if not exists patient_payment (
  id integer primary key, account text, statement text, cents integer, kind text,
  check_no text, on_date text);
create table if not exists statement (
  statement text primary key, account text, person text, cents integer, kind text,
  cycle integer, on_date text);
create table if not exists debt (
  payer text, reference text, reason text, cents integer,
  primary key (payer, reference, reason));
"""


class Store:
    """Documents and books. Nothing is committed outside `change`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.db.row_factory = sqlite3.Row
        self.db.execute("pragma journal_mode = wal")
        self.db.execute("pragma synchronous = normal")
        self.db.executescript(SCHEMA)

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """All that happens inside is kept whole or not at all, whenever the process dies."""
        self.db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.db.execute("rollback")
            raise
        self.db.execute("commit")

    def meta(self, key: str) -> str | None:
        row = self.db.execute("select value from meta where key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def set_meta(self, key: str, value: str) -> None:
        self.db.execute("insert or replace into meta values (?, ?)", (key, value))

    def count_up(self, name: str) -> int:
        """The next number of a series; it is given back when the transaction is."""
        self.db.execute(
            "insert into counter values (?, 1) on conflict (name) do update set value = value + 1",
            (name,),
        )
        row = self.db.execute("select value from counter where name = ?", (name,)).fetchone()
        return int(row["value"])

    def account(self, payer: str, encounter: str) -> Doc:
        row = self.db.execute(
            "select doc from account where payer = ? and encounter = ?", (payer, encounter)
        ).fetchone()
        return json.loads(row["doc"]) if row else {}

    def set_account(self, payer: str, encounter: str, doc: Doc) -> None:
        self.db.execute(
            "insert or replace into account values (?, ?, ?)", (payer, encounter, json.dumps(doc))
        )

    def claim(self, pcn: str) -> Doc | None:
        row = self.db.execute("select doc from claim where pcn = ?", (pcn,)).fetchone()
        return json.loads(row["doc"]) if row else None

    def claim_by_icn(self, icn: str) -> Doc | None:
        row = self.db.execute("select doc from claim where icn = ?", (icn,)).fetchone()
        return json.loads(row["doc"]) if row else None

    def set_claim(self, doc: Doc) -> None:
        self.db.execute(
            "insert or replace into claim values (?, ?, ?, ?, ?)",
            (doc["pcn"], doc["icn"], doc["payer"], doc["encounter"], json.dumps(doc)),
        )

    def plan(self, due_on: dt.date, kind: str, key: str, doc: Doc) -> None:
        """Put something on the agenda, once for each key."""
        self.db.execute(
            "insert or ignore into agenda (due_on, kind, key, doc) values (?, ?, ?, ?)",
            (due_on.isoformat(), kind, f"{kind}:{key}", json.dumps(doc)),
        )

    def due(self, today: dt.date) -> list[sqlite3.Row]:
        """What the earliest open day holds, if that day has come."""
        return self.db.execute(
            "select * from agenda where done = 0 and due_on = (select min(due_on) from agenda"
            " where done = 0 and due_on <= ?) order by kind, key",
            (today.isoformat(),),
        ).fetchall()

    def done(self, item: sqlite3.Row) -> None:
        self.db.execute("update agenda set done = 1 where id = ?", (item["id"],))

    def send(self, due_on: dt.date, route: str, name: str, body: str | bytes) -> None:
        """Keep a file to be delivered on its day; the name decides, so a repeat changes nothing."""
        data = body.encode() if isinstance(body, str) else body
        self.db.execute(
            "insert or ignore into outfile (name, route, body, due_on) values (?, ?, ?, ?)",
            (name, route, data, due_on.isoformat()),
        )

    def pending(self) -> tuple[int, str | None]:
        """How much the world still owes, and when the next of it is due."""
        row = self.db.execute(
            "select count(*) n, min(due_on) d from (select due_on from agenda where done = 0"
            " union all select due_on from outfile where delivered = 0)"
        ).fetchone()
        return int(row["n"]), row["d"]
