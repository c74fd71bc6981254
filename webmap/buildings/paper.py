"""Brochures of a building and of a unit: what their pages say, set for paper, with plan, map, contact and QR code."""

from typing import Any

from flask import render_template
from flask_babel import gettext
from sqlalchemy.orm import Session

from geo import taxonomy
from geo.exports.svg_place_card import LOW
from geo.exports.svg_stack import draw_stack
from webmap import cards, files
from webmap.buildings import card, conditions, texts
from webmap.buildings.operations import Asker, BuildingPage, load_building
from webmap.buildings.units import load_unit
from webmap.config import current_settings
from webmap.db import public_session
from webmap.looking_back import day_shown
from webmap.names import attribution
from webmap.numbers import ago, day
from webmap.papers import Tell, data_url, press
from webmap.place_pictures import Pin, let_said, occupancy_legend, scene_around, scene_png

HEROES = {"a4": (1000, 400), "long": (760, 560)}
STACKS = {"a4": (340, 400), "long": (420, 420)}
MOST = {"a4": 15, "long": 40}
"""Units in the table, the largest first; the others are on the page that the code leads to."""


def write_building(code: str, form: str, tell: Tell) -> bytes:
    """The brochure of a building as PDF. Raises NotFoundError as its page does."""
    session, asker = public_session(), Asker(day_shown())
    page = load_building(session, code, asker)
    tell(1, 4)
    told = _told(session, page, asker, form, f"/b/{code}", card.name_of(page))
    tell(2, 4)
    html = render_template("buildings/brochure.html", **told, rents_beside=texts.rents_beside(page), most=MOST[form])
    tell(3, 4)
    return press(html, form)


def write_unit(code: str, form: str, tell: Tell) -> bytes:
    """The brochure of a unit as PDF. Raises NotFoundError as its page does."""
    session, asker = public_session(), Asker(day_shown())
    found = load_unit(session, code, asker)
    tell(1, 4)
    name = f"{card.name_of(found.page)} {found.unit.label}"
    told = _told(session, found.page, asker, form, f"/u/{code}", name, found.unit)
    tell(2, 4)
    terms = texts.offer_terms(found.page.offers.get(found.unit.offer_id))
    stamp = _stamp(found.page, found.unit, asker)
    html = render_template("buildings/unit_brochure.html", **told, found=found, terms=terms, stamp=stamp)
    tell(3, 4)
    return press(html, form)


def frame(form: str, path: str, name: str, asker: Asker, sources: list[Any]) -> dict[str, Any]:
    """What the frame of every brochure needs: see templates/papers/paper.html."""
    url = cards.page_url(path)
    return {
        "form": form,
        "today": asker.today,
        "sources": sources,
        "url": url,
        "qr": data_url(cards.qr_file(url), "image/svg+xml"),
        "title_of": gettext("%(name)s 及周边的三维示意图", name=name),
        "industry_colours": {group.code: group.colour for group in taxonomy.map_groups()},
    }


def _told(
    session: Session, page: BuildingPage, asker: Asker, form: str, path: str, name: str, unit: Any = None
) -> dict[str, Any]:
    pin = Pin(page.building.id, page.lon, page.lat, card.name_of(page), let_said(page.vacancy.vacant_m2))
    size = HEROES[form]
    picture = scene_png(scene_around(session, pin, size), size, letter=1.25, low=LOW)
    width, height = STACKS[form]
    stack_title = gettext("%(name)s 的楼层剖面", name=name)
    mark = [unit.id] if unit else ()
    stack = draw_stack(page.plan, title=stack_title, width=width, height=height, mark=mark)
    return {
        **frame(form, path, name, asker, [*page.sources.values()]),
        "page": page,
        "where": card.where(page),
        "headline": texts.headline(page),
        "picture": data_url(picture, "image/png"),
        "photo": _photo(session, page, asker, unit),
        "stack": data_url(stack, "image/svg+xml"),
        "stack_title": stack_title,
        "occupancy_colours": occupancy_legend()[1],
        "stated": conditions.stated(page),
    }


def _photo(session: Session, page: BuildingPage, asker: Asker, unit: Any) -> str:
    row = card.photo_of(session, page, asker, unit)
    if row is None:
        return ""
    return data_url(files.path_with(current_settings().data / "files", row.large_sha256).read_bytes(), "image/jpeg")


def _stamp(page: BuildingPage, unit: Any, asker: Asker) -> list[tuple[str, str]]:
    """How old the facts of a unit are and whose word they are."""
    source = page.sources.get(unit.state_source_id or unit.source_id)
    said = (
        gettext("无人报送")
        if not unit.reported_on
        else f"{day(unit.reported_on)}（{ago(unit.reported_on, asker.today)}）"
    )
    verified = (
        f"{day(unit.verified_on)}（{ago(unit.verified_on, asker.today)}）" if unit.verified_on else gettext("未核实")
    )
    return [
        (gettext("来源"), str(attribution(source)) if source else "—"),
        (gettext("报送日期"), said),
        (gettext("核实"), verified),
    ]
