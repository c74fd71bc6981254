"""Brings what is derived from imported rows up to date: search texts and distances to amenities."""

from collections import Counter

from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo.access import REACH_DEGREES, store_distances
from geo.importers.building_fields import search_text
from geo.importers.load_sql import LIST_SEPARATOR
from geo.model import Amenity, Building, GroundFeature, ImportChange

_FEW, _FEW_AROUND = 5000, 100
"""So many buildings, or amenities and pieces of ground, are few enough to look only around them."""


def refresh_search_texts(connection: Connection[TupleRow], run: int) -> None:
    """Recompute what buildings are found by, for those whose names or address a run has changed."""
    rows = connection.execute(
        "SELECT DISTINCT b.id, b.name, b.name_en, b.aliases, b.address, b.search_text"
        " FROM buildings b JOIN import_changes c ON c.row_id = b.id AND c.table_name = 'buildings'"
        " WHERE c.run_id = %s AND c.before ?| ARRAY['name', 'name_en', 'aliases', 'address']",
        [run],
    ).fetchall()
    texts = [
        (search_text(name, name_en, LIST_SEPARATOR.join(aliases), address), ident, known)
        for ident, name, name_en, aliases, address, known in rows
    ]
    changed = [(text, ident) for text, ident, known in texts if text != known]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE buildings SET search_text = %s WHERE id = %s", changed)


def refresh_distances(session: Session, run: int, changed: Counter[str]) -> None:
    """Recompute distances to amenities where a run has changed buildings, amenities or the ground people walk on.

    Parameters
    ----------
    session, run
        Changes are flushed, not committed.
    changed
        How many rows the run has changed in each table.
    """
    if not (changed["buildings"] or changed["amenities"] or changed["ground_features"]):
        return
    if session.scalar(select(Amenity.id).limit(1)) is None:
        return
    listed = Building.managed | Building.name.is_not(None)
    if session.scalar(select(Building.id).where(listed).limit(1)) is not None:
        store_distances(session, _touched(session, run, changed))


def _touched(session: Session, run: int, changed: Counter[str]) -> set[int] | None:
    """Buildings whose distances may be others after a run, None for all of them where it has changed much."""
    if changed["buildings"] > _FEW or changed["amenities"] + changed["ground_features"] > _FEW_AROUND:
        return None
    touched: set[int] = set(session.scalars(_changed_rows(run, "buildings")))
    for table in (Amenity, GroundFeature):
        place = func.ST_Expand(table.geom, 2 * REACH_DEGREES, REACH_DEGREES)
        around = select(Building.id).join(table, Building.geom.op("&&")(place))
        if changed[table.__tablename__]:
            touched.update(session.scalars(around.where(table.id.in_(_changed_rows(run, table.__tablename__)))))
    return touched


def _changed_rows(run: int, table: str) -> Select[tuple[int]]:
    last = func.coalesce(ImportChange.last_row_id, ImportChange.row_id)
    notes = select(func.generate_series(ImportChange.row_id, last))
    return notes.where(ImportChange.run_id == run, ImportChange.table_name == table).distinct()
