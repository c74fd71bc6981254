"""What every table shares: naming of constraints, key types and the quantised ring.

The ring is the outline in whole pixels of zoom 16 (the world is 2**28 pixels wide, y down; shells have a positive area
in these numbers, as vector tiles want them). PostgreSQL keeps it as a generated column, so that it cannot drift.
"""

import secrets
from datetime import datetime
from typing import Annotated

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Computed, DateTime, ForeignKey, Identity, MetaData, Text, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32: no i, l, o, u, so that a code can be read out on the telephone."""

WORLD_M = 40075016.685578488
WORLD_PX = 2**28

_IN_PIXELS = (
    f"ST_SetSRID(ST_TransScale(ST_Transform(geom, 3857), {WORLD_M / 2!r}, {-WORLD_M / 2!r},"
    f" {WORLD_PX / WORLD_M!r}, {-WORLD_PX / WORLD_M!r}), 0)"
)


class Base(DeclarativeBase):
    """Every table; constraint names follow one pattern so that errors and migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def new_code(length: int = 8) -> str:
    """A random public code: 40 bits by default, enough for ten million things (a clash is refused and retried)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def ring_column(kind: str) -> Computed:
    """The generated column that holds `geom` in whole pixels of zoom 16; `kind` is 'polygon', 'line' or 'any'."""
    snapped = f"ST_SnapToGrid({_IN_PIXELS}, 1)"
    return Computed(f"ST_ForcePolygonCCW({snapped})" if kind == "polygon" else snapped, persisted=True)


def polygon() -> Geometry:
    """An outline in EPSG:4326; always multi, since a building may stand on several plots."""
    return Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)


def point() -> Geometry:
    """A position in EPSG:4326."""
    return Geometry("POINT", srid=4326, spatial_index=False)


def pixels() -> Geometry:
    """A geometry in whole pixels of zoom 16, without SRID."""
    return Geometry("GEOMETRY", srid=0, spatial_index=False)


Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Code = Annotated[str, mapped_column(Text, unique=True, default=new_code)]
Stamp = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())]


def refers(target: str, *, cascade: bool = False) -> ForeignKey:
    """A foreign key to `target`; `cascade` where the row is part of its owner."""
    return ForeignKey(target, ondelete="CASCADE" if cascade else None)
