"""The source of a file: found by its name or made, and what may be done with what it says.

OpenStreetMap files bring their licence and attribution with them and may be published. Whatever else is imported is
for staff only until somebody says that it may be shown.
"""

from dataclasses import dataclass, fields
from datetime import date

from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.db import query
from geo.errors import ImportRefusedError, NotFoundError
from geo.model import Base, Source

PUBLISHABLE_TABLES = (
    *("areas", "buildings", "building_facts", "units", "enterprises", "amenities", "ground_features"),
    "transit_lines",
)
"""Tables whose rows say themselves whether they may be public; what is part of them follows."""

_TELLING_NOTHING = frozenset({"managed", "withdrawn_at", "publishable", "search_text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDetails:
    """What the operator says of a source; None where nothing is said, then the source keeps what it has."""

    name: str | None = None
    name_en: str | None = None
    licence: str | None = None
    attribution: str | None = None
    attribution_en: str | None = None
    url: str | None = None
    datum: str | None = None
    dated_on: date | None = None
    map_review_number: str | None = None
    secrecy: str | None = None
    publishable: bool | None = None


def source_for(session: Session, details: SourceDetails, name: str, *, openstreetmap: bool = False) -> Source:
    """Return the source that the operator names, else the one called `name`; it is made when there is none.

    Raises
    ------
    ImportRefusedError
        When something confidential is to be published.
    """
    name = details.name or name
    source = session.scalar(select(Source).where(Source.name == name))
    if source is None:
        source = Source(name=name, secrecy="internal", publishable=False)
        session.add(source)
        if openstreetmap:
            _fill_openstreetmap(source)
    _apply(source, details)
    session.flush()
    return source


def publish_source(session: Session, name: str, publishable: bool) -> tuple[Source, int]:
    """Let everybody see what a source says, or staff only; gives the source and how many rows changed hands.

    A row of which several sources speak is public when all of them may be.

    Raises
    ------
    NotFoundError
        There is no source of this name or code.
    ImportRefusedError
        It is secret.
    """
    source = session.scalar(select(Source).where((Source.name == name) | (Source.code == name)))
    if source is None:
        known = "、".join(session.scalars(select(Source.name).order_by(Source.name)))
        raise NotFoundError(f"There is no source {name!r}; known are: {known or 'none yet'}.")
    _apply(source, SourceDetails(publishable=publishable))
    session.flush()
    return source, sum(_publish_rows(session, source, table) for table in PUBLISHABLE_TABLES)


def _publish_rows(session: Session, source: Source, table: str) -> int:
    told = [name for name in Base.metadata.tables[table].c.keys() if name not in _TELLING_NOTHING]  # noqa: SIM118
    statement = SQL(query("publish_rows")).format(
        table=Identifier(table), name=Literal(table), source=Literal(source.id), told=Literal(told)
    )
    driver = session.connection().connection.driver_connection
    assert driver is not None
    return int(driver.execute(statement).rowcount)


def _fill_openstreetmap(source: Source) -> None:
    source.licence = "ODbL 1.0"
    source.attribution = source.attribution_en = "© OpenStreetMap contributors"
    source.url = "https://www.openstreetmap.org/copyright"
    source.secrecy, source.publishable = "public", True


def _apply(source: Source, details: SourceDetails) -> None:
    publishable = source.publishable if details.publishable is None else details.publishable
    secrecy = details.secrecy or source.secrecy
    if details.publishable and details.secrecy is None and secrecy == "internal":
        secrecy = "public"
    if publishable and secrecy != "public":
        raise ImportRefusedError(
            f"The source {source.name!r} is {secrecy} and cannot be published; "
            "give --secrecy public, or leave --publishable out."
        )
    for item in fields(details):
        value = getattr(details, item.name)
        if value is not None:
            setattr(source, item.name, value)
    source.publishable, source.secrecy = publishable, secrecy
