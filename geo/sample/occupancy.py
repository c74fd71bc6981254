"""What a unit is used for today and was used for before: its life, told backwards from the present."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

STATES = {
    "vacant": ("vacant", "none"),
    "talks": ("vacant", "talks"),
    "signed": ("vacant", "signed"),
    "fitting": ("fitting_out", "let"),
    "let": ("tenant", "let"),
    "soon": ("tenant", "let"),
    "own": ("own_use", "none"),
    "unknown": ("unknown", "none"),
    "prelet": ("unknown", "none"),
}
"""State of the sample → occupancy and contract of `unit_states`."""

_MEAN_DAYS = {"fitting": 30, "let": 1300, "soon": 1300, "own": 4000, "prelet": 200}
_LEAST_USUAL, _MOST_USUAL = 0.04, 0.75
_TALKS_SHARE, _SIGNED_SHARE, _FITTING_SHARE, _SOON_SHARE = 0.14, 0.04, 0.03, 0.05


@dataclass(slots=True)
class Stretch:
    """One stretch of a unit's life: from `start` to the next stretch; `began` is when its tenancy really began."""

    start: date
    state: str
    began: date
    tenant: int | None = None
    exists: bool = True


def draw_present(
    areas: Sequence[int], storeys: Sequence[int], shares: dict[str, float], rng: np.random.Generator
) -> list[str]:
    """The present state of each unit so that each share of the whole area (vacant, own, unknown) is about met.

    Units of one storey tend to share their fate, as whole floors fall vacant or belong to one owner.
    """
    mood = rng.normal(0, 1, max(storeys, default=0) + 1)
    order = np.argsort(mood[list(storeys)] + rng.normal(0, 0.55, len(areas)))
    total, states, at = sum(areas), ["let"] * len(areas), 0
    for state in ("vacant", "own", "unknown"):
        wanted, got = shares[state] * total, 0.0
        while at < len(order) and got + areas[order[at]] / 2 < wanted:
            states[order[at]] = state
            got += areas[order[at]]
            at += 1
    return [_refined(state, float(rng.random())) for state in states]


def live_backwards(present: str, now: date, start: date, usual: float, rng: np.random.Generator) -> list[Stretch]:
    """The stretches of a unit from `start` to `now`, ending in the present state.

    Rooms stay vacant for as long as keeps the usual share of them vacant while tenants come and go: from there, over
    about a year, a tower comes to the share of today.

    Parameters
    ----------
    present : str
        A key of `STATES`.
    now, start : date
        The day of the last report, and the day the records begin (or the unit came to be).
    usual : float
        The share of rooms that were vacant before, 0 to 1.
    """
    if present == "unknown":
        return [Stretch(start, "unknown", start)]
    stretches: list[Stretch] = []
    state, end = present, now
    while True:
        began = end - timedelta(days=_length(state, usual, rng))
        stretches.append(Stretch(max(began, start), state, began))
        if began <= start:
            return stretches[::-1]
        state, end = _before(state, rng), began


def _length(state: str, usual: float, rng: np.random.Generator) -> int:
    usual = min(max(usual, _LEAST_USUAL), _MOST_USUAL)
    mean = _MEAN_DAYS.get(state, _MEAN_DAYS["let"] * usual / (1 - usual))
    return 12 + int(rng.exponential(mean))


def _before(state: str, rng: np.random.Generator) -> str:
    if state in ("let", "soon", "own"):
        return "fitting" if rng.random() < 0.3 else "vacant"
    return "vacant" if state == "fitting" else "let"


def _refined(state: str, chance: float) -> str:
    if state == "vacant":
        return "talks" if chance < _TALKS_SHARE else "signed" if chance < _TALKS_SHARE + _SIGNED_SHARE else "vacant"
    if state == "let":
        return "soon" if chance < _SOON_SHARE else "fitting" if chance < _SOON_SHARE + _FITTING_SHARE else "let"
    return state
