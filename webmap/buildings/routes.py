"""The pages of a building, a unit and an area; they work without scripts."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from geo.access import Isochrone
from geo.exports.svg_map import Shape, draw_map
from geo.filters import WALKS_MIN, Origin
from geo.model import Area, Building, Unit
from geo.stacking import StackingPlan
from webmap import papers, permissions, plans, reads
from webmap.buildings import (
    area_paper,
    card_routes,
    charts,
    colouring,
    comparing,
    conditions,
    lineage,
    operations,
    paper,
    paper_routes,
    surroundings,
    texts,
)
from webmap.buildings.areas import AreaPage, load_area
from webmap.buildings.linked_data import building_data, unit_data
from webmap.buildings.navigation import links_to
from webmap.buildings.neighbours import Neighbours, neighbours_of
from webmap.buildings.operations import Asker, BuildingPage
from webmap.buildings.past import Archive, load_archive
from webmap.buildings.units import load_unit
from webmap.cards import card_link
from webmap.config import current_settings
from webmap.copies import read_once
from webmap.db import public_session, session
from webmap.locale import address, canonical_url
from webmap.looking_back import day_shown, look_back, moment_shown
from webmap.names import hant, label
from webmap.permissions import needs
from webmap.picture_rows import pictures_of
from webmap.walking import walks_from

blueprint = Blueprint("buildings", __name__)
blueprint.register_blueprint(card_routes.blueprint)
blueprint.register_blueprint(paper_routes.blueprint)

SMALL_MAP = (380, 260)
AREA_MAP = (380, 380)
ACROSS_M = 460
AROUND_DEGREES = (0.004, 0.0022)
"""Pixels of the maps, the metres across the one around a building, and a little more than that in degrees."""


def init_app(app: Flask) -> None:
    """Have the brochures of buildings, units and areas written."""
    papers.register(app, "building", paper.write_building)
    papers.register(app, "unit", paper.write_unit)
    papers.register(app, "area", area_paper.write_area)
    papers.register(app, "briefing", area_paper.write_briefing)


@blueprint.get("/b/<code>")
@needs("public")
def building(code: str) -> str:
    """A building with every floor, its vacancies and what is around it."""
    moment = look_back(request.args, instants_only=True)
    asker = _asker(Building, code)
    page = read_once("building", code, lambda: operations.load_building(public_session(), code, asker, _sort("-area")))
    reads.note(reads.BUILDING, page.building.id)
    return render_template(
        "buildings/building.html",
        sort=_sort("-area"),
        **_building_context(page, asker, walk := _walk(page)),
        view=(view := _view(page, page.plan, asker)),
        lit=next((page.floors[key].position for key in view.found.floors), None) if view.found else None,
        **_past_context(page, asker, beside=moment is None),
        neighbours=_neighbours(page, asker),
        walks=WALKS_MIN if page.building.publishable else (),
        walk=walk,
        summary=texts.building_summary(page),
        card=card_link(f"/card/b/{code}.png", label(page.building)),
        linked_data=building_data(page, canonical_url(), _site() + address("/u/%s")),
    )


@blueprint.get("/u/<code>")
@needs("public")
def unit(code: str) -> AnyResponse | str | tuple[str, int]:
    """A unit: its rent, its place on the floor, what was public of it before, and others like it.

    One that was merged leads to what it is part of now, one that was split names its parts.
    """
    look_back(request.args, instants_only=True)
    asker = _asker(Unit, code)
    if successors := lineage.successors_of(public_session(), code, asker):
        if len(successors) == 1:
            return redirect(address(f"/u/{successors[0].code}"))
        return render_template("buildings/reshaped.html", here=None, successors=successors), 410
    found = load_unit(public_session(), code, asker)
    reads.note(reads.UNIT, found.unit.id)
    building_url = _site() + address(f"/b/{found.page.building.code}")
    return render_template(
        "buildings/unit.html",
        unit=found.unit,
        found=found,
        origin=lineage.origin_of(public_session(), found.unit.id),
        terms=texts.offer_terms(found.page.offers.get(found.unit.offer_id)),
        months=texts.months,
        view=_view(found.page, found.plan, asker),
        card=card_link(f"/card/u/{code}.png", f"{label(found.page.building)} {found.unit.label}"),
        linked_data=unit_data(found.page, found.unit, building_url, canonical_url()),
        **_building_context(found.page, asker),
    )


@blueprint.get("/a/<code>")
@needs("public")
def area(code: str) -> str:
    """An area with its figures and its buildings."""
    look_back(request.args)
    asker = _asker(Area, code)
    page = read_once("area", code, lambda: load_area(public_session(), code, asker, _sort("-vacant")))
    return render_template(
        "area/area.html",
        page=page,
        sort=_sort("-vacant"),
        small_map=_area_map(page),
        card=card_link("/card/map.png", label(page.area), f"within={code}"),
        sources=list(page.sources.values()),
        today=asker.today,
        here=None,
    )


@blueprint.get("/compare")
@needs("public")
def compare() -> str:
    """Up to four units (`u`) and buildings (`b`) beside each other; codes by commas or one by one, or addresses."""
    look_back(request.args)
    asker, differing = Asker(day_shown()), request.args.get("only") == "differences"
    asked = comparing.sorted_out(public_session(), _codes("u"), _codes("b"), asker.today)
    compared = comparing.load(public_session(), asked.units, asked.buildings, asker)
    return render_template(
        "buildings/compare.html",
        here=None,
        compared=compared,
        gone=asked.gone,
        groups=comparing.groups(compared, differing=differing),
        differing=differing,
        query=(query := comparing.query_of(compared)),
        card=card_link("/card/compare.png", gettext("并列比较"), query) if compared else None,
        alike=comparing.alike(public_session(), compared, asker),
        query_of=partial(comparing.query_of, compared),
        sources=list({source.id: source for each in compared for source in each.page.sources.values()}.values()),
    )


def _codes(name: str) -> list[str]:
    """Codes of a parameter, each once; of an address that was pasted, what it ends with."""
    pieces = (piece for value in request.args.getlist(name) for piece in value.split(","))
    sent = (urlsplit(piece.strip()).path.rstrip("/").rsplit("/", 1)[-1] for piece in pieces)
    return list(dict.fromkeys(code for code in sent if code))


def _building_context(page: BuildingPage, asker: Asker, walk: Isochrone | None = None) -> dict[str, Any]:
    name = label(page.building) or hant(page.building.address)
    return {
        "page": page,
        "headline": texts.headline(page),
        "rents_beside": texts.rents_beside(page),
        "topics": (asked := conditions.topics(page)),
        "missing": conditions.missing(asked),
        "small_map": _walk_map(page, name, walk) if walk else _small_map(page, name),
        "manages": permissions.may(permissions.current_user(), "report_vacancy", page.building),
        "navigation": links_to(page.lon, page.lat, name),
        "pictures": pictures_of(public_session(), page.building.id, asker.today),
        "sources": list(page.sources.values()),
        "today": asker.today,
        "here": None,
    }


def _past_context(page: BuildingPage, asker: Asker, *, beside: bool) -> dict[str, Any]:
    """The building over time, and on the day that somebody wants to see `beside` today."""
    archive = read_once("archive", page.building.code, lambda: load_archive(public_session(), page.building.id))
    return {
        "charts": charts.floor_charts(archive, page, asker.today, request.args.get("floor", "")),
        "then": _then(page, archive, asker) if beside else None,
        "storeys": list({floor.position: floor.label for floor in page.floors.values()}.items()),
        "earliest": archive.first_day,
    }


def _then(page: BuildingPage, archive: Archive, asker: Asker) -> charts.ThenAndNow | None:
    """The day asked for beside today, as it is known now or was at the end of another day."""
    day = charts.read_day(request.args.get("as_of", ""), asker.today)
    known_on = charts.read_day(request.args.get("known_at", ""), asker.today, "known_at")
    if day is None:
        return None
    if known_on is not None:
        end = datetime.combine(known_on + timedelta(days=1), time.min, current_settings().timezone)
        archive = load_archive(public_session(), page.building.id, known_at=end - timedelta(microseconds=1))
    return replace(charts.then_and_now(public_session(), page, archive, asker, day), known_on=known_on)


def _neighbours(page: BuildingPage, asker: Asker) -> Neighbours | None:
    trade = request.args.get("trade", "")
    read = partial(neighbours_of, public_session(), page, asker, trade)
    return read_once("neighbours", f"{page.building.code} {trade}", read)


def _view(page: BuildingPage, plan: StackingPlan, asker: Asker) -> colouring.PlanView:
    """How the plan is coloured, and what is marked in it."""
    colour, wanted = request.args.get("colour") or "occupancy", request.args.get("find", "")[:20]
    return colouring.plan_view(page, plan, asker.today, colour, wanted)


def _small_map(page: BuildingPage, name: str) -> str:
    box = plans.box_around(page.lon, page.lat, *AROUND_DEGREES)
    shapes = plans.shapes_in(public_session(), box, _may_see_all(), page.building.id)
    return draw_map(shapes, (page.lon, page.lat), ACROSS_M, SMALL_MAP, title=name)


def _walk_map(page: BuildingPage, name: str, walk: Isochrone) -> str:
    """The same as far as a walk reaches."""
    box: plans.Box = tuple(walk.area.bounds)
    shapes = [
        *plans.shapes_in(public_session(), box, _may_see_all(), page.building.id),
        Shape("outline", walk.area),
    ]
    centre, across_m = plans.view_of(box, SMALL_MAP[0] / SMALL_MAP[1])
    return draw_map(shapes, centre, across_m, SMALL_MAP, title=name)


def _walk(page: BuildingPage) -> Isochrone | None:
    """What is reached within the minutes asked for, if they are among those offered."""
    wanted = request.args.get("walk", "")
    if not page.building.publishable or wanted not in {str(each) for each in WALKS_MIN}:
        return None
    return next(each for each in walks_from(Origin(page.building.code)) if each.minutes == int(wanted))


def _area_map(page: AreaPage) -> str:
    shapes, box = surroundings.area_shapes(public_session(), page, _may_see_all())
    centre, across_m = plans.view_of(box, AREA_MAP[0] / AREA_MAP[1])
    return draw_map(shapes, centre, across_m, AREA_MAP, title=label(page.area))


def _asker(kind: type[Building] | type[Unit] | type[Area], code: str) -> Asker:
    """Visitors see what is public; who may see staff values of the very thing sees the rest as well, but of today."""
    today = day_shown()
    user = None if moment_shown() else permissions.current_user()
    thing = session().scalar(select(kind).where(kind.code == code)) if user else None
    staff = thing is not None and permissions.may(user, "see_staff_values", thing)
    return Asker(today, staff)


def _may_see_all() -> bool:
    """Whether the map around shows what is not publishable: a role for one place says nothing of what stands beside."""
    return moment_shown() is None and permissions.may(permissions.current_user(), "see_staff_values")


def _sort(default: str) -> str:
    """The order asked for; other parameters, such as chat programs hang onto a link, are left alone."""
    return request.args.get("sort") or default


def _site() -> str:
    return current_settings().base_url or request.host_url.rstrip("/")
