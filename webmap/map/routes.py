"""The map page, and the tiles and state files that it is drawn from."""

from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, NotFoundError, StaleVersionError
from geo.snapshot import Moment
from geo.tiles import Tile
from webmap.assets import asset
from webmap.config import Settings, current_settings
from webmap.db import Database, public_session, session
from webmap.freshness import Follower, also_follow
from webmap.locale import address, language
from webmap.map import card, card_routes, embed_routes, window
from webmap.map.boot import boot
from webmap.map.listing import FORM, listing, of_form
from webmap.map.results_map import results_map
from webmap.map.scene import Scenes
from webmap.map_mode import mode
from webmap.moments import is_instant, read_moment
from webmap.permissions import current_user, may, needs
from webmap.published import Published, published
from webmap.searching import present_table
from webmap.security import policy_for_frames
from webmap.state_files import StateFiles
from webmap.tile_answers import FOREVER
from webmap.tile_path import PROBLEM, address_of

blueprint = Blueprint("map", __name__)
STAFF = "see_staff_values"
STATE_TYPE = "application/vnd.loumap.columns"
blueprint.register_blueprint(card_routes.blueprint)
blueprint.register_blueprint(embed_routes.blueprint)


def init_app(app: Flask) -> None:
    """Give the app its memory of the scene."""
    scenes = app.extensions["loumap_scenes"] = Scenes()
    database: Database = app.extensions["loumap_database"]
    public: Published = app.extensions["loumap_published"]
    also_follow(app, Follower("scene", lambda: scenes.follow(database, public.noted), scenes.unfollow, scenes.ready))
    window.init_app(app)


@blueprint.get("/")
@needs("public")
def home() -> AnyResponse | str:
    """The map page; the whole state of the map is in its query string, which the page itself reads.

    What is frozen is the same for everybody.
    """
    if FORM in request.args:
        return redirect(f"{address('/')}?{of_form(request.args)}", 303)
    frozen = is_instant(request.args.get("known_at", ""))
    return _page("map/map.html", staff=not frozen and may(current_user(), STAFF))


def _page(template: str, *, staff: bool, framed: bool = False) -> str:
    source = published(staff=staff)
    versions = source.versions()
    asked = session() if staff else public_session()
    scene = current_app.extensions["loumap_scenes"].of(asked, versions, staff=staff)
    told = boot(asked, scene, versions, language(), staff=staff)
    settings = current_settings()
    told |= {"title": settings.site_name, "today": settings.today().isoformat(), "urls": _urls(staff)}
    told |= {"worker": asset("maplibre-gl-worker.mjs"), "framed": framed}
    told["mode"] = mode(present_table(staff=staff).columns)
    listed = listing(request.args, staff=staff)
    told["past"] = listed.version if any(listed.past) else None
    return render_template(
        template, boot=told, here="map", sources=scene.credited, listing=listed, card=card.link(request.args)
    )


@blueprint.get("/embed")
@needs("public")
def embed() -> Response:
    """The map page without our bar, for a frame in the page of a site that may (LOUMAP_EMBED_HOSTS); never staff's."""
    response = Response(_page("map/embed.html", staff=False, framed=True), mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy_for_frames(current_settings().embed_hosts)
    return response


@blueprint.get("/map.svg")
@needs("public")
def drawn() -> Response:
    """The results of a search as one drawing with links, for browsers without scripts or without WebGL."""
    staff = may(current_user(), STAFF)
    asked = session() if staff else public_session()
    response = Response(results_map(asked, request.args, staff=staff), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, no-store" if staff else "public, max-age=60"
    return response


def _urls(staff: bool) -> dict[str, str]:
    return {
        "tiles": ("/tiles/staff" if staff else "/tiles") + "/{layer}/{version}/{z}/{x}/{y}.mvt",
        "market": "/tiles/market/{version}/{z}/{x}/{y}.mvt",
        "state": "/state/staff/{version}" if staff else "/state/{version}",
        "api": "/api/v1",
        "building": address("/b/{code}"),
        "map": address("/map.svg"),
    }


@blueprint.get("/tiles/<layer>/<int:version>/<int:z>/<int:x>/<int:y>.mvt")
@needs("public")
def tile(layer: str, version: int, z: int, x: int, y: int) -> Response:
    """A vector tile under its version; any other version leads to the current one."""
    return _tile(layer, version, Tile(z, x, y), staff=False)


@blueprint.get("/tiles/staff/<layer>/<int:version>/<int:z>/<int:x>/<int:y>.mvt")
@needs(STAFF)
def staff_tile(layer: str, version: int, z: int, x: int, y: int) -> Response:
    """The same with unpublishable sources, for staff and their browsers alone."""
    return _private(_tile(layer, version, Tile(z, x, y), staff=True))


@blueprint.get("/state/<int:version>")
@needs("public")
def state(version: int) -> Response:
    """The state file of a version: present, or with as_of (and known_at) a past day as it was known."""
    return _state(version, staff=False)


@blueprint.get("/state/staff/<int:version>")
@needs(STAFF)
def staff_state(version: int) -> Response:
    """The same with unpublishable sources, for staff and their browsers alone."""
    return _private(_state(version, staff=True))


def _tile(layer: str, version: int, tile: Tile, staff: bool) -> Response:
    source = published(staff=staff)
    asked = address_of(layer, version, tile, request.query_string.decode("latin-1"), current_settings())
    try:
        if PROBLEM in request.environ:
            raise request.environ[PROBLEM]
        if not request.path.endswith(asked.path.removeprefix("/tiles")):
            raise NotFoundError(f"The address of this tile is written {asked.path}.")
        answer = source.tiles.answer(asked)
    except StaleVersionError as stale:
        place = {"layer": layer, "z": tile.zoom, "x": tile.x, "y": tile.y, **request.args}
        return _to_current(url_for(request.endpoint, version=stale.current, **place))
    status, headers, body = answer.reply(request.environ)
    return Response(body, status, headers)


def _state(version: int, staff: bool) -> Response:
    settings = current_settings()
    moment = _moment(settings)
    source = published(staff=staff)
    try:
        found = source.states.state(version, settings.today(), moment)
    except StaleVersionError as stale:
        return _to_current(url_for(request.endpoint, version=stale.current, **request.args))
    coding, path = _best_twin(source.states, found.path)
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
    day, known = (request.args.get(name, "").strip() for name in ("as_of", "known_at"))
    return read_moment(day, known, settings)


def _best_twin(states: StateFiles, path: Path) -> tuple[str | None, Path]:
    accepted = request.accept_encodings
    if accepted["br"] > 0 and path.with_suffix(".br").exists():
        return "br", path.with_suffix(".br")
    return ("gzip", states.gzipped(path)) if accepted["gzip"] > 0 else (None, path)


def _kept(response: Response, tag: str) -> Response:
    response.headers["Cache-Control"] = FOREVER
    response.set_etag(tag)
    return response.make_conditional(request)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _to_current(address: str) -> Response:
    response = redirect(address, 307)
    response.headers["Cache-Control"] = "no-store"
    return response
