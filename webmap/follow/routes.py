"""Feed and calendar of a search, and mail for those who want it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_babel import gettext

from geo import filters as filter_language
from geo import news, search
from geo.filters import MARKET, Filters, to_query
from geo.search import Asked
from webmap import db
from webmap.config import current_settings
from webmap.follow import feeds, operations
from webmap.follow.models import Alert
from webmap.follow.operations import BadEmailError
from webmap.locale import address, language
from webmap.mail import send
from webmap.permissions import needs
from webmap.walking import located

blueprint = Blueprint("follow", __name__)

FEED_DAYS = 30
KEPT_S = 600
"""How long programs may keep a feed before they ask again."""


@blueprint.get("/feeds/units.atom")
@needs("public")
def atom() -> Response:
    """What came, changed and went of a search in the last thirty days, as an Atom feed."""
    filters, now = located(_filters()), datetime.now(UTC)
    since, before = now - timedelta(days=FEED_DAYS), current_settings().stale_before()
    changes = news.latest(db.public_session(), filters, _today(), since=since, stale_before=before)
    page = render_template(
        "follow/units.atom.xml",
        changes=changes,
        title=feeds.search_title(filters),
        updated=changes[0].happened_at if changes else now.replace(hour=0, minute=0, second=0, microsecond=0),
        root=_site(),
        own=f"{_site()}{request.full_path.rstrip('?')}",
        page=f"{_site()}{address('/')}?{to_query(filters)}",
        news_title=feeds.news_title,
        news_lines=feeds.news_lines,
    )
    return _kept(Response(page, mimetype="application/atom+xml"))


@blueprint.get("/feeds/units.ics")
@needs("public")
def calendar() -> Response:
    """The days from which units of a search can be had, as a calendar to subscribe to."""
    filters = located(_filters())
    wanted = filters if filters.occupancy else replace(filters, occupancy=MARKET)
    before = current_settings().stale_before()
    asked = Asked(_today(), sort="-available_on", limit=search.MAX_LIMIT, stale_before=before)
    rows = search.find_units(db.public_session(), wanted, asked).rows
    return _kept(Response(feeds.calendar(filters, rows, _site(), _today()), mimetype="text/calendar"))


@blueprint.get("/alerts/new")
@needs("public")
def form() -> str:
    """The ways to follow a search: feed, calendar, mail."""
    return _form(_filters())


@blueprint.post("/alerts")
@needs("public")
def begin() -> str | tuple[str, int]:
    """Send a mail that asks whether the address really wants to be told."""
    email = request.form.get("email", "")
    filters = filter_language.parse(dict(parse_qsl(request.form.get("query", ""))))
    if not request.form.get("website"):
        try:
            alert = operations.begin(db.session(), email, filters, language().tag)
        except BadEmailError:
            return _form(filters, email=email, wrong=True), 422
        if alert:
            _ask_to_confirm(alert, filters)
    return _said(gettext("请查收邮件"), gettext("我们给您发了一封邮件，点开其中的链接并确认后才会开始提醒。"), filters)


@blueprint.get("/alerts/<code>/<key>")
@needs("public")
def confirming(code: str, key: str) -> str:
    """Where the mail leads: one button begins. Opening the page does nothing, since programs open links as well."""
    alert = _opened(code, key)
    filters = operations.filters_of(alert)
    running = alert.confirmed_at is not None and alert.ended_at is None
    title = feeds.search_title(filters)
    return render_template("follow/confirm.html", here=None, code=code, key=key, title=title, running=running)


@blueprint.post("/alerts/<code>/<key>")
@needs("public")
def confirm(code: str, key: str) -> str:
    """Begin to send."""
    alert = _opened(code, key)
    operations.confirm(db.session(), alert)
    filters = operations.filters_of(alert)
    return _said(gettext("已开始提醒"), gettext("有新变化时，每天早上最多一封邮件；每封邮件都能一键停止。"), filters)


@blueprint.route("/alerts/<code>/<key>/end", methods=["GET", "POST"])
@needs("public")
def end(code: str, key: str) -> str:
    """Send no more, at once; the page offers to go on, in case it was a mistake."""
    alert = _opened(code, key)
    operations.end(db.session(), alert)
    return render_template("follow/ended.html", here=None, code=code, key=key)


def init_app(app: Flask) -> None:
    """Let programs of mail end an alert (RFC 8058): they know the link and no form."""
    app.extensions["csrf"].exempt(app.view_functions["follow.end"])


def _ask_to_confirm(alert: Alert, filters: Filters) -> None:
    key = operations.key_of(alert, current_settings().secret_key)
    link = f"{current_settings().site_url}{url_for('.confirming', code=alert.code, key=key)}"
    lines = (feeds.search_title(filters), gettext("请打开链接确认要接收提醒：%(link)s", link=link))
    last = gettext("如果不是您本人填写，请忽略这封邮件，不会再收到。")
    send(db.session(), alert.email, gettext("请确认房源提醒"), "\n\n".join((*lines, last)) + "\n")


def _opened(code: str, key: str) -> Alert:
    return operations.opened(db.session(), code, key, current_settings().secret_key)


def _form(filters: Filters, email: str = "", wrong: bool = False) -> str:
    return render_template(
        "follow/form.html",
        here=None,
        title=feeds.search_title(filters),
        query=to_query(filters),
        email=email,
        wrong=wrong,
        site_url=_site(),
    )


def _said(heading: str, text: str, filters: Filters) -> str:
    return render_template("follow/said.html", here=None, heading=heading, text=text, query=to_query(filters))


def _filters() -> Filters:
    return filter_language.parse(request.args.to_dict())


def _kept(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = KEPT_S
    return response


def _today() -> date:
    return current_settings().today()


def _site() -> str:
    return current_settings().base_url or request.host_url.rstrip("/")
