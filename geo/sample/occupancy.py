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

_MEAN_DAYS = {"vacant": 230, "talks": 200, "signed": 150, "fitting": 30, "let": 1500, "soon": 1400, "own": 4000}
_MEAN_DAYS |= {"prelet": 200}
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


def live_backwards(present: str, now: date, start: date, trend: float, rng: np.random.Generator) -> list[Stretch]:
    """The stretches of a unit from `start` to `now`, ending in the present state.

    Parameters
    ----------
    present : str
        A key of `STATES`.
    now, start : date
        The day of the last report, and the day the records begin (or the unit came to be).
    trend : float
        How much vacancy grew lately: above zero what is vacant fell vacant recently.
    """
    if present == "unknown":
        return [Stretch(start, "unknown", start)]
    stretches: list[Stretch] = []
    state, end = present, now
    while True:
        began = end - timedelta(days=_length(state, trend, rng))
        stretches.append(Stretch(max(began, start), state, began))
        if began <= start:
            return stretches[::-1]
        state, end = _before(state, rng), began


def _length(state: str, trend: float, rng: np.random.Generator) -> int:
    factor = max(0.35, 1 - 1.8 * trend) if state == "vacant" else max(0.6, 1 + trend)
    return 12 + int(rng.exponential(_MEAN_DAYS[state] * factor))


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
