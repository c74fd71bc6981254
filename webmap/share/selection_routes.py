"""A private selection as its client reads it, marks it and asks from it, without an account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, NotFoundError
from webmap import asking, db, match_wording, papers, reads
from webmap.asking import Asked, BadInquiryError
from webmap.config import current_settings
from webmap.locale import address, language
from webmap.permissions import current_user, needs
from webmap.picked import headline, wording
from webmap.picked.filling import Entry
from webmap.picked.place_map import draw_places
from webmap.share import operations, questions, selection_paper, selection_sheet, selections, viewings
from webmap.share.addresses import address_of
from webmap.share.letters import tell_of_question
from webmap.share.models import ShortLink
from webmap.share.selection_models import Selection
from webmap.share.selection_page import SelectionPage, load_page

blueprint = Blueprint("selections", __name__)

MAP = (380, 300)
TRAP = "website"
"""A field that no reader sees: who fills it in is a program."""

OPENED = "opened"
"""Where a browser's signed cookie keeps the keys of the selections whose passcode it has said."""

MOST_OPENED = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PasscodeNeededError(Exception):
    """The browser has not said the passcode of this selection yet."""


def show(link: ShortLink) -> str | tuple[str, int]:
    """The page of a selection, or the question for its passcode."""
    made = selections.of_link(db.session(), link)
    if not _is_open(made):
        return _locked(made)
    reads.note(reads.LINK, link.id)
    return _page(made)


@blueprint.post("/s/<token>/open")
@needs("public")
def unlock(token: str) -> AnyResponse | tuple[str, int]:
    """Say the passcode."""
    made = _found(token, locked=True)
    with db.own_transaction() as own:
        right = selections.try_passcode(own, made, request.form.get("passcode", "").strip(), request.remote_addr)
    if not right:
        return _locked(made, wrong=True)
    kept = [key for key in cookie.get(OPENED, []) if isinstance(key, str)][-MOST_OPENED:]
    cookie[OPENED] = [*kept, selections.key_of(made, current_settings().secret_key)]
    return redirect(address(f"/s/{token}"), 303)


@blueprint.post("/s/<token>/like")
@needs("public")
def like(token: str) -> AnyResponse:
    """Mark an item as a favourite, or no longer."""
    code = request.form.get("u", "")
    selections.like(db.session(), _found(token), code)
    return redirect(f"{address(f'/s/{token}')}#{code}", 303)


@blueprint.post("/s/<token>/ask")
@needs("public")
def ask(token: str) -> AnyResponse | str | tuple[str, int]:
    """Ask something about the selection or one of its items; it becomes an inquiry."""
    made = _found(token)
    page = load_page(made)
    entries = _chosen(page, request.form.getlist("about"))
    return _take(page, entries, request.form.get("body", ""), {})


@blueprint.post("/s/<token>/viewing")
@needs("public")
def viewing(token: str) -> AnyResponse | str | tuple[str, int]:
    """Ask to see items at a time; it becomes an inquiry, and an entry for the client's calendar."""
    made = _found(token)
    page = load_page(made)
    entries = _chosen(page, request.form.getlist("u"))
    try:
        start = viewings.read_start(request.form.get("at", ""), current_settings().timezone)
        if not entries:
            raise BadParameterError("u", "", "at least one unit or building")
    except BadParameterError as error:
        return _page(made, page, wrong="viewing", problem=error), 422
    wish = "\n\n".join(filter(None, [viewings.said(entries, start), request.form.get("body", "").strip()]))
    told = {"at": f"{start:%Y-%m-%dT%H:%M}", "u": ",".join(entry.code for entry in entries)}
    return _take(page, entries, wish, told, start)


@blueprint.get("/s/<token>/said")
@needs("public")
def said(token: str) -> str:
    """Where the answer will stand (`inquiry`, its code and key), and the viewing for a calendar."""
    made = _found(token)
    code, _, key = request.args.get("inquiry", "").partition(".")
    inquiry = asking.opened(db.session(), code, key, current_settings().secret_key)
    asked = {name: request.args[name] for name in ("at", "u") if request.args.get(name)}
    calendar = f"{address(f'/s/{token}/viewing.ics')}?{urlencode(asked)}" if len(asked) == 2 else ""
    return render_template("share/said.html", here=None, made=made, inquiry=inquiry, key=key, calendar=calendar)


