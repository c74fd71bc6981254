"""Who else promises a unit that a return offers (撞单), and since when: told to whoever decides on the return."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from geo.history import Rival, promises_of
from geo.model import Party, Source
from geo.returns.standing import UnitNow
from webmap.permissions import User
from webmap.vacancy.models import ReturnLine


@dataclass(frozen=True, slots=True)
class Collision:
    """Another's standing offer of a unit: its code, who promises it (an account, a party or a source), since when."""

    code: str
    who: str
    since: datetime


def collisions(
    session: Session, lines: Sequence[ReturnLine], units: Mapping[int, UnitNow], today: date
) -> dict[int, list[Collision]]:
    """Line → others' offers of its unit, the oldest first; of lines that offer their unit and were not sent back.

    An offer that the building has let stand as its own, since no account wrote it, is what the return says anew.
    """
    offering = [line for line in lines if line.offered and line.outcome in ("waiting", "accepted")]
    promised: dict[int, list[Rival]] = defaultdict(list)
    for rival in promises_of(session, [line.unit_id for line in offering], today):
        promised[rival.unit_id].append(rival)
    found: dict[int, list[Collision]] = {}
    for line in offering:
        now = units.get(line.unit_id)
        own = now.offer_id if now else None
        theirs = [each for each in promised[line.unit_id] if _is_others(each, line, own)]
        if theirs:
            found[line.id] = [Collision(each.code, _who(session, each), each.promised_at) for each in theirs]
    return found


def _is_others(rival: Rival, line: ReturnLine, own_offer_id: int | None) -> bool:
    sender = line.submission.user_id
    if rival.user_id is None and rival.offer_id == own_offer_id:
        return False
    return rival.user_id is None or rival.user_id != sender


def _who(session: Session, rival: Rival) -> str:
    if rival.user_id is not None and (user := session.get(User, rival.user_id)):
        return user.full_name or user.name
    if rival.contact_id is not None and (party := session.get(Party, rival.contact_id)):
        return party.name
    return session.get_one(Source, rival.source_id).name
