"""Short links: the page to share another one, the address that opens it, and the list of one's own links."""

from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, NotFoundError
from geo.looking_back import Moment
from webmap import db, papers, reads
from webmap.config import current_settings
from webmap.locale import LANGUAGES, address
from webmap.looking_back import look_back_to, moment_of
from webmap.permissions import MAKE_LINKS, current_user, may_somewhere, needs
from webmap.picked import wording
from webmap.picked.filling import load
from webmap.share import (
    carrying_routes,
    operations,
    qr,
    question_routes,
    questions,
    seen,
    selection_desk,
    selection_paper,
    selection_routes,
    selections,
    tokens,
    viewings,
)
from webmap.share.addresses import address_of, site
from webmap.share.models import ShortLink
from webmap.share.operations import LinkEndedError
from webmap.share.over import over
from webmap.share.states import LINK, SELECTION, LinkState, of_address, read_state
from webmap.share.subjects import kind_of, subject_of

blueprint = Blueprint("share", __name__)

READ = ("buildings.building", "buildings.unit")
"""Pages that count which building or unit was looked at."""


@blueprint.get("/share")
@needs("public")
def share() -> str:
    """How to send a page (`to`): its address and QR code; those who may are offered a short link."""
    return _share(request.args.get("to", "/"))


@blueprint.get("/share/qr.<any(svg,png):image>")
@needs("public")
def code(image: str) -> Response:
    """The QR code of a page of this site (`to`)."""
    to = request.args.get("to", "/")
    return _code(f"{site()}{of_address(to).address_at(moment_of(to))}", image)


@blueprint.post("/share")
@needs(MAKE_LINKS, somewhere=True)
def make() -> AnyResponse | tuple[str, int]:
    """Make a short link, and show it."""
    sent = request.form
    try:
        user, state = _maker(), of_address(sent.get("to", ""))
        name = sent.get("name", "").strip() or _subject(state).title
        frozen = sent.get("moment") == "frozen"
        moment = _frozen(state, sent["to"]) if frozen else None
        link = operations.make(db.session(), user, state, name, moment=moment, lasts_days=_days(sent.get("lasts", "")))
    except BadParameterError as error:
        return _share(sent.get("to", "/"), problem=error), 422
    return redirect(url_for(".mine", token=link.token), 303)


@blueprint.get("/s/<token>")
@needs("public")
def opening(token: str) -> AnyResponse | tuple[str, int]:
    """Lead to what a link opens, with the rights of whoever opens it."""
    try:
        link = operations.opened(db.session(), token)
        if token != link.token:
            return _uncached(redirect(address(f"/s/{link.token}"), 301))
        if link.is_private:
            return selection_routes.private(selection_routes.show(link))
        state = read_state(link.state)
    except LinkEndedError:
        return over(410, operations.find(db.session(), token))
    except NotFoundError:
        return over(404)
    except BadParameterError as error:
        return over(410, problem=error)
    reads.note(reads.LINK, link.id)
    return _uncached(redirect(state.address_through(link.token, link.moment), 302))


@blueprint.get("/s/<token>/qr.<any(svg,png):image>")
@needs("public")
def link_code(token: str, image: str) -> Response:
    """The QR code of a link that opens something."""
    return _code(address_of(operations.opened(db.session(), token)), image)


@blueprint.get("/desk/links")
@needs(MAKE_LINKS, somewhere=True)
def index() -> str:
    """One's own links, newest first."""
    links = operations.links_of(db.session(), _maker())
    opened = seen.openings(db.session(), links, current_settings().today())
    waiting = questions.waiting(db.session(), links)
    return render_template(
        "share/index.html",
        here="desk",
        links=links,
        opened=opened,
        waiting=waiting,
        address_of=address_of,
        kind=_kind,
    )


@blueprint.get("/desk/links/<token>")
@needs(MAKE_LINKS, somewhere=True)
def mine(token: str) -> str:
    """One link of one's own: to copy, to scan, to rename, to end."""
    return _mine(operations.own(db.session(), _maker(), token))


@blueprint.post("/desk/links/<token>")
@needs(MAKE_LINKS, somewhere=True)
def change(token: str) -> AnyResponse | tuple[str, int]:
    """Rename a link, give it another last day, or withdraw it."""
    link, sent = operations.own(db.session(), _maker(), token), request.form
    if sent.get("act") == "withdraw":
        operations.withdraw(db.session(), link)
        flash(gettext("链接已收回，打开的人会看到说明。"))
        return redirect(url_for(".mine", token=link.token), 303)
    try:
        name, expires_at = operations.checked_name(sent.get("name", "")), link.expires_at
        if sent.get("lasts", "keep") != "keep":
            expires_at = operations.expiry(_days(sent["lasts"]))
    except BadParameterError as error:
        return _mine(link, problem=error), 422
    link.name, link.expires_at = name, expires_at
    flash(gettext("已保存。"))
    return redirect(url_for(".mine", token=link.token), 303)


