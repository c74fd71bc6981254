"""The offline file: a district as one page that opens from a disk or a chat, with scripts or without, and asks nobody.

Whoever makes a file of something else (a short link, a choice of units) gives a `Carried` of its own to `carried_page`.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.exports.offline import Asking, District, Tower, payload, read_district
from geo.exports.offline.payload import looking_at, sums
from geo.exports.svg_stack import draw_stack
from geo.filter_words import in_words
from geo.taxonomy import rent_units
from webmap.carried.asked import Carried, Pick
from webmap.carried.drawing import draw, shade
from webmap.carried.words import script_words
from webmap.config import Settings
from webmap.errors import NotBuiltError
from webmap.locale import language
from webmap.names import hant, label
from webmap.words import word

ASSETS = Path(__file__).parents[2] / "static" / "dist" / "offline"
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


@dataclass(frozen=True, slots=True)
class Picked:
    """A line of somebody's choice: its number, its building and its units as they stand in the file."""

    number: int
    pick: Pick
    tower: Tower | None
    units: Sequence[Any]


def carried_page(session: Session, settings: Settings, carried: Carried) -> str:
    """The page, in the language of the request.

    Raises
    ------
    NotFoundError, TooMuchError, BadParameterError
        As `read_district`.
    NotBuiltError
        The front end has not been built.
    """
    asking = carried.asking
    district = read_district(session, asking)
    picks = _picked(carried.picks, district)
    units, area_m2 = sums(district.towers)
    return render_template(
        "carried/page.html",
        script=read_script(),
        carried=carried,
        title=carried.title or _title(district, asking, settings),
        asked=_asked(district, asking),
        moment=carried.moment,
        today=asking.today,
        district=district,
        picks=picks,
        towers=sorted(district.towers, key=lambda tower: -sum(unit.area_m2 or 0 for unit in tower.market)),
        units=units,
        area_m2=area_m2,
        plan=draw(district, {each.tower.facts.id: _numbers(picks, each.tower) for each in picks if each.tower}),
        stack=_stack,
        shade=shade,
        given=_given(district, carried, picks),
    )


def read_script() -> Script:
    """Script and sheet as the front-end build put them there; raises `NotBuiltError`."""
    if not ASSETS.is_dir():
        raise NotBuiltError
    code, style = ((ASSETS / name).read_text("utf-8").strip() for name in ("offline.js", "offline.css"))
    return Script(Markup(code), Markup(style))  # ours, and the build lets no end of an element into it


def _picked(picks: Sequence[Pick], district: District) -> list[Picked]:
    towers = {tower.facts.code: tower for tower in district.towers}
    return [Picked(number, pick, *_found(pick, towers.get(pick.building))) for number, pick in enumerate(picks, 1)]


def _found(pick: Pick, tower: Tower | None) -> tuple[Tower | None, Sequence[Any]]:
    """What is there of a pick: nothing of it where one of its units is gone."""
    units = [unit for unit in tower.units if unit.code in pick.units] if tower else []
    return (tower, units) if len(units) == len(pick.units) else (None, [])


def _numbers(picks: Sequence[Picked], tower: Tower) -> str:
    """The numbers of the lines that stand in a building, for its pin."""
    found = [each.number for each in picks if each.tower is tower]
    return ", ".join(map(str, found)) if len(found) < 4 else f"{found[0]}–{found[-1]}"


def _asked(district: District, asking: Asking) -> list[str]:
    """The filters in words."""
    places = {area.code: label(area) for area in district.areas}
    return [hant(phrase) for phrase in in_words(asking.filters, language().tag, places)]


def _given(district: District, carried: Carried, picks: Sequence[Picked]) -> dict[str, Any]:
    """What the script reads."""
    filters = carried.asking.filters
    return {
        "text": script_words(carried, _asked(district, carried.asking)),
        "rents": {unit.code: unit.label(language().tag) for unit in rent_units()},
        "preset": {"stale": filters.stale, "asked": filters.asks_of_units},
        "district": payload(district, label, word),
        "picks": [_pick(each, district) for each in picks],
        "view": _view(district, carried),
    }


def _pick(each: Picked, district: District) -> Mapping[str, Any]:
    """For the script: places of the building and of its units in the file, and words."""
    at = district.towers.index(each.tower) if each.tower else -1
    units = [each.tower.units.index(unit) for unit in each.units] if each.tower else []
    gone = "" if each.tower else " + ".join(each.pick.units) or each.pick.building
    return {"tower": at, "units": units, "note": each.pick.note, "said": each.pick.said, "gone": gone}


def _view(district: District, carried: Carried) -> Mapping[str, Any]:
    view = carried.view
    units = [unit.code for tower in district.towers if tower.facts.code == view.building for unit in tower.units]
    return {
        "at": looking_at(district, *view.at) if view.at else None,
        "flat": view.flat,
        "building": view.building,
        "unit": units.index(view.unit) if view.unit in units else -1,
    }


def _title(district: District, asking: Asking, settings: Settings) -> str:
    named = [label(area) for area in district.areas if area.code in asking.filters.within]
    return gettext("、").join(named) or hant(settings.site_name)


def _stack(tower: Tower) -> Markup:
    width, height = STACK_SIZE
    drawing = draw_stack(tower.plan, title=gettext("楼层剖面"), width=width, height=height)
    return Markup(drawing)  # escaped where it is drawn


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
