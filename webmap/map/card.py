"""The picture of a state of the map: what whoever opens the link will see, drawn on the server."""

from collections.abc import Mapping
from dataclasses import replace
from math import cos, log2, radians
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.exports.colouring import Colouring, colouring
from geo.exports.plane import Camera
from geo.exports.svg_card import FORMS, draw_map_picture
from geo.exports.svg_map import Shape
from geo.exports.svg_scene import OFF
from geo.filters import MARKET, Filters
from geo.model import Area
from geo.search import shown
from geo.state_search import Search, Table, searched
from webmap import cards, numbers
from webmap.city_scene import Look, city_scene
from webmap.config import current_settings
from webmap.map.card_words import name_in, row_of, words
from webmap.map.scene import Scene
from webmap.map_address import KEYS, MapState, parse, to_query
from webmap.moments import read_shown
from webmap.past_searching import past_search
from webmap.plans import outline
from webmap.searching import present_search
from webmap.walking import located

PICKED_ZOOM = 16.2
ALL_NAMES_FROM = 15.8
"""Zoom from which buildings without anything to let are named as well."""

NEAREST_FIT, FARTHEST_FIT = 16.5, 11.0


def read(query: Mapping[str, str]) -> MapState:
    """The state that a query string says; what cannot be understood is left out, as the map page does."""
    known = {name: value for name, value in query.items() if name in KEYS}
    while True:
        try:
            return parse(urlencode(known))
        except BadParameterError as error:
            if known.pop(error.parameter, None) is None:
                return MapState()


def key_of(state: MapState) -> str:
    """The query string of all that a picture depends on."""
    return to_query(replace(state, sort="area", beside="off", moving="off", floor=None))


def link(query: Mapping[str, str]) -> cards.CardLink:
    """The card of the map page at an address."""
    return cards.card_link("/card/map.png", gettext("楼宇空置地图"), key_of(read(query)))


def draw(session: Session, scene: Scene, state: MapState, form: str) -> str:
    """The picture in a form of `geo.exports.svg_card.FORMS`, as SVG.

    Raises
    ------
    BadParameterError
        A day of the future, or before the record; a walk from where there is nothing.
    """
    filters = located(state.filters)
    found = _search(state, filters)
    coloured = colouring(found.table, state.by)
    matching = found.buildings & _chosen(coloured, state)
    market = _market(found, filters)
    camera = _camera(scene, state, found.table, matching)
    looks = _looks(found.table, coloured, matching, market, state.b, camera.zoom)
    areas = _areas(session, filters)
    edges = [Shape("outline", outline(area.geom)) for area in areas]
    edges += [Shape("outline", filters.shape.outline)] if filters.shape else []
    drawn = city_scene(session, camera, FORMS[form], looks, flat=state.view == "2d", extra=edges)
    said = words(scene, state, market, matching, areas, cards.legend_of(state.by, coloured))
    qr = cards.qr_svg(cards.page_url("/", to_query(state))) if form == "poster" else ""
    return draw_map_picture(form, drawn, said, qr)


def _search(state: MapState, filters: Filters) -> Search:
    """What matches today, or did on the day that is looked back to; how old a word was that day says nothing now."""
    moment = read_shown(f"{state.date or ''}", state.known_at, current_settings())
    if moment is None:
        return present_search(filters)
    # Of a past day all that was on the market counts; what is frozen counts as its sender saw it.
    return past_search(filters if state.known_at else replace(filters, stale=True), moment)


def _market(found: Search, filters: Filters) -> Search:
    """The same with units on the market alone, where the filters do not say which."""
    return found if filters.occupancy else searched(found.table, replace(found.filters, occupancy=MARKET))


def _chosen(coloured: Colouring, state: MapState) -> Any:
    if not state.only:
        return np.ones(len(coloured.of), bool)
    return np.isin(coloured.of, [place for place, code in enumerate(coloured.codes) if code in state.only])


def _looks(
    table: Table, coloured: Colouring, matching: Any, market: Search, picked: str, zoom: float
) -> dict[int, Look]:
    areas, there = market.area_per_building, row_of(table, picked)
    found = {}
    for row, ident in enumerate(table.building("id").tolist()):
        here = row == there
        on = bool(matching[row])
        area = float(areas[row]) if on else 0.0
        said = f"{gettext('可租')} {numbers.area(area)}" if area else ""
        fill = coloured.colours[coloured.of[row]] if on else OFF
        named = here or (on and (area > 0 or zoom >= ALL_NAMES_FROM))
        found[ident] = Look(fill, name_in(table, row) if named else "", said, area, here)
    return found


def _camera(scene: Scene, state: MapState, table: Table, matching: Any) -> Camera:
    """Where the address looks; else at the selected building, at what is searched for, or at the heart of the city."""
    start = scene.start
    pitch = 0 if state.view == "2d" else start["pitch"] if state.pitch is None else state.pitch
    bearing = start["bearing"] if state.bearing is None else state.bearing
    if state.at:
        lat, lon, zoom = state.at
    else:
        lon, lat, zoom = _picked(table, state.b) or _fit(table, matching, state) or (*start["center"], start["zoom"])
    return Camera(lon, lat, zoom, pitch, bearing)


def _picked(table: Table, code: str) -> tuple[float, float, float] | None:
    row = row_of(table, code)
    if row is None:
        return None
    return float(table.building("lon")[row]) / 1e6, float(table.building("lat")[row]) / 1e6, PICKED_ZOOM


def _fit(table: Table, matching: Any, state: MapState) -> tuple[float, float, float] | None:
    if state.filters == Filters() or not matching.any():
        return None
    lon, lat = (table.building(axis)[matching] / 1e6 for axis in ("lon", "lat"))
    west, east, south, north = (float(each) for each in (lon.min(), lon.max(), lat.min(), lat.max()))
    span = max((east - west) * cos(radians(south)), (north - south) * 1.6, 0.003)
    return (west + east) / 2, (south + north) / 2, min(NEAREST_FIT, max(FARTHEST_FIT, log2(360 / span) + 0.6))


def _areas(session: Session, filters: Filters) -> list[Any]:
    if not filters.within:
        return []
    columns = (Area.code, Area.name, Area.name_en, Area.geom)
    return list(session.execute(select(*columns).where(Area.code.in_(filters.within), *shown(Area, False))).all())
