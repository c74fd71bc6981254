"""Pictures of places that are sent: one building or unit, or several beside each other on a map."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, log2, radians
from typing import Any

import shapely
from flask_babel import gettext
from sqlalchemy.orm import Session

from geo.exports.colouring import colouring
from geo.exports.lettering import family
from geo.exports.plane import TILE_PX, Camera, zoom_for
from geo.exports.svg_card import FORMS, draw_map_picture, window
from geo.exports.svg_map import Shape
from geo.exports.svg_scene import OFF, Scene
from geo.exports.svg_stack import COLOURS
from geo.filters import MARKET, Filters
from webmap import cards, files
from webmap.city_scene import Look, city_scene
from webmap.config import current_settings
from webmap.locale import ENGLISH, language
from webmap.names import hant
from webmap.numbers import area
from webmap.past_searching import shown_search
from webmap.words import word

PITCH, BEARING = 50.0, -20.0
NEAR_ZOOM, NUMBERED_ZOOM, FARTHEST_ZOOM = 16.0, 15.0, 11.0
"""The nearest that a camera comes, and to buildings with numbers, which stand above the roofs of towers too."""

TALL_SHARE, LEAST_M = 1.55, 130.0
"""Metres that a picture of a building is high: its height and some around it."""

WIDE_SHARE, HIGH_SHARE = 0.62, 0.46
"""Of a picture that several buildings take up, so that they and their names are inside."""

LISTED = "#c3cdd9"


@dataclass(frozen=True, slots=True)
class Pin:
    """A building on the map with what is written at it; with a `mark`, its numbers on a list, it stands out."""

    building_id: int
    lon: float
    lat: float
    name: str
    said: str = ""
    mark: str = ""


def scene_around(session: Session, pin: Pin, size: tuple[int, int]) -> Scene:
    """The city around one building, which stands out, the camera far enough to see its roof."""
    table = shown_search(Filters()).table
    ids, names, english = (
        table.building("id"),
        *(table.columns.texts("buildings", name) for name in ("name", "name_en")),
    )
    tall = table.building("height")[ids == pin.building_id]
    fitting = zoom_for(float(tall.max(initial=0)) * TALL_SHARE + LEAST_M, pin.lat, size[1])
    looks = {
        int(ident): Look(LISTED, (english[row] or names[row]) if language() is ENGLISH else hant(names[row]))
        for row, ident in enumerate(ids)
    }
    looks[pin.building_id] = Look(LISTED, pin.name, pin.said, 1.0, True)
    return city_scene(session, Camera(pin.lon, pin.lat, min(NEAR_ZOOM, fitting), PITCH, BEARING), size, looks)


def scene_of(session: Session, pins: Sequence[Pin], size: tuple[int, int]) -> Scene:
    """The city around some buildings, these in the colours of vacancy, the camera near enough to see all of them."""
    table = shown_search(Filters()).table
    coloured = colouring(table, "vacancy")
    fills = [coloured.colours[of] for of in coloured.of.tolist()]
    ids = table.building("id").tolist()
    looks = {ident: Look(OFF) for ident in ids}
    row_of = {ident: row for row, ident in enumerate(ids)}
    for number, pin in enumerate(pins):
        fill = fills[row_of[pin.building_id]] if pin.building_id in row_of else OFF
        said = "" if pin.mark else pin.said or " "
        looks[pin.building_id] = Look(fill, pin.name, said, 1e6 - number, bool(pin.mark), pin.mark)
    nearest = NUMBERED_ZOOM if any(pin.mark for pin in pins) else NEAR_ZOOM
    return city_scene(session, camera_over(pins, size, nearest), size, looks)


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


def camera_over(pins: Sequence[Pin], size: tuple[int, int], nearest: float = NEAR_ZOOM) -> Camera:
    """Where one stands to see all pins on a picture of this size, no nearer than a zoom of `nearest`."""
    lons, lats = [pin.lon for pin in pins], [pin.lat for pin in pins]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    wide, high = max(max(lons) - min(lons), 0.0012), max(max(lats) - min(lats), 0.0008)
    across = log2(WIDE_SHARE * size[0] * 360 / (TILE_PX * wide))
    along = log2(HIGH_SHARE * size[1] * 360 * cos(radians(lat)) / (TILE_PX * high * cos(radians(PITCH))))
    return Camera(lon, lat, max(FARTHEST_ZOOM, min(nearest, across, along)), PITCH, BEARING)


def scene_within(session: Session, code: str, edge: Any, size: tuple[int, int]) -> Scene:
    """The city around an area, whose buildings have the colours of vacancy; `edge` is its outline."""
    found = shown_search(Filters(within=(code,), occupancy=MARKET))
    table, inside = found.table, found.passing
    coloured, areas = colouring(table, "vacancy"), found.area_per_building
    names = [table.columns.texts("buildings", column) for column in ("name_en", "name")]
    looks = {}
    for row, ident in enumerate(table.building("id").tolist()):
        fill = coloured.colours[coloured.of[row]] if inside[row] else OFF
        area_m2 = float(areas[row]) if inside[row] else 0.0
        name = (names[0][row] if language() is ENGLISH else "") or hant(names[1][row])
        looks[ident] = Look(fill, name if area_m2 else "", let_said(area_m2), area_m2)
    spots = list(zip(table.building("lon")[inside] / 1e6, table.building("lat")[inside] / 1e6, strict=True))
    middle = shapely.centroid(edge)
    pins = [Pin(0, float(lon), float(lat), "") for lon, lat in spots or [(middle.x, middle.y)]]
    return city_scene(session, camera_over(pins, size), size, looks, extra=[Shape("outline", edge)])


def scene_png(scene: Scene, size: tuple[int, int], *, letter: float = 1.0, low: float = 0.5) -> bytes:
    """A scene alone as PNG, twice as sharp as its size."""
    drawn = window(scene, (0, 0), size, letter=letter, low=low)
    box = f'viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" height="{size[1]}"'
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" {box}'
    return cards.raster(f'{frame} font-family="{family(language().tag)}">{drawn}</svg>', 2.0)
