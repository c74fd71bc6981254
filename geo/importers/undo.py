"""Takes an import run back: what it added is withdrawn, what it overwrote becomes what it was.

A field that somebody has changed since the run keeps its value, and a row that a later run has changed stays; both are
counted. Codes of withdrawn rows are remembered, and the history of units and offers is corrected, not erased; a
confirmation once given stays written and counts no more.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from geoalchemy2 import Geometry
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier, Literal
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from geo.audit import speak_as
from geo.db import query
from geo.errors import ImportRefusedError, NotFoundError
from geo.figures.undoing import take_back
from geo.history import share_writing, write_present
from geo.importers.derived import refresh_distances, refresh_search_texts
from geo.importers.taxonomy_table import undo_industry_codes
from geo.model import Base, Figure, ImportChange, ImportRun, Target

_PARTS = {
    # A part is only deleted where nothing that stays stands on it.
    "building_facts": "true",
    "floors": "NOT EXISTS (SELECT FROM units u WHERE t.id IN (u.floor_id, u.top_floor_id) AND u.withdrawn_at IS NULL)",
    "sections": "NOT EXISTS (SELECT FROM floors f WHERE f.section_id = t.id)",
}
"""Tables whose rows have no life of their own, in the order of deletion."""


@dataclass(slots=True)
class Undone:
    """What became of a run that was taken back, by table."""

    run: str
    withdrawn: dict[str, int] = field(default_factory=dict)
    restored: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    kept_rows: dict[str, int] = field(default_factory=dict)
    kept_fields: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def undo(session: Session, code: str, today: date, user_id: int | None = None) -> Undone:
    """Take the run with this code (or number) back; flushed, not committed.

    `today` is the day it is in the district, `user_id` the account that takes it back.

    Raises
    ------
    NotFoundError
        There is no such run.
    ImportRefusedError
        It has been taken back already.
    """
    run = _run_to_undo(session, code)
    session.flush()
    driver = session.connection().connection.driver_connection
    assert driver is not None
    share_writing(driver)
    speak_as(session.connection(), run_id=run.id)
    undone = Undone(run.code)
    tables = session.scalars(select(ImportChange.table_name).where(ImportChange.run_id == run.id).distinct()).all()
    for name in sorted(tables, key=_order):
        if name in ("figures", "targets"):
            model: type[Figure] | type[Target] = Figure if name == "figures" else Target
            back = take_back(session, model, run.id, user_id)
            _count(undone.removed, name, back.withdrawn)
            _count(undone.restored, name, back.restored)
            _count(undone.kept_rows, name, back.kept)
        else:
            _undo_table(driver, run.id, name, undone)
    if "industry_codes" in tables:
        undone.restored["industry_codes"] = undo_industry_codes(driver, run.id)
    run.state, run.undone_at = "undone", datetime.now(UTC)
    session.flush()
    session.expire_all()
    write_present(session, [ident for (ident,) in driver.execute(query("undo_units_touched"), {"run": run.id})], today)
    refresh_search_texts(driver, run.id)
    refresh_distances(session, run.id, Counter(undone.withdrawn) + Counter(undone.restored))
    return undone


def _run_to_undo(session: Session, code: str) -> ImportRun:
    wanted = ImportRun.code == code
    if code.isdecimal():
        wanted |= ImportRun.id == int(code)
    run = session.scalars(select(ImportRun).where(wanted).order_by(ImportRun.code != code).limit(1)).one_or_none()
    if run is None:
        raise NotFoundError(f"There is no import run {code!r}; ./loumap import --list shows them.")
    if run.state != "done":
        raise ImportRefusedError(f"Run {run.code} ({run.file_name}) has been undone already.")
    return run


def _order(name: str) -> tuple[int, str]:
    """Units before the floors they are on, parts last."""
    return (list(_PARTS).index(name) + 1 if name in _PARTS else 0, name)


def _undo_table(driver: Connection[TupleRow], run: int, name: str, undone: Undone) -> None:
    table = Base.metadata.tables[name]
    if name in _PARTS:
        _count(undone.removed, name, _purge(driver, run, table))
        _restore(driver, run, table, undone)
    elif name == "unit_states":
        _count(undone.removed, name, driver.execute(query("undo_states_close"), {"run": run}).rowcount)
        _count(undone.restored, name, driver.execute(query("undo_states_reopen"), {"run": run}).rowcount)
    elif name == "tenancies":
        _count(undone.removed, name, driver.execute(query("undo_tenancies"), {"run": run}).rowcount)
        _count(undone.restored, name, driver.execute(query("undo_tenancies_reopen"), {"run": run}).rowcount)
    elif name == "offers":
        _count(undone.removed, name, driver.execute(query("undo_offers"), {"run": run}).rowcount)
        _count(undone.restored, name, driver.execute(query("undo_offers_reopen"), {"run": run}).rowcount)
    elif name != "industry_codes":
        _undo_rows(driver, run, table, undone)


def _undo_rows(driver: Connection[TupleRow], run: int, table: Table, undone: Undone) -> None:
    name = table.name
    if "code" in table.c and "source_key" in table.c:
        driver.execute(_filled("undo_codes", run, table))
    _count(undone.withdrawn, name, driver.execute(_filled("undo_added", run, table)).rowcount)
    _count(undone.kept_rows, name, _one(driver, _filled("undo_added_kept", run, table)))
    _restore(driver, run, table, undone)


def _restore(driver: Connection[TupleRow], run: int, table: Table, undone: Undone) -> None:
    name = table.name
    driver.execute(_filled("undo_fields", run, table))
    counting = SQL("SELECT count(*) FROM {} WHERE NOT untouched").format(_undone(table))
    _count(undone.kept_fields, name, _one(driver, counting))
    if _one(driver, SQL("SELECT count(*) FROM {} WHERE untouched").format(_undone(table))):
        _count(undone.restored, name, driver.execute(_filled("undo_restore", run, table)).rowcount)
    driver.execute(SQL("DROP TABLE {}").format(_undone(table)))


def _purge(driver: Connection[TupleRow], run: int, table: Table) -> int:
    if table.name == "floors":
        # Withdrawn units leave the floors that go; they find their floor again when they come back.
        driver.execute(
            "UPDATE units u SET floor_id = NULL, top_floor_id = NULL FROM import_changes c WHERE c.run_id = %s AND"
            " c.table_name = 'floors' AND c.before IS NULL AND c.row_id IN (u.floor_id, u.top_floor_id)"
            " AND u.withdrawn_at IS NOT NULL",
            [run],
        )
    return driver.execute(_filled("undo_purge", run, table, free=_PARTS[table.name])).rowcount


def _filled(name: str, run: int, table: Table, free: str = "true") -> Composed:
    shapes = [column.name for column in table.c if isinstance(column.type, Geometry) and column.computed is None]
    kept = [column.name for column in table.c if column.computed is None and column.name != "id"]
    geometries = [SQL("|| jsonb_build_object({}, t.{}::text)").format(Literal(s), Identifier(s)) for s in shapes]
    ours = {"run": Literal(run), "name": Literal(table.name)}
    return SQL(query(name)).format(
        **ours,
        added=SQL(query("undo_rows_added").strip().rstrip(";")).format(**ours),
        table=Identifier(table.name),
        undone=_undone(table),
        geometries=SQL(" ").join(geometries),
        sets=SQL(", ").join(SQL("{0} = (r.was).{0}").format(Identifier(column)) for column in kept),
        free=SQL(free),
    )


def _undone(table: Table) -> Identifier:
    return Identifier(f"undone_{table.name}")


def _one(driver: Connection[TupleRow], statement: Composed) -> int:
    row = driver.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _count(counts: dict[str, int], name: str, number: int) -> None:
    if number:
        counts[name] = number