@blueprint.get("/s/<token>/viewing.ics")
@needs("public")
def calendar(token: str) -> AnyResponse:
    """A viewing (`at`, items `u`) as an entry for calendars."""
    made = _found(token)
    start = viewings.read_start(request.args.get("at", ""), current_settings().timezone)
    entries = _chosen(load_page(made), request.args.get("u", "").split(","))
    response = Response(viewings.calendar(entries, start, address_of(made.link)), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="viewing.ics"'
    return private(response)


@blueprint.get("/s/<token>/selection.xlsx")
@needs("public")
def xlsx(token: str) -> AnyResponse:
    """The selection as a workbook."""
    made = _found(token)
    page = load_page(made)
    response = Response(selection_sheet.write(page), mimetype=XLSX)
    response.headers["Content-Disposition"] = f'inline; filename="selection-{page.filled.today:%Y-%m-%d}.xlsx"'
    return private(response)


@blueprint.get("/s/<token>/selection.pdf")
@blueprint.get("/s/<token>/selection-<any(long):paper>.pdf")
@needs("public")
def pdf(token: str, paper: str = "a4") -> AnyResponse:
    """The selection as a brochure: A4, or one long page for telephones."""
    return _paper(_found(token), paper)


@blueprint.get("/s/<token>/selection.pptx")
@needs("public")
def pptx(token: str) -> AnyResponse:
    """The selection as slides for a meeting."""
    return _paper(_found(token), "slides")


def _paper(made: Selection, form: str) -> AnyResponse:
    """What the worker has written, or the page that waits for it; the same again while nothing has changed."""
    version = selection_paper.version_of(made, load_page(made))
    return private(papers.answer("selection", made.link.token, form, made.link.name, version=version))


def refuse_locked(_: PasscodeNeededError) -> AnyResponse:
    """Lead whoever has not said the passcode to where it is asked for."""
    token = (request.view_args or {}).get("token", "")
    return redirect(address(f"/s/{token}"), 303)


def _found(token: str, *, locked: bool = False) -> Selection:
    """The selection of a token, once its passcode was said; raises as `operations.opened`."""
    link = operations.opened(db.session(), token)
    if not link.is_private:
        raise NotFoundError
    made = selections.of_link(db.session(), link)
    if not locked:
        require_open(made)
    return made


def require_open(made: Selection) -> None:
    """Refuse a browser that needs to say the passcode first; raises PasscodeNeededError."""
    if not _is_open(made):
        raise PasscodeNeededError


def _is_open(made: Selection) -> bool:
    """Whether it needs no passcode of this browser: it was said, there is none, or its maker looks at it."""
    user = current_user()
    if made.passcode_hash is None or (user is not None and user.id == made.link.user_id):
        return True
    return selections.key_of(made, current_settings().secret_key) in cookie.get(OPENED, [])


def _locked(made: Selection, *, wrong: bool = False) -> tuple[str, int]:
    page = render_template("share/passcode.html", here=None, token=made.link.token, wrong=wrong)
    return page, 403 if wrong else 200


def _chosen(page: SelectionPage, codes: Sequence[str]) -> list[Entry]:
    wanted = set(codes)
    return [line.entry for line in page.lines if line.entry.code in wanted and line.entry.thing]


def _take(
    page: SelectionPage, entries: Sequence[Entry], body: str, told: dict[str, str], viewing_at: datetime | None = None
) -> Any:
    """Take a question in as an inquiry about the first item that is meant, and show where the answer will stand."""
    token = page.made.link.token
    if request.form.get(TRAP):
        return redirect(address(f"/s/{token}"), 303)
    about = next(iter(entries), None) or next((line.entry for line in page.lines if line.entry.thing), None)
    if about is None:
        return _page(page.made, page, wrong="gone"), 422
    codes = (about.code, None) if about.is_building else (None, about.code)
    building, unit = asking.thing(db.session(), *codes)
    whence = gettext("（来自选集“%(name)s” /s/%(token)s）", name=page.made.link.name, token=token)
    said = {field: request.form.get(field, "") for field in ("name", "contact")}
    asked = Asked("inquiry", building, unit, None, **said, body=body.strip(), language=language().tag)
    try:
        asked.check()
        if not request.form.get("agreed"):
            return _page(page.made, page, wrong="agreed"), 422
    except BadInquiryError as error:
        return _page(page.made, page, wrong=error.field), 422
    with db.own_transaction() as own:
        asking.count_send(own, request.remote_addr)
    inquiry, is_new = asking.ask(db.session(), asked.with_note(whence))
    if is_new:
        questions.keep(db.session(), page.made, inquiry, [entry.code for entry in entries], viewing_at)
        tell_of_question(db.session(), page.made, inquiry)
    flash(gettext("已收到。请保存本页地址，答复会显示在这里。"))
    key = asking.key_of(inquiry, current_settings().secret_key)
    return redirect(url_for(".said", token=token, inquiry=f"{inquiry.code}.{key}", **told), 303)


def _page(
    made: Selection, page: SelectionPage | None = None, wrong: str = "", problem: BadParameterError | None = None
) -> str:
    page = page or load_page(made)
    return render_template(
        "share/selection.html",
        here=None,
        page=page,
        made=made,
        token=made.link.token,
        small_map=draw_places(db.public_session(), page.filled, MAP) if page.filled.found else "",
        words=wording,
        headline=headline,
        match_words=match_wording,
        sources=page.filled.sources,
        longest=asking.LONGEST,
        trap=TRAP,
        form=request.form,
        about=request.args.get("about", ""),
        wrong=wrong,
        problem=problem,
    )


def private(answer: Any) -> AnyResponse:
    """An answer that nobody keeps and no search engine shows."""
    response = current_app.make_response(answer)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
