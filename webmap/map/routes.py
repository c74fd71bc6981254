"""The map page, and the tiles and state files that it is drawn from."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, send_file, url_for

from geo import tiles
from geo.errors import BadParameterError, StaleVersionError
from geo.snapshot import Moment
from geo.tiles import Tile
from webmap.assets import asset
from webmap.config import Settings, current_settings
from webmap.db import public_session
from webmap.locale import address, language
from webmap.map.boot import Scenes, boot
from webmap.map.listing import listing
from webmap.permissions import needs
from webmap.published import published

blueprint = Blueprint("map", __name__)
FOREVER = "public, max-age=31536000, immutable"
STATE_TYPE = "application/vnd.loumap.columns"


def init_app(app: Flask) -> None:
    """Give the app its memory of the scene."""
    app.extensions["loumap_scenes"] = Scenes()


@blueprint.get("/")
@needs("public")
def home() -> str:
    """The map page; the whole state of the map is in its query string, which the page itself reads."""
    versions = published().versions()
    session = public_session()
    scene = current_app.extensions["loumap_scenes"].of(session, versions)
    told = boot(session, scene, versions, language())
    told |= {"title": current_settings().site_name, "worker": asset("maplibre-gl-worker.mjs"), "urls": _urls()}
    rows = listing(published().columns(current_settings().today()), request.args)
    return render_template("map/map.html", boot=told, here="map", sources=scene.credited, listing=rows)


def _urls() -> dict[str, str]:
    return {
        "tiles": "/tiles/{layer}/{version}/{z}/{x}/{y}.mvt",
        "state": "/state/{version}",
        "api": "/api/v1",
        "building": address("/b/{code}"),
    }


@blueprint.get("/tiles/<layer>/<int:version>/<int:z>/<int:x>/<int:y>.mvt")
@needs("public")
def tile(layer: str, version: int, z: int, x: int, y: int) -> Response:
    """A vector tile under its version; any other version leads to the current one."""
    try:
        data = published().tile(layer, version, Tile(z, x, y))
    except StaleVersionError:
        return _to_current(url_for(".tile", layer=layer, version=published().versions()[layer], z=z, x=x, y=y))
    response = Response(data, mimetype=tiles.MEDIA_TYPE)
    response.headers["Content-Encoding"] = "gzip"
    return _kept(response, f"{layer}-{version}-{z}-{x}-{y}")


@blueprint.get("/state/<int:version>")
@needs("public")
def state(version: int) -> Response:
    """The state file of a version: present, or with as_of (and known_at) a past day as it was known."""
    settings = current_settings()
    moment = _moment(settings)
    try:
        found = published().state(version, settings.today(), moment)
    except StaleVersionError:
        return _to_current(url_for(".state", version=published().versions()[tiles.STATE], **request.args))
    coding, path = _best_twin(found.path)
    response = send_file(path, mimetype=STATE_TYPE, etag=False, conditional=False)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    return _kept(response, f"{found.path.stem}-{coding}")


def _moment(settings: Settings) -> Moment | None:
    """The past that is asked for, or nothing for the present."""
    unknown = request.args.keys() - {"as_of", "known_at"}
    if unknown:
        name = min(unknown)
        raise BadParameterError(name, request.args[name], "as_of and known_at, dates such as 2026-03-31")
    if not request.args:
        return None
    today = settings.today()
    day = _day("as_of", today, today)
    known = _day("known_at", today, today)
    midnight = datetime.combine(known + timedelta(days=1), time.min, settings.timezone)
    return Moment(day, midnight - timedelta(microseconds=1))


def _day(name: str, default: date, latest: date) -> date:
    text = request.args.get(name)
    if not text:
        return default
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise BadParameterError(name, text, "a date such as 2026-03-31") from None
    if day > latest:
        raise BadParameterError(name, text, f"a day up to today, {latest}")
    return day


def _best_twin(path: Path) -> tuple[str | None, Path]:
    accepted = request.accept_encodings
    for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
        if accepted[coding] > 0 and path.with_suffix(suffix).exists():
            return coding, path.with_suffix(suffix)
    return None, path


def _kept(response: Response, tag: str) -> Response:
    response.headers["Cache-Control"] = FOREVER
    response.set_etag(tag)
    return response.make_conditional(request)


def _to_current(address: str) -> Response:
    response = redirect(address, 307)
    response.headers["Cache-Control"] = "no-store"
    return response
