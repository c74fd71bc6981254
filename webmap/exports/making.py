"""Makes the files of a search with the visitors' login: rows and sources out of one snapshot of the database."""

import os
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import seen, shown
from geo.errors import NotFoundError
from geo.exports import workbook
from geo.exports.about import About, origins_of
from geo.exports.geofiles import Format, write_file
from geo.exports.layers import LAYERS, Layer, count_rows, read_batches
from geo.exports.pyramid import write_pyramid
from geo.exports.pyramid_tiles import read_boxes
from geo.exports.workbook import require_room
from geo.filters import Filters
from geo.model import Area
from geo.search import Asked
from webmap.config import Settings
from webmap.db import Database, driver_connection


@dataclass(frozen=True, slots=True)
class Made:
    """A file that has been written: what it says of itself, and how many rows it has."""

    about: About
    rows: int


def make_file(database: Database, settings: Settings, layer: Layer, filters: Filters, kind: Format, path: Path) -> Made:
    """Write what matches to `path`; raises as `geo.exports.geofiles.write_file` does."""
    with database.new_public_session() as session:
        about = about_search(session, settings, layer, filters)
    asked = asked_today(settings)
    with driver_connection(database.public, repeatable=True) as connection:
        if kind.name == "xlsx":  # said now, not after rows that take half a minute to write
            require_room(count_rows(connection, layer, filters, asked, workbook.MOST_ROWS))
        with closing(read_batches(connection, layer, filters, asked)) as batches:
            return Made(about, write_file(path, kind, batches, about))


def about_search(session: Session, settings: Settings, layer: Layer, filters: Filters) -> About:
    """What a file of this search says of itself."""
    return About(
        layer=layer,
        filters=filters,
        today=settings.today(),
        origins=origins_of(session),
        site=settings.site_name,
        address=settings.base_url or "",
        map_review_number=settings.map_review_number,
        places=_names_of(session, filters.within),
    )


def make_pyramid(database: Database, settings: Settings, path: Path) -> int:
    """Write the tiles of the whole city as one PMTiles file; raises as `geo.exports.pyramid.write_pyramid`."""
    with database.new_public_session() as session:
        about = about_search(session, settings, LAYERS["buildings"], Filters()).plain()
    with driver_connection(database.public, repeatable=True) as connection:
        boxes = read_boxes(connection)
    fresh = path.with_name(f".{path.name}.part")
    workers = min(4, len(os.sched_getaffinity(0)))
    try:
        written = write_pyramid(fresh, boxes, partial(driver_connection, database.public), workers, about)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return written


def layer_of(name: str) -> Layer:
    """The layer that a file's name begins with: 'units.gpkg'.

    Raises
    ------
    NotFoundError
        There is none of that name.
    """
    found = LAYERS.get(name.split(".")[0])
    if found is None:
        raise NotFoundError(f"There is no layer {name.split('.')[0]!r}; there are {', '.join(LAYERS)}.")
    return found


def asked_today(settings: Settings) -> Asked:
    """The search of a visitor today."""
    return Asked(settings.today(), stale_before=settings.stale_before())


def _names_of(session: Session, codes: tuple[str, ...]) -> dict[str, str]:
    """Code → name of the areas that a search names."""
    if not codes:
        return {}
    chosen = select(Area).options(seen(Area, staff=False)).where(Area.code.in_(codes), *shown(Area, staff=False))
    return {row.code: row.name for row in session.scalars(chosen)}
