"""What the worker does for those who follow a search: every morning a mail where there is news."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from flask_babel import gettext, ngettext
from procrastinate import JobContext
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.filters import to_query
from geo.news import News, forget, latest
from webmap.config import Settings
from webmap.follow import operations
from webmap.follow.feeds import news_lines, news_title, search_title
from webmap.follow.models import Alert
from webmap.jobs import tasks, work_of
from webmap.locale import address
from webmap.mail import send
from webmap.reading import reading
from webmap.walking import located, walks

MOST_TOLD = 50
"""Changes told in one mail; the link leads to all of them."""


@tasks.periodic(cron="0 0 * * *")  # 8 in the morning in China; workers count in UTC
@tasks.task(name="tell_news", pass_context=True, queueing_lock="tell_news")
def tell_news(context: JobContext, timestamp: int) -> None:
    """Every morning: tell followers what is new since they were told last, and forget what is over."""
    work = work_of(context)
    with work.transaction() as session:
        operations.prune(session)
        forget(session)
        for alert in operations.due(session):
            _tell(session, work.settings, alert)


def _tell(session: Session, settings: Settings, alert: Alert) -> None:
    now = datetime.now(UTC)
    try:
        filters = located(operations.filters_of(alert), partial(walks, session))
    except BadParameterError:  # the building that it walks from is not public any more
        return
    before, since = settings.stale_before(), alert.told_until
    news = latest(session, filters, settings.today(), since=since, limit=MOST_TOLD, stale_before=before)
    alert.told_until = now
    if not news:
        return
    with reading(settings, alert.language) as site:
        links = f"{site}{address(f'/alerts/{alert.code}/{operations.key_of(alert, settings.secret_key)}')}"
        count = ngettext("%(num)s 条变化", "%(num)s 条变化", len(news))
        subject = f"{count} · {search_title(filters)}"[:150]
        send(session, alert.email, subject, _body(news, site, to_query(filters), links), unsubscribe_url=f"{links}/end")


def _body(news: Sequence[News], site: str, query: str, links: str) -> str:
    parts = []
    for each in news:
        lines = [news_title(each), *news_lines(each), f"{site}{address(f'/u/{each.unit.code}')}"]
        parts.append("\n".join(lines))
    see, no_more = gettext("在地图上查看"), gettext("不再接收（点开即停）")
    parts += [f"{see}\n{site}{address('/')}?{query}", f"{no_more}\n{links}/end"]
    return "\n\n".join(parts) + "\n"
