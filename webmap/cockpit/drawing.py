"""Draws the followed buildings of an area in the colours of their vacancy, those that are warned of with numbers."""

from collections.abc import Mapping

import numpy as np
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.exports.colouring import OVER, UNKNOWN, VACANCY
from geo.exports.lettering import family
from geo.exports.svg_card import window
from geo.exports.svg_map import Shape
from geo.indicators import AreaOutline, Part
from geo.indicators.days import Day
from webmap.city_scene import Look, city_scene
from webmap.locale import language
from webmap.numbers import area as area_said
from webmap.place_pictures import Pin, camera_over

SIZE, WALL = (880, 520), (1176, 520)
FILLING = 'preserveAspectRatio="xMidYMid slice"'


def draw(
    session: Session,
    part: Part,
    on: Day,
    area: AreaOutline | None,
    marks: Mapping[int, int],
    named: Mapping[int, str],
    size: tuple[int, int] = SIZE,
) -> Markup:
    """The picture as SVG; `marks` are numbers and `named` names of buildings by id. Empty without buildings."""
    if not len(part.rows):
        return Markup()
    ids = part.buildings["id"].tolist()
    kinds = zip(ids, fills(on), (on.vacant / 100).tolist(), strict=True)
    looks = {ident: _look(fill, vacant, named.get(ident, ""), marks.get(ident)) for ident, fill, vacant in kinds}
    spots = zip(part.buildings["lon"].tolist(), part.buildings["lat"].tolist(), strict=True)
    camera = camera_over([Pin(0, lon, lat, "") for lon, lat in spots], size)
    extra = [Shape("outline", area.geom)] if area else []
    drawn = window(city_scene(session, camera, size, looks, extra=extra), (0, 0), size)
    title = gettext("纳管楼宇的空置情况")
    box = f'viewBox="0 0 {size[0]} {size[1]}" {FILLING}'
    said = f'role="img" aria-label="{title}" font-family="{family(language().tag)}"'
    # Texts are escaped where they are drawn.
    return Markup(f'<svg xmlns="http://www.w3.org/2000/svg" {box} {said}>{drawn}</svg>')


def fills(on: Day) -> list[str]:
    """The colour of each building: that of the share of its base that is vacant, grey where it is not known."""
    share = np.divide(on.vacant, on.base, out=np.zeros(on.n), where=on.base > 0)
    untold = (on.base == 0) | ((on.vacant == 0) & (on.unknown > 0))
    colours = np.array([*(colour for _, colour, _ in VACANCY), OVER[1], UNKNOWN])
    step = np.searchsorted([limit for _, _, limit in VACANCY], share)
    chosen: list[str] = colours[np.where(untold, len(colours) - 1, step)].tolist()
    return chosen


def _look(fill: str, vacant_m2: float, name: str, mark: int | None) -> Look:
    said = f"{gettext('空置')} {area_said(vacant_m2)}" if vacant_m2 else ""
    return Look(fill, name, said, vacant_m2, False, str(mark) if mark else "")
