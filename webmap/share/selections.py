"""Making, opening and marking private selections: what the client sees is public, what was written is not."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session, selectinload

from geo.errors import BadParameterError, NotFoundError
from webmap import passcodes
from webmap.auth.models import User
from webmap.errors import TooManyAttemptsError
from webmap.networks import network_of
from webmap.picked.filling import Entry, Found, House, Shortlist, load
from webmap.picked.selection import MOST, NOTE_LENGTH
from webmap.picked.selection import Selection as Picked
from webmap.share import operations
from webmap.share.models import ShortLink
from webmap.share.selection_models import PasscodeTry, Selection, SelectionItem

LONGEST = {"greeting": 1000, "sender": 200}
PER_NETWORK, PER_LINK = 8, 60
"""Wrong passcodes that a network, and everybody together, may try of one link within `TRIES_WITHIN`."""

LATEST = 6

TRIES_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the maker has filled in: whom it is for, what is said, which units in which order with which notes."""

    name: str
    greeting: str
    sender: str
    requirement: str
    picked: Picked
    passcode: str = ""
    lasts_days: int | None = None

    def check(self) -> None:
        """Refuse what cannot be kept.

        Raises
        ------
        BadParameterError
            A text is too long, there is no unit or there are too many, or the requirement is not understood.
        """
        operations.checked_name(self.name)
        for field, most in LONGEST.items():
            if len(getattr(self, field)) > most:
                raise BadParameterError(field, f"{getattr(self, field)[:20]}…", f"at most {most} characters")
        if not 0 < len(self.picked.codes) <= MOST:
            raise BadParameterError("u", f"{len(self.picked.codes)} codes", f"1 to {MOST} units and buildings")
        for note in self.picked.notes.values():
            if len(note) > NOTE_LENGTH:
                raise BadParameterError("n", f"{note[:20]}…", f"at most {NOTE_LENGTH} characters")
        if self.passcode and not passcodes.SHORTEST <= len(self.passcode) <= passcodes.LONGEST:
            allowed = f"{passcodes.SHORTEST} to {passcodes.LONGEST} characters, or none"
            raise BadParameterError("passcode", "…", allowed)


def make(session: Session, public: Session, user: User, language: str, draft: Draft, today: date) -> ShortLink:
    """A selection of `user` under a new link, with what is public of its units now."""
    draft.check()
    link = operations.make_private(session, user, language, draft.name, draft.lasts_days)
    made = Selection(link=link, greeting=draft.greeting, sender=draft.sender, requirement=draft.requirement)
    made.passcode_hash = passcodes.hash_of(draft.passcode) if draft.passcode else None
    _fill(made, load(public, draft.picked, today))
    session.add(made)
    session.flush()
    return link


def change(session: Session, public: Session, made: Selection, draft: Draft, today: date) -> None:
    """Send a selection anew under its link: what is told now is what is compared with from now on."""
    draft.check()
    made.link.name = operations.checked_name(draft.name)
    made.greeting, made.sender, made.requirement = draft.greeting, draft.sender, draft.requirement
    if draft.passcode:
        made.passcode_hash = passcodes.hash_of(draft.passcode)
    liked = {item.code: item.liked_at for item in made.items}
    made.items.clear()
    session.flush()
    _fill(made, load(public, draft.picked, today), liked)
    made.sent_at = datetime.now(UTC)
    session.flush()


def of_link(session: Session, link: ShortLink) -> Selection:
    """The selection of a link; raises NotFoundError when it is none."""
    chosen = select(Selection).where(Selection.link_id == link.id).options(selectinload(Selection.items))
    found = session.scalar(chosen)
    if found is None:
        raise NotFoundError
    return found


def latest(session: Session, user: User) -> list[ShortLink]:
    """The links of the latest selections of `user` that open something, to add to one of them."""
    return [link for link in operations.links_of(session, user) if link.is_private and not link.is_over][:LATEST]


