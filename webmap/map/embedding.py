"""The map within other sites: which part of it an address of ours becomes there, and the lines to paste for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, NotFoundError
from geo.model import Area, Building, Floor, Unit
from geo.search import seen, shown
from webmap import map_address
from webmap.locale import in_language, split_language
from webmap.names import label

WIDTH, HEIGHT = 960, 600
"""Pixels of a frame for which no size is given."""

LEAST, MOST = 240, 4000
"""Pixels a frame may have on a side: a telephone's width, and more than any screen."""

_NOT_THE_MAP = frozenset({"s"})
"""What an address says of the link that led to it."""

Shown = tuple[str, str]
"""The title of what a map shows, and the query that shows it."""


@dataclass(frozen=True)
class Frame:
    """A map in a frame: its address from the root of the site, what it shows in words, and its size in pixels."""

    path: str
    title: str
    width: int = WIDTH
    height: int = HEIGHT

    def lines(self, site: str) -> Markup:
        """What the owner of a page pastes into it; `site` is our address without a slash at its end."""
        return Markup(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" allow="fullscreen; geolocation" '
            'style="border:0;max-width:100%"></iframe>'
        ).format(f"{site}{self.path}", self.title, self.width, self.height)


def frame_of(session: Session, url: str, site: str, site_name: str) -> Frame:
    """The frame for the address of one of our pages: the map, a building, a unit or an area.

    Raises
    ------
    NotFoundError
        The address is not of this site, of another page, or of something that is not shown (any more).
    BadParameterError
        The address of a map says what no map understands.
    """
    parts = urlsplit(url)
    if parts.netloc and f"{parts.scheme}://{parts.netloc}" != site:
        raise NotFoundError(f"Only addresses that begin with {site} can be shown.")
    language, path = split_language(parts.path)
    kind, _, code = path.strip("/").partition("/")
    if kind in ("", "embed") and not code:
        title, query = site_name, map_address.to_query(map_address.parse(parts.query, also=_NOT_THE_MAP))
    else:
        thing, query = _of_thing(session, kind, code)
        title = f"{thing} · {site_name}"
    return Frame(f"{in_language(language, '/embed')}{'?' if query else ''}{query}", title)


def _of_thing(session: Session, kind: str, code: str) -> Shown:
    find = {"b": _building, "u": _unit, "a": _area}.get(kind)
    found = find(session, code) if find else None
    if found is None:
        raise NotFoundError("Maps, buildings, units and areas of this site can be shown; this address is none of them.")
    return found


def _building(session: Session, code: str) -> Shown | None:
    query = select(Building).options(seen(Building, False)).where(Building.code == code, *shown(Building, False))
    found = session.scalar(query)
    return (label(found), f"b={found.code}") if found else None


def _area(session: Session, code: str) -> Shown | None:
    found = session.scalar(select(Area).options(seen(Area, False)).where(Area.code == code, *shown(Area, False)))
    return (label(found), f"within={found.code}") if found else None


def _unit(session: Session, code: str) -> Shown | None:
    query = (
        select(Unit.label, Building, Floor.position)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .options(seen(Building, False))
        .where(Unit.code == code, *shown(Unit, False), *shown(Building, False))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    unit, building, floor = found
    return f"{label(building)} {unit}", f"b={building.code}" + (f"&floor={floor}" if floor is not None else "")


def size(given: Mapping[str, str], name: str, usual: int) -> int:
    """A side of a frame in pixels.

    Raises
    ------
    BadParameterError
        It is not a whole number between LEAST and MOST.
    """
    text = given.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and LEAST <= int(text[:6]) <= MOST):
        raise BadParameterError(name, text, f"a whole number of pixels from {LEAST} to {MOST}")
    return int(text)
