"""Brings what is derived from imported rows up to date: search texts and distances to amenities."""

from collections import Counter

from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.access import store_distances
from geo.importers.building_fields import search_text
from geo.importers.load_sql import LIST_SEPARATOR
from geo.model import Amenity, Building, ImportChange

_FEW = 5000


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
    """Recompute distances to amenities where a run has changed buildings or amenities.

    Parameters
    ----------
    session, run
        Changes are flushed, not committed.
    changed
        How many rows the run has changed in each table.
    """
    if not (changed["amenities"] or changed["buildings"]):
        return
    if session.scalar(select(Amenity.id).limit(1)) is None:
        return
    touched = None
    if not changed["amenities"] and changed["buildings"] <= _FEW:
        last = func.coalesce(ImportChange.last_row_id, ImportChange.row_id)
        notes = select(func.generate_series(ImportChange.row_id, last))
        notes = notes.where(ImportChange.run_id == run, ImportChange.table_name == "buildings")
        touched = session.scalars(notes.distinct()).all()
    listed = Building.managed | Building.name.is_not(None)
    if session.scalar(select(Building.id).where(listed).limit(1)) is not None:
        store_distances(session, touched)