def picked_of(made: Selection) -> Picked:
    """Its units and buildings in their order with their notes."""
    return Picked(
        tuple(item.code for item in made.items),
        {item.code: item.note for item in made.items if item.note},
        frozenset(item.code for item in made.items if item.kind == "building"),
    )


def key_of(made: Selection, secret: str) -> str:
    """What a browser is given that has said the passcode; another one once the passcode is changed."""
    said = f"selection {made.link_id} {made.passcode_hash}"
    return hmac.new(secret.encode(), said.encode(), "sha256").hexdigest()[:32]


def try_passcode(session: Session, made: Selection, passcode: str, address: str | None) -> bool:
    """Whether it is the passcode; a wrong one is counted. `session` commits by itself.

    Raises
    ------
    TooManyAttemptsError
        The network, or everybody together, has tried too often.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"tries {made.link_id}"})
    now, network = datetime.now(UTC), network_of(address)
    lately = select(func.count(), func.min(PasscodeTry.tried_at)).where(
        PasscodeTry.link_id == made.link_id, PasscodeTry.tried_at > now - TRIES_WITHIN
    )
    for most, counted in ((PER_NETWORK, lately.where(PasscodeTry.network == network)), (PER_LINK, lately)):
        times, first = session.execute(counted).one()
        if times >= most:
            raise TooManyAttemptsError(int((first + TRIES_WITHIN - now).total_seconds()) + 1)
    if passcodes.is_right(passcode, made.passcode_hash or ""):
        return True
    session.add(PasscodeTry(link_id=made.link_id, network=network))
    session.flush()
    return False


def like(session: Session, made: Selection, code: str) -> None:
    """Mark an item as a favourite, or no longer; raises NotFoundError when it is not on the list."""
    item = next((each for each in made.items if each.code == code), None)
    if item is None:
        raise NotFoundError
    item.liked_at = None if item.liked_at else datetime.now(UTC)
    session.flush()


def prune(session: Session, days: int) -> int:
    """Erase selections whose link has been over for so many days, and tries of yesterday; gives how many went."""
    now = datetime.now(UTC)
    session.execute(delete(PasscodeTry).where(PasscodeTry.tried_at < now - timedelta(days=1)))
    ended = func.least(ShortLink.withdrawn_at, ShortLink.expires_at) < now - timedelta(days=days)
    old = select(Selection.link_id).join(ShortLink).where(ended)
    gone = delete(ShortLink).where(ShortLink.id.in_(old)).returning(ShortLink.id)
    return len(session.scalars(gone).all())


def _fill(made: Selection, filled: Shortlist, liked: Mapping[str, datetime | None] | None = None) -> None:
    made.items = [
        SelectionItem(
            place=entry.number,
            kind="building" if entry.is_building else "unit",
            code=entry.code,
            note=entry.note,
            told=told_of(entry),
            liked_at=(liked or {}).get(entry.code),
        )
        for entry in filled.entries
    ]


def told_of(entry: Entry) -> dict[str, Any]:
    """What is public of a unit or building, as far as changes of it are told; nothing of what is no longer listed."""
    if entry.house:
        return _told_of_house(entry.house)
    return _told_of_unit(entry.found) if entry.found else {}


def _told_of_unit(found: Found) -> dict[str, Any]:
    unit = found.unit
    return {
        "status": unit.status,
        "area_m2": _number(unit.area_m2),
        "rent_amount": _number(unit.rent_amount),
        "rent_unit": unit.rent_unit,
        "available_on": unit.available_on.isoformat() if unit.available_on else None,
    }


def _told_of_house(house: House) -> dict[str, Any]:
    return {"free": {unit.code: [unit.label, _number(unit.area_m2)] for unit in house.free}}


def _number(value: Any) -> str | None:
    return None if value is None else format(value.normalize() if hasattr(value, "normalize") else value, "f")