def init_app(app: Flask) -> None:
    """Have a page that a link led to carry the link's own name, for chat cards, and count what is read through it."""
    for pages in (selection_desk, selection_routes, question_routes, carrying_routes):
        app.register_blueprint(pages.blueprint)
    carrying_routes.init_app(app)
    app.register_error_handler(selection_routes.PasscodeNeededError, selection_routes.refuse_locked)
    app.register_error_handler(LinkEndedError, lambda _: over(410))
    papers.register(app, "selection", selection_paper.write)
    app.before_request(_came_through)
    app.context_processor(lambda: {"shared": _shared() if LINK in request.args else None})


def _share(to: str, problem: BadParameterError | None = None) -> str:
    state, moment = of_address(to), moment_of(to)
    if moment:
        look_back_to(moment)
    plain = f"{site()}{state.address_at(moment)}"
    return render_template(
        "share/share.html",
        here=None,
        state=state,
        plain=plain,
        to=state.address_at(moment),
        subject=_subject(state),
        kind=kind_of(state.page),
        image=qr.svg(plain) if len(plain) <= qr.MOST else "",
        makes=may_somewhere(current_user(), MAKE_LINKS),
        lasts=operations.LASTS_DAYS,
        longest=operations.LONGEST_NAME,
        problem=problem,
        embeds=state.page in ("map", "building", "unit", "area"),
    )


def _frozen(state: LinkState, to: str) -> Moment:
    """What a link is frozen to: the moment that the shared page looks back to, else now."""
    return operations.freeze(db.session(), state, current_settings().today(), moment_of(to))


def _mine(link: ShortLink, problem: BadParameterError | None = None) -> str:
    return render_template(
        "share/link.html",
        here="desk",
        link=link,
        link_address=address_of(link),
        carried=carrying_routes.address_of_map(link),
        image="" if link.is_over else qr.svg(address_of(link)),
        spoken=tokens.spoken(link.token),
        target=_readable(link),
        seen=seen.seen_through(db.session(), db.public_session(), link, current_settings().today()),
        **_of_client(link),
        words=wording,
        kind=_kind(link),
        lasts=operations.LASTS_DAYS,
        longest=operations.LONGEST_NAME,
        problem=problem,
    )


def _of_client(link: ShortLink) -> dict[str, Any]:
    """Of a selection: what its client has marked (`liked`, with when) and asked (`asked`), its items by code."""
    if not link.is_private:
        return {"liked": None}
    made, settings = selections.of_link(db.session(), link), current_settings()
    filled = load(db.public_session(), selections.picked_of(made), settings.today())
    liked = [(entry, item.liked_at) for entry, item in zip(filled.entries, made.items, strict=True) if item.liked_at]
    return {
        "liked": liked,
        "asked": questions.asked_through(db.session(), made),
        "entries": {entry.code: entry for entry in filled.entries},
        "when": lambda start: viewings.when(start.astimezone(settings.timezone)),
    }


def _shared() -> dict[str, Any] | None:
    """Name and address of the link that the page was opened by, if it opens anything; a private one stays unnamed."""
    try:
        link = operations.opened(db.session(), request.args[LINK])
    except (NotFoundError, LinkEndedError):
        return None
    if link.is_private:
        return None
    return {"title": link.name, "address": address_of(link)}


def _came_through() -> None:
    """Say which link led to a page: it stands in its address, or in that of the page from which it was opened."""
    token = request.args.get(LINK) or _before().get(LINK, "")
    if token and request.method == "GET" and request.endpoint in READ:
        with suppress(NotFoundError, LinkEndedError):
            reads.through(operations.opened(db.session(), token).id)


def _before() -> dict[str, str]:
    """The parameters of the page of this site that the request came from."""
    came_from = urlsplit(request.referrer or "")
    return dict(parse_qsl(came_from.query)) if came_from.netloc == request.host else {}


def _subject(state: LinkState) -> Any:
    """What a state shows, in its own language."""
    language = next(each for each in LANGUAGES if each.tag == state.language)
    with force_locale(language.locale):
        return subject_of(db.public_session(), state)


def _readable(link: ShortLink) -> LinkState | None:
    try:
        return read_state(link.state)
    except BadParameterError:
        return None


def _kind(link: ShortLink) -> str:
    if link.is_private:
        return kind_of(SELECTION)
    state = _readable(link)
    return kind_of(state.page) if state else "—"


def _code(target: str, kind: str) -> Response:
    if len(target) > qr.MOST:
        raise BadParameterError(
            "to", f"{len(target)} characters", f"at most {qr.MOST}, else no telephone reads the code"
        )
    made = qr.svg_file(target) if kind == "svg" else qr.png_file(target)
    response = Response(made, mimetype="image/svg+xml" if kind == "svg" else "image/png")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _days(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _maker() -> Any:
    """Who is signed in; the route has asked for the right."""
    return current_user()


def _uncached(response: AnyResponse) -> AnyResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
