"""Pictures of places that are sent: one building or unit, or several beside each other on a map."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, log2, radians
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from geo.exports.colouring import colouring
from geo.exports.plane import Camera, zoom_for
from geo.exports.svg_card import FORMS, draw_map_picture
from geo.exports.svg_scene import OFF, Scene
from geo.exports.svg_stack import COLOURS
from geo.filters import Filters
from webmap import cards, files
from webmap.city_scene import Look, city_scene
from webmap.config import current_settings
from webmap.locale import ENGLISH, language
from webmap.names import hant
from webmap.numbers import area
from webmap.searching import present_search
from webmap.words import word

PITCH, BEARING = 50.0, -20.0
NEAR_ZOOM, FARTHEST_ZOOM = 16.0, 11.0
TALL_SHARE, LEAST_M = 1.7, 120.0
"""Metres that a picture of a building is high: its height and some around it."""

LISTED = "#c3cdd9"


@dataclass(frozen=True, slots=True)
class Pin:
    """A building on the map with what is written at it."""

    building_id: int
    lon: float
    lat: float
    name: str
    said: str = ""


def scene_around(session: Session, pin: Pin, size: tuple[int, int]) -> Scene:
    """The city around one building, which stands out, the camera far enough to see its roof."""
    table = present_search(Filters()).table
    ids, names, english = (
        table.building("id"),
        *(table.columns.texts("buildings", name) for name in ("name", "name_en")),
    )
    tall = table.building("height")[ids == pin.building_id]
    fitting = zoom_for(float(tall.max(initial=0)) * TALL_SHARE + LEAST_M, pin.lat, size[1] * 0.7)
    looks = {
        int(ident): Look(LISTED, (english[row] or names[row]) if language() is ENGLISH else hant(names[row]))
        for row, ident in enumerate(ids)
    }
    looks[pin.building_id] = Look(LISTED, pin.name, pin.said, 1.0, True)
    return city_scene(session, Camera(pin.lon, pin.lat, min(NEAR_ZOOM, fitting), PITCH, BEARING), size, looks)


def scene_of(session: Session, pins: Sequence[Pin], size: tuple[int, int]) -> Scene:
    """The city around some buildings, these in the colours of vacancy, the camera near enough to see all of them."""
    table = present_search(Filters()).table
    coloured = colouring(table, "vacancy")
    fills = [coloured.colours[of] for of in coloured.of.tolist()]
    ids = table.building("id").tolist()
    looks = {ident: Look(OFF) for ident in ids}
    row_of = {ident: row for row, ident in enumerate(ids)}
    for number, pin in enumerate(pins):
        fill = fills[row_of[pin.building_id]] if pin.building_id in row_of else OFF
        looks[pin.building_id] = Look(fill, pin.name, pin.said or " ", 1e6 - number)
    return city_scene(session, _camera(pins, size), size, looks)


def draw_places(
    session: Session, pins: Sequence[Pin], form: str, *, title: str, line: str, sources: Sequence[Any], as_of: date
) -> str:
    """A picture of several buildings on a map, as SVG; requires one at least."""
    drawn = scene_of(session, pins, FORMS[form])
    said = cards.words(title, line, sources=sources, as_of=as_of, detail=line, legend=cards.vacancy_legend())
    return draw_map_picture(form, drawn, said)


def photo_svg(row: Any) -> str:
    """A kept photo that fills its box, as an SVG of its own."""
    path = files.path_with(current_settings().data / "files", row.large_sha256)
    data = base64.b64encode(path.read_bytes()).decode()
    box = f'width="{row.width}" height="{row.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {row.width} {row.height}"'
        f' preserveAspectRatio="xMidYMid slice"><image {box} href="data:image/jpeg;base64,{data}"/></svg>'
    )


def occupancy_legend() -> tuple[str, list[tuple[str, str]]]:
    """The colours of a stacking plan and what they mean."""
    return gettext("单元"), [(colour, word(code, "occupancy")) for code, colour in COLOURS.items()]


def let_said(square_metres: Any) -> str:
    """ "可租 2,400 m²", or nothing where nothing is to let."""
    return f"{gettext('可租')} {area(square_metres)}" if square_metres else ""


def _camera(pins: Sequence[Pin], size: tuple[int, int]) -> Camera:
    lons, lats = [pin.lon for pin in pins], [pin.lat for pin in pins]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    wide = max((max(lons) - min(lons)) * cos(radians(lat)), (max(lats) - min(lats)) * 1.4, 0.0012)
    fitting = log2(360 / wide) + log2(size[0] / 1400)
    return Camera(lon, lat, max(FARTHEST_ZOOM, min(NEAR_ZOOM, fitting)), PITCH, BEARING)
