"""Addresses of the API: read the query, search, answer as JSON, GeoJSON or CSV."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel
from spectree import Response as Answers

from geo import facets as facet_search
from geo import filters as filter_language
from geo import search, search_places
from geo.errors import NotFoundError
from geo.filters import Filters, Origin, parse_origin
from geo.parameters import whole
from geo.search import Asked
from geo.snapshot import Moment
from webmap.api import clusters, finding, formats, indicators, items, operations, past, suggest, telling
from webmap.api.interface import as_json, blueprint, document_text, spec
from webmap.api.schemas import (
    AmenityItem,
    AreaItem,
    BuildingDetail,
    BuildingItem,
    EnterpriseItem,
    Facets,
    FacetValue,
    IsochroneQuery,
    Isochrones,
    ListQuery,
    PageOf,
    PastFilterQuery,
    PastListQuery,
    PastQuery,
    Problem,
    Versions,
    WalkQuery,
)
from webmap.api.telling import Found
from webmap.config import current_settings
from webmap.db import public_session, session
from webmap.left_out import not_shown
from webmap.listed_units import UnitItem, location
from webmap.match_schemas import MatchAnswer, MatchQuery
from webmap.matching import LIMIT, LONGEST_TERM, MOST, MOST_HOURS, TERM_MONTHS, found_matches, read_query
from webmap.past_searching import past_search
from webmap.permissions import current_user, may, needs
from webmap.published import published
from webmap.searching import present_search
from webmap.walking import located, minutes_of, walks_from

TABLE_LIMIT = 5000
"""Rows at most in one GeoJSON or CSV answer; JSON pages hold at most `search.MAX_LIMIT`."""

blueprint.register_blueprint(suggest.blueprint)
blueprint.register_blueprint(clusters.blueprint)
blueprint.register_blueprint(indicators.blueprint)

Past = Callable[[Filters, Asked, Moment], Found]


def _list(
    path: str, item: type[BaseModel], then: Past | None = None
) -> Callable[[Callable[[Filters, Asked], Found]], Callable[..., Response]]:
    """Serve a search under `path` (and `path.geojson`, `path.csv`), as pages of `item`; `then` of the past."""

    def wrap(find: Callable[[Filters, Asked], Found]) -> Callable[..., Response]:
        @blueprint.get(f"/{path}", endpoint=path)
        @spec.validate(
            query=PastListQuery if then else ListQuery,
            resp=Answers(HTTP_200=PageOf[item], HTTP_422=Problem),  # type: ignore[valid-type]
            tags=["lists"],
            skip_validation=True,
            operation_id=f"list_{path}",
        )
        @needs("public")
        def view() -> Response:
            return _answer(path, find, then, None)

        @blueprint.get(f"/{path}.<extension>", endpoint=f"{path}_file")
        @needs("public")
        def file_view(extension: str) -> Response:
            return _answer(path, find, then, extension)

        view.__doc__ = find.__doc__
        return view

    return wrap


def _answer(path: str, find: Callable[[Filters, Asked], Found], then: Past | None, extension: str | None) -> Response:
    kind = formats.chosen(extension, request.accept_mimetypes)
    also = ("sort", "after", "limit", *(past.PARAMETERS if then else ()))
    wanted = located(filter_language.parse(request.args, also=also))
    moment, told = (then and past.read_moment(request.args, current_settings())) or (None, None)
    asked = Asked(
        today=current_settings().today(),
        sort=request.args.get("sort", ""),
        after=request.args.get("after", ""),
        limit=_limit(search.MAX_LIMIT if kind == "json" else TABLE_LIMIT),
        stale_before=current_settings().stale_before(),
    )
    page, rows, geometries = then(wanted, asked, moment) if then and moment else find(wanted, asked)
    left_out = not_shown(page.stale)
    if kind == "csv":
        response = formats.as_csv(rows, past.file_name(path, told))
    elif kind == "geojson":
        response = formats.as_geojson(rows, geometries, page.total, left_out, told)
    else:
        told_page = PageOf[Any](items=rows, total=page.total, next=page.next, not_shown=left_out, moment=told)
        response = as_json(told_page)
    response.vary.add("Accept")
    if page.next:
        response.headers["Link"] = f'<{request.path}?{urlencode({**request.args, "after": page.next})}>; rel="next"'
    return response


@_list("buildings", BuildingItem, telling.past_buildings)
def buildings(wanted: Filters, asked: Asked) -> Found:
    """Buildings, by their own fields and those of their units; sort by name, height or year."""
    page = finding.buildings(wanted, asked)
    return telling.told_buildings(
        page, operations.vacancies(public_session(), [row[0].id for row in page.rows], asked.today)
    )


@_list("units", UnitItem, telling.past_units)
def units(wanted: Filters, asked: Asked) -> Found:
    """Units with their building, floor, rent and truth stamp; sort by area, rent, floor, available_on, reported_on."""
    return telling.told_units(finding.units(wanted, asked))


@_list("amenities", AmenityItem)
def amenities(wanted: Filters, asked: Asked) -> Found:
    """Amenities by category (`near`), text and box; sort by name."""
    page = search_places.find_amenities(public_session(), wanted, asked)
    sources = operations.source_names(public_session())
    rows = [items.amenity_item(row[0], sources) for row in page.rows]
    return page, rows, [telling.point(row.location) for row in rows]


@_list("areas", AreaItem)
def areas(wanted: Filters, asked: Asked) -> Found:
    """Named areas by text and box; sort by name."""
    page = search_places.find_areas(public_session(), wanted, asked)
    sources = operations.source_names(public_session())
    rows = [items.area_item(row[0], sources) for row in page.rows]
    return page, rows, [operations.geojson(row[0].geom) for row in page.rows]


@_list("enterprises", EnterpriseItem)
def enterprises(wanted: Filters, asked: Asked) -> Found:
    """Public register facts of enterprises by industry, text and box; sort by name."""
    page = search_places.find_enterprises(public_session(), wanted, asked)
    rows = [items.enterprise_item(*row[:2]) for row in page.rows]
    return page, rows, [telling.point(location(row[1].geom)) if row[1] else None for row in page.rows]  # type: ignore[misc]


@blueprint.get("/buildings/<code>")
@spec.validate(
    query=PastQuery,
    resp=Answers(HTTP_200=BuildingDetail, HTTP_404=Problem, HTTP_422=Problem),
    tags=["buildings"],
    skip_validation=True,
    operation_id="get_building",
)
@needs("public")
def building(code: str) -> Response:
    """One building with its outline, floors and units, those of a past day as the public may know them."""
    settings = current_settings()
    if found := past.read_moment(request.args, settings):
        then = past.building_then(code, *found)
        return as_json(operations.building_detail(public_session(), code, settings.today(), then=then))
    staff = may(current_user(), "see_staff_values")
    asked, caching = (session(), "private, no-store") if staff else (public_session(), "no-cache")
    return as_json(operations.building_detail(asked, code, settings.today(), staff=staff), caching)


@blueprint.get("/buildings/<code>/isochrones")
@spec.validate(
    query=IsochroneQuery,
    resp=Answers(HTTP_200=Isochrones, HTTP_404=Problem, HTTP_422=Problem),
    tags=["buildings"],
    skip_validation=True,
    operation_id="get_isochrones",
)
@needs("public")
def isochrones(code: str) -> Response:
    """The land within 5, 10 and 15 minutes on foot of a building, along the ways that lead there."""
    origin = Origin(code)
    if origin.place:
        raise NotFoundError(f"There is no building with the code {code!r}; ask /api/v1/isochrones for a place.")
    return _isochrones(origin)


@blueprint.get("/isochrones")
@spec.validate(
    query=WalkQuery,
    resp=Answers(HTTP_200=Isochrones, HTTP_404=Problem, HTTP_422=Problem),
    tags=["buildings"],
    skip_validation=True,
    operation_id="get_walks",
)
@needs("public")
def walks() -> Response:
    """The same from a building or from any place on the map."""
    return _isochrones(parse_origin(request.args.get("walk_from", "")))


def _isochrones(origin: Origin) -> Response:
    wanted = minutes_of(asked) if (asked := request.args.get("minutes")) else None
    features = [items.isochrone(origin, each) for each in walks_from(origin) if wanted in (None, each.minutes)]
    response = as_json(Isochrones(features=features))
    response.mimetype = formats.json_or_geojson(request.accept_mimetypes)
    response.vary.add("Accept")
    return response


@blueprint.get("/facets")
@spec.validate(
    query=PastFilterQuery,
    resp=Answers(HTTP_200=Facets, HTTP_422=Problem),
    tags=["lists"],
    skip_validation=True,
    operation_id="get_facets",
)
@needs("public")
def facets() -> Response:
    """Counts of listed buildings and units for the filters as they are, and for each value of each filter."""
    wanted = located(filter_language.parse(request.args, also=past.PARAMETERS))
    moment, told = past.read_moment(request.args, current_settings()) or (None, None)
    found = past_search(wanted, moment) if moment else present_search(wanted)
    return as_json(
        Facets(
            version=found.table.version,
            buildings=found.building_count,
            units=found.unit_count,
            area_m2=round(found.area_m2, 2),
            not_shown=not_shown(found.stale_count),
            moment=told,
            facets={
                field: [FacetValue(value=c.value, buildings=c.buildings, units=c.units) for c in counts]
                for field, counts in facet_search.facets(found).items()
            },
        )
    )


@blueprint.get("/match")
@spec.validate(
    query=MatchQuery,
    resp=Answers(HTTP_200=MatchAnswer, HTTP_422=Problem),
    tags=["lists"],
    skip_validation=True,
    operation_id="get_match",
)
@needs("public")
def match() -> Response:
    """Units and blocks that answer a requirement, each with its points, its cost, and what would bring more."""
    wanted, understood = read_query(request.args, also=("limit", "term", "overtime"))
    limit = whole("limit", request.args.get("limit") or str(LIMIT), 1, MOST)
    term = whole("term", request.args.get("term") or str(TERM_MONTHS), 1, LONGEST_TERM)
    hours = whole("overtime", request.args.get("overtime") or "0", 0, MOST_HOURS)
    found = found_matches(wanted, understood, limit=limit, term_months=term, overtime_hours=hours)
    return as_json(found)


@blueprint.get("/versions")
@spec.validate(resp=Answers(HTTP_200=Versions), tags=["map"], skip_validation=True, operation_id="get_versions")
@needs("public")
def versions() -> Response:
    """The current version of every layer of the map and of the state file."""
    return as_json(Versions(layers=published().versions()), "no-store")


@blueprint.get("/openapi.json")
@needs("public")
def openapi() -> Response:
    """This interface, described for programs."""
    return Response(document_text(), mimetype="application/json")


def _limit(most: int) -> int:
    text = request.args.get("limit", "")
    if not text:
        return min(most, 50 if most == search.MAX_LIMIT else most)
    return whole("limit", text, 1, most)
