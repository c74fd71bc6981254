"""The offline file: a district as one page that opens from a disk or a chat, with scripts or without, and asks nobody.

Whoever makes a file of something else (a short link, a collection) gives an `Asking` of its own to `carried_page`.
"""

import hashlib
import math
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from flask import render_template
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.exports.offline import Asking, District, Tower, payload, read_district
from geo.exports.offline.payload import sums
from geo.exports.svg_map import Shape, draw_map
from geo.exports.svg_stack import draw_stack
from geo.filter_words import in_words
from geo.taxonomy import rent_units
from webmap.config import Settings
from webmap.errors import NotBuiltError
from webmap.exports.carried_words import script_words
from webmap.locale import language
from webmap.names import hant, label
from webmap.plans import view_of
from webmap.words import word

ASSETS = Path(__file__).parents[2] / "static" / "dist" / "offline"
MAP_WIDTH = 960
TALLEST, FLATTEST = 1.4, 0.45
"""Height of the drawing for its width, at most and at least."""

COLOURS = ((0.0, "#dde2e8"), (0.10, "#fbdca6"), (0.25, "#f3ad55"), (0.50, "#d9731f"), (1e9, "#9c3f0a"))
SPARE = 1.12
"""What `view_of` leaves around a box, which has the city around in it already."""

UNKNOWN_COLOUR = "#c3cbc3"
STACK_SIZE = (200, 230)


@dataclass(frozen=True, slots=True)
class Script:
    """The script and the sheet that are written into the page, with the digests its policy allows."""

    code: Markup
    style: Markup

    @property
    def policy(self) -> str:
        """What the page may load: these two, and nothing from anywhere."""
        code, style = _digest(self.code), _digest(self.style)
        return (
            f"default-src 'none'; script-src '{code}'; style-src '{style}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )


def carried_page(session: Session, settings: Settings, asking: Asking) -> str:
    """The page, in the language of the request.

    Raises
    ------
    NotFoundError, TooMuchError
        As `read_district`.
    NotBuiltError
        The front end has not been built.
    """
    district = read_district(session, asking)
    script = read_script()
    units, area_m2 = sums(district.towers)
    return render_template(
        "exports/carried.html",
        script=script,
        title=_title(district, asking, settings),
        asked=[hant(phrase) for phrase in in_words(asking.filters, language().tag, _places(district))],
        today=asking.today,
        district=district,
        towers=sorted(district.towers, key=lambda tower: -sum(unit.area_m2 or 0 for unit in tower.market)),
        units=units,
        area_m2=area_m2,
        plan=Markup(_drawing(district)),  # names are escaped where it is drawn
        stack=_stack,
        shade=shade,
        given=_given(district, asking),
    )


def read_script() -> Script:
    """Script and sheet as the front-end build put them there; raises `NotBuiltError`."""
    if not ASSETS.is_dir():
        raise NotBuiltError
    code, style = ((ASSETS / name).read_text("utf-8").strip() for name in ("offline.js", "offline.css"))
    return Script(Markup(code), Markup(style))  # ours, and the build lets no end of an element into it


def shade(rate: float | None) -> str:
    """The class of a vacancy: v0 to v4, or vn where nothing is known."""
    return "vn" if rate is None else f"v{next(step for step, (most, _) in enumerate(COLOURS) if rate <= most)}"


def _given(district: District, asking: Asking) -> dict[str, Any]:
    """What the script reads."""
    wanted = asking.filters
    preset = {"areaMin": wanted.area_min, "areaMax": wanted.area_max}
    return {
        "text": script_words(),
        "rents": {unit.code: unit.label(language().tag) for unit in rent_units()},
        "preset": {name: float(value) for name, value in preset.items() if value is not None},
        "district": payload(district, label, word),
    }


def _title(district: District, asking: Asking, settings: Settings) -> str:
    codes = asking.filters.within
    named = [label(area) for area in district.areas if area.code in codes]
    return gettext("、").join(named) or hant(settings.site_name)


def _places(district: District) -> dict[str, str]:
    return {area.code: label(area) for area in district.areas}


def _drawing(district: District) -> str:
    west, south, east, north = district.box
    high = (north - south) / ((east - west) * math.cos(math.radians(south)))
    size = (MAP_WIDTH, round(MAP_WIDTH * min(TALLEST, max(FLATTEST, high))))
    centre, across_m = view_of(district.box, size[0] / size[1])
    ground = [Shape(row.kind, shape, label(row), road_class=row.road_class) for row, shape in district.ground]
    parts = [part for _, shape in district.around for part in shapely.get_parts(shape)]
    around = [Shape("building", shapely.multipolygons(parts))] if parts else []  # one shape: a tenth of the bytes
    lines = [Shape("transit", shape, label(row), colour=row.colour) for row, shape in district.lines]
    stops = [Shape("stop", shape, label(row)) for row, shape in district.stops]
    towers = [_drawn(tower) for tower in district.towers]
    title = gettext("楼宇空置地图")
    return draw_map([*ground, *lines, *around, *towers, *stops], centre, across_m / SPARE, size, title=title)


def _drawn(tower: Tower) -> Shape:
    kind = "vacant" if tower.market else "listed"
    colour = UNKNOWN_COLOUR if tower.rate is None else COLOURS[int(shade(tower.rate)[1])][1]
    return Shape(kind, tower.shape, label(tower.facts), colour=colour, href=f"#{tower.facts.code}")


def _stack(tower: Tower) -> Markup:
    width, height = STACK_SIZE
    drawing = draw_stack(tower.plan, title=gettext("楼层剖面"), width=width, height=height)
    return Markup(drawing)  # escaped where it is drawn


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
