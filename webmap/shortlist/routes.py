"""The shortlist as a page that works without scripts, as a workbook and on paper; everything is in the address."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from geo.kept import Kept
from webmap.config import current_settings
from webmap.db import public_session
from webmap.locale import address, language
from webmap.looking_back import dated, day_shown, look_back, moment_shown
from webmap.permissions import needs
from webmap.picked import paper, wording, workbook
from webmap.picked.filling import Shortlist, load
from webmap.picked.place_map import draw_places
from webmap.picked.selection import MOST, NOTE_LENGTH, Selection, parse
from webmap.published import published

blueprint = Blueprint("shortlist", __name__)

FORM = "form"
"""A parameter that says the query comes from the page's own form, with the button that was pressed."""

COMPARED = 4
"""Units that /compare takes."""

KEPT_FILES = 16
"""Made files that are kept: who sends a list to five people makes it once."""

SCREEN_MAP = (380, 300)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"

Files = Kept[tuple[object, ...], bytes]


@blueprint.get("/shortlist")
@needs("public")
def shortlist() -> AnyResponse | str:
    """The list of the address, with a form to annotate, order and shorten it."""
    chosen = parse(request.args.items(multi=True))
    look_back(request.args)
    if request.args.get(FORM):
        return redirect(dated(_path(_pressed(chosen, request.args))), 303)
    made = load(public_session(), chosen, day_shown())
    return render_template(
        "shortlist/shortlist.html",
        here="shortlist",
        shortlist=made,
        query=chosen.query,
        compared=",".join(entry.code for entry in made.found[:COMPARED]),
        small_map=draw_places(public_session(), made, SCREEN_MAP) if made.found else "",
        words=wording,
        most=MOST,
        note_length=NOTE_LENGTH,
        sources=made.sources,
    )


@blueprint.get("/shortlist.xlsx")
@needs("public")
def xlsx() -> Response:
    """The list as a workbook."""
    return _file("xlsx", XLSX, lambda made: workbook.write(made, _site(), _address(made.selection)))


@blueprint.get("/shortlist.pdf")
@needs("public")
def pdf() -> Response:
    """The list on paper."""
    return _file("pdf", PDF, lambda made: paper.write(public_session(), made, _site(), _address(made.selection)))


def _file(ending: str, mimetype: str, make: Callable[[Shortlist], bytes]) -> Response:
    """A file of the list of the address; the same one again while neither the data nor the day has changed."""
    look_back(request.args)
    chosen, today = parse(request.args.items(multi=True)), day_shown()
    if not chosen.codes:
        raise BadParameterError("u", "", "codes of units, such as u=x7k2m9qd,4hf0s2ab")
    kept: Files = current_app.extensions.setdefault("loumap_shortlist_files", Kept(KEPT_FILES))
    shown = (*sorted(published().versions().items()), today, moment_shown())
    key = (*shown, language().tag, _site(), ending, chosen.query)
    made = kept.get(key) or kept.keep(key, make(load(public_session(), chosen, today)))
    response = Response(made, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'inline; filename="shortlist-{today:%Y-%m-%d}.{ending}"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response


def _pressed(chosen: Selection, sent: MultiDict[str, Any]) -> Selection:
    """The list after a button of the form: one unit up, down or away, or only the notes."""
    if code := sent.get("drop"):
        return chosen.without(code)
    if code := sent.get("up"):
        return chosen.moved(code, -1)
    return chosen.moved(sent.get("down", ""), 1)


def _path(chosen: Selection) -> str:
    return f"{address('/shortlist')}?{chosen.query}" if chosen.codes else address("/shortlist")


def _address(chosen: Selection) -> str:
    return f"{_site()}{dated(_path(chosen))}"


def _site() -> str:
    return current_settings().base_url or request.host_url.rstrip("/")
