"""Search in the indexes: what begins so, what has a word that does, what is pronounced so, what is one typo away."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

from geo.onebox.index import WEIGHTS, WIDTH, Index, Keys, Rows, Span
from geo.onebox.keys import Part, as_spoken, without_place
from geo.onebox.typos import with_typo
from geo.text import clean, search_terms

EXACT, PREFIX, WORD, SPOKEN, TYPO = 1.0, 0.8, 0.6, 0.5, 0.35
"""What the whole name, its beginning, something within, its sound and a spelling one typo away score."""

WEIGHT, NEAR, WHOLE, SHORT = 0.08, 0.08, 0.06, -0.05
"""On top at most: for weight, nearness, a key as long as the query that has a typo; for mere initials."""

NEAR_M = 1000
"""Distance at which half of the score for nearness is left."""

ENOUGH = 5
"""Things found as they are written, below which typos are looked for."""

MOST_ROWS = 20_000
"""Of longer spans only the weightiest keys are looked at."""

_MOST_DOCS = 300_000
_MOST_SPANS = 200
_FEW = 400
_BLOCK = re.compile(r"(?<=[\u3400-\u9fff])(?=[a-z0-9])", re.IGNORECASE)
"""Where a number or letter follows a name: 云澜A座 asks for 云澜 and A座."""

_FLAT_KINDS = ("address", "enterprise")
_METRES_PER_DEGREE = 111_320
_Scores = NDArray[np.float64]

At = tuple[float, float]
"""Degrees east and north."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: its id among things of its kind, its score (see above), and which part of it matched."""

    kind: str
    id: int
    score: float
    part: Part
    typo: bool = False


def find(
    indexes: Mapping[str, Index], roots: Iterable[str], query: str, *, at: At | None = None, most: int = 8
) -> dict[str, list[Found]]:
    """Kind → what is found of it, the best first and at most so many; kinds without are left out.

    Parameters
    ----------
    roots
        Places that firms and addresses begin with; their keys stand without these.
    query
        As typed; words that are apart may stand in any order.
    at
        Where the reader looks: the nearer first among what matches as well.
    """
    terms = search_terms(_BLOCK.sub(" ", clean(query)))
    if not terms:
        return {}
    written = "".join(terms)
    asked = {kind: without_place(written, roots) if kind in _FLAT_KINDS else written for kind in indexes}
    found = {kind: _as_written(index, kind, asked[kind], terms, at, most) for kind, index in indexes.items()}
    if sum(map(len, found.values())) < ENOUGH:
        for kind, index in indexes.items():
            if len(found[kind]) < most:
                found[kind] = _best([*found[kind], *_otherwise(index, kind, asked[kind], at, most)], most)
    return {kind: listed for kind, listed in found.items() if listed}


def _as_written(index: Index, kind: str, query: str, terms: Sequence[str], at: At | None, most: int) -> list[Found]:
    keys, prefix = index.keys_for(query)
    found = _of_span(index, keys, keys.span(prefix), kind, len(query), at, most)
    if len(terms) > 1 and len(found) < most:
        found = _best([*found, *_all_terms(index, kind, terms, at, most)], most)
    return found


def _otherwise(index: Index, kind: str, query: str, at: At | None, most: int) -> list[Found]:
    """What sounds so, or is one typo away."""
    found: list[Found] = []
    if not query.isascii() and len(spoken := as_spoken(query)) > 1:
        keys, prefix = index.keys_for(spoken)
        heard = _of_span(index, keys, keys.span(prefix), kind, len(spoken), at, most) if spoken.isascii() else []
        found = [replace(each, score=each.score - PREFIX + SPOKEN, typo=True) for each in heard]
    if len(found) < most:
        keys, _ = index.keys_for(query)
        spans = with_typo(index, query)[:_MOST_SPANS]
        parts = [np.arange(*span) if span[1] - span[0] <= _FEW else keys.best(span, _FEW) for span in spans]
        rows: Rows = np.unique(np.concatenate([*parts, np.zeros(0, np.intp)]).astype(np.intp))
        scores = np.full(len(rows), TYPO) + _extra(index, keys, rows, at)
        scores += WHOLE * (np.abs(keys.rows["length"][rows].astype(np.intp) - len(query)) <= 1)
        scores += WHOLE * (keys.rows["merit"][rows] >= WEIGHTS)
        found += _listed(index, keys, rows, scores, kind, most, typo=True)
    return found


