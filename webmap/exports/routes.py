"""The page of downloads, and the files: small ones made on the spot, those of a whole city as the worker made them."""

import tempfile
from base64 import b64encode
from dataclasses import fields, replace
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from geo import filters as filter_language
from geo.errors import NotFoundError, TooMuchError
from geo.exports.about import origins_of
from geo.exports.geofiles import FORMATS, Format, format_of
from geo.exports.layers import LAYERS, Layer, count_rows
from geo.exports.offline import Asking
from geo.exports.texts import csv_metadata
from geo.filter_words import in_words
from geo.filters import MARKET, Filters, to_query
from webmap.carried import sending
from webmap.carried.asked import Carried
from webmap.config import current_settings
from webmap.db import database, driver_connection, public_session, session
from webmap.exports import prepared
from webmap.exports.making import about_search, asked_today, layer_of, make_file
from webmap.locale import address, language
from webmap.permissions import needs
from webmap.walking import located

blueprint = Blueprint("exports", __name__)

AT_ONCE = 20_000
"""Rows of a file that is made while somebody waits."""

BESIDE = "-metadata.json"
MAP = "map.html"
DIGEST = "Repr-Digest"
"""The header that says a file's checksum (RFC 9530)."""


@blueprint.get("/downloads")
@needs("public")
def downloads() -> str:
    """What can be taken along of the search in the address, or of the whole city."""
    filters, settings = _filters_among_others(), current_settings()
    counts = {layer.name: _count(layer, filters) for layer in LAYERS.values()}
    names = _names() if filters == Filters() else [prepared.TILES]
    return render_template(
        "exports/downloads.html",
        here="about",
        layers=LAYERS.values(),
        formats=FORMATS.values(),
        counts=counts,
        most=AT_ONCE,
        whole={name: prepared.prepared(settings, name) for name in names},
        tiles=prepared.TILES,
        today=settings.today(),
        asked=in_words(filters, language().tag),
        query=to_query(filters),
        to_let="" if filters.occupancy else to_query(replace(filters, occupancy=MARKET)),
        sources=origins_of(public_session()),
    )


@blueprint.get(f"/downloads/{MAP}")
@needs("public")
def offline_map() -> Response:
    """A district, an area or a selection (`buildings=CODE,CODE`) as one page that opens offline."""
    settings, filters = current_settings(), _filters_among_others()
    codes = tuple(code for code in request.args.get("buildings", "").split(",") if code)[:500]
    asking = Asking(filters, settings.today(), codes, settings.stale_before(), sending.AT_ONCE)
    return sending.send_map(Carried(asking))


@blueprint.get("/downloads/<file_name>")
@needs("public")
def file(file_name: str) -> AnyResponse:
    """A layer of the search as the file whose ending the name has; `….csv-metadata.json` says what a table means."""
    if file_name == prepared.TILES:
        return _whole(file_name, "application/vnd.pmtiles")
    filters = _filters()
    name = file_name.removesuffix(BESIDE)
    layer, kind = layer_of(name), format_of(name)
    if file_name.endswith(f".csv{BESIDE}"):
        about = about_search(public_session(), current_settings(), layer, filters)
        return Response(csv_metadata(about, name), mimetype="application/json")
    if name != file_name:
        raise NotFoundError
    if _count(layer, filters) <= AT_ONCE:
        return _made(layer, filters, kind, name)
    if filters != Filters():
        raise TooMuchError(f"More than {AT_ONCE:,} rows match; narrow the filter, or take the file of the whole city.")
    return _whole(name, kind.media_type)


@blueprint.post("/downloads/<file_name>")
@needs("public")
def prepare(file_name: str) -> AnyResponse:
    """Have the file of the whole city made."""
    if file_name not in _names():
        raise NotFoundError
    prepared.ask(session(), current_settings(), file_name)
    return redirect(address("/downloads"), 303)


def _made(layer: Layer, filters: Filters, kind: Format, name: str) -> Response:
    """A file made for this answer: it is gone from the disk before it is sent."""
    folder = prepared.folder_of(current_settings())
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as place:
        path = Path(place) / name
        make_file(database(), current_settings(), layer, filters, kind, path)
        stream, size, digits = path.open("rb"), path.stat().st_size, prepared.sum_of(path)
    answer = send_file(stream, kind.media_type, as_attachment=True, download_name=name, max_age=0)
    answer.content_length = size
    answer.headers[DIGEST] = _digest(digits)
    if kind.name == "csv":
        said = url_for("exports.file", file_name=f"{name}{BESIDE}", **request.args)
        answer.headers["Link"] = f'<{said}>; rel="describedby"; type="application/csvm+json"'
    return answer


def _whole(name: str, media_type: str) -> AnyResponse:
    """The file of the whole city, or the page where one asks for it."""
    found = prepared.prepared(current_settings(), name)
    if found.made_at is None:
        return redirect(address("/downloads"), 303)
    answer = send_file(found.path, media_type, as_attachment=True, download_name=name, max_age=0)
    if found.sha256:
        answer.headers[DIGEST] = _digest(found.sha256)
    return answer


def _digest(digits: str) -> str:
    """A SHA-256 as RFC 9530 writes it."""
    return f"sha-256=:{b64encode(bytes.fromhex(digits)).decode()}:"


def _names() -> list[str]:
    """The files of a whole city; a workbook does not take one."""
    kinds = [kind for kind in FORMATS.values() if kind.name != "xlsx"]
    return [*(f"{layer}.{kind.ending}" for layer in LAYERS for kind in kinds), prepared.TILES]


def _filters() -> Filters:
    return located(filter_language.parse(request.args))


def _filters_among_others() -> Filters:
    """The filters in the address of a map, whose camera, order and layers do not count here."""
    known = {each.name for each in fields(Filters)} | {"near_minutes"}
    return located(filter_language.parse({name: value for name, value in request.args.items() if name in known}))


def _count(layer: Layer, filters: Filters) -> int:
    """Rows of the search, counted up to one more than are made at once."""
    with driver_connection(database().public) as connection:
        return count_rows(connection, layer, filters, asked_today(current_settings()), AT_ONCE)
