"""Invented names: companies, places and streets that belong to the invented city alone.

Every company name begins with the invented city, so that none can be a real company's.
"""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from geo.sample.plane import Floats, Words
from geo.sample.records import read_list

CITY, CITY_EN = "汐州", "Xizhou"


@cache
def trades() -> tuple[dict[str, str], ...]:
    """The kinds of business of `data/sample/trades.csv`: group, GB/T 4754 code, words of the name."""
    return read_list("trades")


@cache
def groups() -> tuple[str, ...]:
    """The industry groups that businesses of the sample belong to."""
    return tuple(dict.fromkeys(row["group"] for row in trades()))


def draw_trades(wanted: Words, rng: np.random.Generator) -> list[int]:
    """A line of `trades` for each wanted industry group, by weight."""
    chance = rng.random(len(wanted))
    lines = np.zeros(len(wanted), int)
    for group in groups():
        members = np.array([i for i, row in enumerate(trades()) if row["group"] == group])
        weights: Floats = np.cumsum([float(trades()[i]["weight"]) for i in members])
        mine = wanted == group
        lines[mine] = members[np.searchsorted(weights, chance[mine] * weights[-1], side="right")]
    return lines.tolist()


def company_names(lines: Sequence[int], numbers: Iterable[int]) -> tuple[list[str], list[str]]:
    """Chinese and English names; the same number and line always give the same name, other numbers another one."""
    chinese, english = [], []
    for line, number in zip(lines, numbers, strict=True):
        row, (zh, en) = trades()[line], root(number)
        chinese.append(f"{CITY}{zh}{row['zh']}")
        english.append(f"{CITY_EN} {en} {row['en']}{'' if row['en'].endswith(_COMPLETE) else ', Ltd.'}")
    return chinese, english


def root(number: int) -> tuple[str, str]:
    """An invented name of two signs, or three for high numbers, with its spelling: all different up to 340,000."""
    signs = root_signs(number)
    return "".join(sign["zh"] for sign in signs), "".join(sign["en"] for sign in signs).capitalize()


def root_signs(number: int) -> list[dict[str, str]]:
    """The signs of `root`, each with its spelling."""
    signs = read_list("roots")
    count = len(signs)
    length = 2 if number < count**2 else 3
    number = number * 2741 % count**length  # 2741 is prime to 70, so that neighbours differ and nothing repeats
    return [signs[number // count**place % count] for place in range(length)]


def credit_codes(ids: Iterable[int]) -> list[str]:
    """Unified social credit codes with the region 000000, which is nobody's, and a true check sign (GB 32100-2015)."""
    return [_credit_code(ident) for ident in ids]


def _credit_code(ident: int) -> str:
    body = f"91000000{ident:09d}"
    total = sum(int(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return body + _SIGNS[-total % 31]


_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(3**place % 31 for place in range(17))
_COMPLETE = ("Firm", "Accountants", "Branch", "Headquarters")