def _all_terms(index: Index, kind: str, terms: Sequence[str], at: At | None, most: int) -> list[Found]:
    """Things that have every term somewhere, the rarest of which says where."""
    spans: list[tuple[Keys, Span, int]] = []
    for term in terms:
        keys, prefix = index.keys_for(term)
        spans.append((keys, keys.span(prefix), len(term)))
    spans.sort(key=lambda each: each[1][1] - each[1][0])
    if any(first == last for _, (first, last), _ in spans) or spans[0][1][1] - spans[0][1][0] > _MOST_DOCS:
        return []
    keys, (first, last), length = spans[0]
    rows = np.arange(first, last)
    for other, span, _ in spans[1:]:
        has = np.zeros(len(index.docs), bool)
        has[other.rows["doc"][slice(*span)]] = True
        rows = rows[has[keys.rows["doc"][rows]]]
    scores = _scores(index, keys, rows, length, at).clip(max=WORD + WEIGHT + NEAR)
    return _listed(index, keys, rows, scores, kind, most)


def _of_span(index: Index, keys: Keys, span: Span, kind: str, length: int, at: At | None, most: int) -> list[Found]:
    first, last = span
    if last - first <= MOST_ROWS:
        rows = np.arange(first, last)
    else:  # the shortest keys come first: those that are the query itself are among them
        rows = np.unique(np.concatenate([np.arange(first, first + _FEW), keys.best(span, _FEW)]))
    if length > WIDTH // 2:  # of a key that was cut, its length alone tells of the rest
        rows = rows[keys.rows["length"][rows] >= min(length, 255)]
    return _listed(index, keys, rows, _scores(index, keys, rows, length, at), kind, most)


def _scores(index: Index, keys: Keys, rows: Rows, length: int, at: At | None) -> _Scores:
    """What keys that begin with a query of so many characters score."""
    start = keys.rows["merit"][rows] >= WEIGHTS
    whole = start & (keys.rows["length"][rows] == min(length, 255))
    scores: _Scores = np.where(whole, EXACT, np.where(start, PREFIX, WORD)) + _extra(index, keys, rows, at)
    return scores


def _extra(index: Index, keys: Keys, rows: Rows, at: At | None) -> _Scores:
    found = keys.rows[rows]
    extra: _Scores = (found["merit"] % WEIGHTS) * (WEIGHT / WEIGHTS) + SHORT * (found["part"] == Part.INITIALS)
    if at is not None and len(rows):
        docs = index.docs[found["doc"]]
        metres = _METRES_PER_DEGREE * np.hypot((docs["lon"] - at[0]) * cos(radians(at[1])), docs["lat"] - at[1])
        extra += np.nan_to_num(NEAR * NEAR_M / (NEAR_M + metres))
    return extra


def _listed(
    index: Index, keys: Keys, rows: Rows, scores: _Scores, kind: str, most: int, *, typo: bool = False
) -> list[Found]:
    """The best of some keys, every thing once."""
    found: dict[int, Found] = {}
    for at in np.argsort(-scores, kind="stable").tolist():
        row = keys.rows[rows[at]]
        ident = int(index.docs["id"][row["doc"]])
        if ident not in found:
            found[ident] = Found(kind, ident, round(float(scores[at]), 4), Part(int(row["part"])), typo)
            if len(found) == most:
                break
    return list(found.values())


def _best(found: Iterable[Found], most: int) -> list[Found]:
    best: dict[int, Found] = {}
    for each in found:
        if each.id not in best or best[each.id].score < each.score:
            best[each.id] = each
    return sorted(best.values(), key=lambda each: -each.score)[:most]
