"""What the people of the towers say of single units: what became history, usual mistakes, and what is new."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np

from geo.returns.said import Said, state_of
from geo.sample.core import Core
from geo.sample.history import Belief, histories
from geo.sample.market import Quote, quotes
from geo.sample.occupancy import STATES
from geo.sample.weekly import sendings

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Claim:
    """A line of a return: the unit before and as it is said to be since a day, and the states that both stand for."""

    room: int
    since: date
    before: Said
    said: Said
    seen_id: int
    state_id: int | None = None


class Claims:
    """The claims about the units of the towers; `tenant_names` by the number of the enterprise."""

    def __init__(self, core: Core, tenant_names: Sequence[str]) -> None:
        self._core = core
        self._names = tenant_names
        self._quotes = {(room, quote.start): quote for quote in quotes(core.seed, core.today) for room in quote.rooms}
        self.accepted: dict[tuple[int, datetime], list[Claim]] = defaultdict(list)
        """By tower and the instant at which its return was accepted."""
        self.present: dict[int, list[tuple[int, Said, int]]] = defaultdict(list)
        """By tower: each unit that stands with what is held of it and the row that says so."""
        ids = iter(core.state_ids)
        for number, life in enumerate(histories(core.seed, core.today).rows):
            self._read(number, life, [next(ids) for _ in life])

    def new(self, tower: int, count: int, on: date, rng: np.random.Generator) -> list[Claim]:
        """Some changes of a day that nobody has decided on: let, fallen vacant, or cheaper."""
        found: list[Claim] = []
        units = self.present[tower]
        for at in rng.permutation(len(units)).tolist():
            room, held, seen = units[at]
            said = self._changed(held, rng)
            if said is not None and len(found) < count:
                found.append(Claim(room, on - timedelta(days=int(rng.integers(0, 4))), held, said, seen))
        return found

    def said(self, number: int, belief: Belief) -> Said:
        """What a row of the history says of a unit, in the words of a return."""
        quote = self._quotes.get((number, belief.valid[0]))
        area = Decimal(self._core.lives.rooms[number].area_m2)
        tenant = None if belief.tenant is None else self._names[belief.tenant]
        said = Said(state_of(*STATES[belief.state]), tenant=tenant, area_m2=area)
        return (_offered(said, quote) if quote else said).whole()

    def _read(self, number: int, life: Sequence[Belief], ids: Sequence[int]) -> None:
        room, times = self._core.lives.rooms[number], {}
        for each in sendings(self._core.seed, self._core.today)[room.tower]:
            times[each.accepted_at] = each
        before: tuple[Said, int] | None = None
        for belief, ident in zip(life, ids, strict=True):
            if belief.valid[1] is not None or not belief.exists:
                continue
            said = self.said(number, belief)
            if before and before[0] != said and belief.known[0] in times:
                told = Claim(number, belief.valid[0], before[0], said, before[1], ident)
                self.accepted[room.tower, belief.known[0]].append(told)
            before = said, ident
        if before and room.valid_to is None:
            self.present[room.tower].append((number, *before))

    def _changed(self, held: Said, rng: np.random.Generator) -> Said | None:
        """What could have become of a unit since; nothing of most that are in use."""
        chance = rng.random()
        if held.state == "vacant" and held.offered:
            if held.rent_amount is not None and chance < 0.5:
                step = Decimal(1) if held.rent_unit == "cny_m2_month" else Decimal("0.1")
                return replace(held, rent_amount=(held.rent_amount * Decimal("0.93")).quantize(step))
            name = self._names[int(rng.integers(len(self._names)))]
            return Said("signed", tenant=name, area_m2=held.area_m2)
        if held.state == "in_use" and not held.offered and chance < 0.05:
            return Said("vacant", offered=True, area_m2=held.area_m2)
        return None


def mistaken(said: Said, rng: np.random.Generator) -> tuple[Said, str]:
    """The same with a usual mistake in it, and the words with which it is sent back."""
    possible = [mistake for mistake in _MISTAKES if mistake[0](said) is not None]
    change, reason = possible[int(rng.integers(len(possible)))]
    wrong = change(said)
    assert wrong is not None
    return wrong, reason


def _offered(said: Said, quote: Quote) -> Said:
    rent = Decimal(str(quote.low)).quantize(CENT)
    return replace(said, offered=True, rent_amount=rent, rent_unit=quote.rent_unit, available_on=quote.available_on)


def _inner_area(said: Said) -> Said | None:
    return replace(said, area_m2=(said.area_m2 * Decimal("0.7")).quantize(CENT)) if said.area_m2 else None


def _shifted_rent(said: Said) -> Said | None:
    return replace(said, rent_amount=said.rent_amount * 10) if said.rent_amount else None


def _short_name(said: Said) -> Said | None:
    return replace(said, tenant=said.tenant[2:4]) if said.tenant else None


_MISTAKES: tuple[tuple[Callable[[Said], Said | None], str], ...] = (
    (_inner_area, "面积填的是套内，请按建筑面积填。"),
    (_shifted_rent, "租金多了一位，请核对后重报。"),
    (_short_name, "租户请写营业执照上的全称。"),
)
