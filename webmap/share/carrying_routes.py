"""Offline files of pages and of links: one HTML file that shows the same and opens without a network."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Flask, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from webmap import db, passcodes, reads
from webmap.carried import links
from webmap.carried.asked import Carried
from webmap.carried.sending import AT_ONCE, send_map
from webmap.locale import LANGUAGES, SIMPLIFIED, Language, address, in_language, language
from webmap.looking_back import look_back, look_back_to, moment_of
from webmap.permissions import needs
from webmap.share import operations, selection_routes, selections
from webmap.share.carrying import carried_by, carried_selection
from webmap.share.models import ShortLink
from webmap.share.operations import LinkEndedError
from webmap.share.over import over
from webmap.share.states import of_address, read_state

blueprint = Blueprint("carrying", __name__)


@blueprint.get("/share/map.html")
@needs("public")
def page_map() -> AnyResponse:
    """The offline file of a page of this site (`to`), at the moment that its address looks back to."""
    to = request.args.get("to", "/")
    state = of_address(to)
    if moment := moment_of(to):
        look_back_to(moment)
    return _in(_language(state.language)) or send_map(carried_by(state, most=AT_ONCE))


@blueprint.get("/shortlist/map.html")
@needs("public")
def shortlist_map() -> AnyResponse:
    """The offline file of the list of the address, and of its moment."""
    look_back(request.args)
    state = of_address(f"{address('/shortlist')}?{request.query_string.decode()}")
    return send_map(carried_by(state, most=AT_ONCE))


@blueprint.get("/s/<token>/map.html")
@needs("public")
def link_map(token: str) -> AnyResponse | tuple[str, int]:
    """The offline file of a link; of a private selection without anybody's words where `words=0` says so."""
    try:
        link = operations.opened(db.session(), token)
        spoken = _in(_language_of(link))
        if spoken is not None:
            return spoken
        answer = send_map(_selection(link) if link.is_private else _frozen_or_live(link, AT_ONCE))
    except LinkEndedError:
        return over(410, operations.find(db.session(), token))
    reads.note(reads.LINK, link.id)
    return selection_routes.private(answer)


def init_app(app: Flask) -> None:
    """Let the command line have the files of links."""
    links.register(app, opened)


def address_of_map(link: ShortLink) -> str:
    """The address of the offline file of a link, in its language."""
    return in_language(_language_of(link), f"/s/{link.token}/map.html")


def opened(token: str, passcode: str | None) -> tuple[Language, Callable[[int], Carried]]:
    """For the command line: the language of a link, and what it carries.

    The words of a selection are in it for who knows its passcode, or where it has none.

    Raises
    ------
    NotFoundError, LinkEndedError
        There is no such link, or it opens nothing any more.
    BadParameterError
        The passcode is not that of the selection.
    """
    link = operations.opened(db.session(), token)
    if not link.is_private:
        return _language_of(link), partial(_frozen_or_live, link)
    made = selections.of_link(db.session(), link)
    locked = made.passcode_hash
    if locked and passcode is not None and not passcodes.is_right(passcode, locked):
        raise BadParameterError("passcode", "…", "the passcode of this selection")
    with_words = not locked or passcode is not None
    return _language_of(link), lambda most: carried_selection(made, most=most, with_words=with_words)


def _frozen_or_live(link: ShortLink, most: int) -> Carried:
    return carried_by(read_state(link.state), link, most=most)


def _selection(link: ShortLink) -> Carried:
    made = selections.of_link(db.session(), link)
    selection_routes.require_open(made)
    return carried_selection(made, most=AT_ONCE, with_words=request.args.get("words") != "0")


def _language_of(link: ShortLink) -> Language:
    return _language(str(link.state.get("language", "")))


def _language(tag: str) -> Language:
    return next((each for each in LANGUAGES if each.tag == tag), SIMPLIFIED)


def _in(wanted: Language) -> AnyResponse | None:
    """The way to the file in the language of a link, where the address names none."""
    if language() is not SIMPLIFIED or wanted is SIMPLIFIED:
        return None
    query = request.query_string.decode()
    return redirect(in_language(wanted, request.path) + (f"?{query}" if query else ""), 302)
