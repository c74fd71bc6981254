"""Reminds those who report before a return is due, and tells the chief of a building when it stays away.

Everybody is written to once per return and occasion; what was sent is noted on the return in the same transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Building
from geo.returns.weeks import week_name, week_of
from webmap import report_links
from webmap.config import Settings
from webmap.jobs import enqueue
from webmap.locale import SIMPLIFIED, address, moment
from webmap.mail import BadAddressError, send
from webmap.names import label
from webmap.permissions import REPORT, User, may, people_with
from webmap.reading import reading
from webmap.vacancy.models import VacancyReturn
from webmap.vacancy.owing import Clock, open_all
from webmap.vacancy.rules import rules_for

REPORTERS, CHIEFS = ("manager", "owner"), ("chief",)
LONGEST = timedelta(days=14)
"""A return that is older than this is no longer asked for."""


def chase(session: Session, settings: Settings, clock: Clock) -> tuple[int, int]:
    """Open this week's returns, remind and escalate; gives how many buildings were reminded and escalated."""
    open_all(session, week_of(clock.today), clock.zone)
    unsent = select(VacancyReturn).where(
        VacancyReturn.state.in_(("open", "rejected")), VacancyReturn.due_at > clock.now - LONGEST
    )
    owed = session.scalars(unsent.with_for_update(skip_locked=True)).all()
    rules = rules_for(session, [each.building_id for each in owed])
    near = [
        each
        for each in owed
        if each.reminded_at is None
        and each.due_at - timedelta(hours=rules[each.building_id].remind_hours) <= clock.now
    ]
    over = [
        each
        for each in owed
        if each.escalated_at is None
        and each.due_at + timedelta(days=rules[each.building_id].escalate_days) <= clock.now
    ]
    reminded = sum(_remind(session, settings, each, clock) for each in near)
    escalated = sum(_escalate(session, settings, each, clock) for each in over)
    told = [each for each in over if each.escalated_at]
    if told and settings.chat_webhook:
        enqueue(session, "tell_chat", text=_late_list(told))
    return reminded, escalated


def _remind(session: Session, settings: Settings, owed: VacancyReturn, clock: Clock) -> bool:
    """Send everybody who reports on the building a link that opens its return without a password."""
    for user in _people(session, owed.building, REPORTERS):
        if not may(user, REPORT, owed.building):
            continue
        token = report_links.make(session, settings.secret_key, owed.building, owed.week, user=user)
        with reading(settings, user.language or SIMPLIFIED.tag) as site:
            due = moment(owed.due_at)
            name = label(owed.building) or owed.building.code
            subject = gettext("空置周报：%(name)s，%(due)s 截止", name=name, due=due)
            first, last = gettext("没有变化也请点开确认，一次点击即可："), gettext("链接只用于这幢楼这一周，请勿转发。")
            if _write(session, user, subject, f"{first}\n{site}{address(f'/return/link/{token}')}\n\n{last}"):
                owed.reminded_at = clock.now
    return owed.reminded_at is not None


def _escalate(session: Session, settings: Settings, owed: VacancyReturn, clock: Clock) -> bool:
    """Tell the chiefs of a building; where a chat is told as well, that is enough."""
    if settings.chat_webhook:
        owed.escalated_at = clock.now
    for user in _people(session, owed.building, CHIEFS):
        with reading(settings, user.language or SIMPLIFIED.tag) as site:
            name = label(owed.building) or owed.building.code
            days = max(1, (clock.now - owed.due_at).days)
            subject = gettext("空置周报逾期 %(days)s 天：%(name)s", days=days, name=name)
            said = gettext("%(name)s %(week)s 的空置周报还没有送达，请联系物业。", name=name, week=week_name(owed.week))
            if _write(session, user, subject, f"{said}\n{site}{address('/desk/board')}"):
                owed.escalated_at = clock.now
    return owed.escalated_at is not None


def _write(session: Session, user: User, subject: str, body: str) -> bool:
    """Whether the mail could be put into the outbox."""
    try:
        send(session, user.email or "", subject, f"{body}\n")
    except BadAddressError:
        return False
    return True


def _people(session: Session, building: Building, roles: Sequence[str]) -> Iterable[User]:
    return [user for user in people_with(session, building, roles) if user.email]


def _late_list(owed: Sequence[VacancyReturn]) -> str:
    names = "、".join(each.building.name or each.building.code for each in owed[:30])
    more = f"等 {len(owed)} 幢" if len(owed) > 30 else ""
    return f"空置周报逾期：{names}{more}"
