"""Keys that begin as a query does but for one typo: a character too many, missing, another, or two in the wrong order.

Latin letters are few: every spelling one typo away is looked up. Chinese characters are many: where little begins as
the query does before the typo, these rows are looked through; elsewhere every character that occurs is tried.
"""

import string

import numpy as np

from geo.onebox.index import WIDTH, Index, Keys, Rows, Span, encoded

LEAST_LATIN, LEAST_CHINESE = 4, 3
"""Characters of a query from which on a typo is looked for."""

MOST_ROWS = 30_000
"""Rows that are looked through for one place of a typo."""

_LETTERS = string.ascii_lowercase + string.digits
_PAIR = 2


def with_typo(index: Index, query: str) -> list[Span]:
    """The rows of the keys for a folded query that begin as it does but for one typo; rows may come twice."""
    keys, _ = index.keys_for(query)
    if query.isascii():
        return [span for _, span in keys.spans(_latin(query))] if len(query) >= LEAST_LATIN else []
    return _chinese(keys, query) if len(query) >= LEAST_CHINESE else []


def _latin(query: str) -> list[bytes]:
    """Every spelling one typo away."""
    query = query[:WIDTH]
    cuts = [(query[:at], query[at:]) for at in range(len(query) + 1)]
    found = {before + after[1:] for before, after in cuts if after}
    found |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    found |= {before + letter + after[1:] for before, after in cuts if after for letter in _LETTERS}
    found |= {before + letter + after for before, after in cuts if after for letter in _LETTERS}
    return [encoded(text) for text in sorted(found - {query})]


def _chinese(keys: Keys, query: str) -> list[Span]:
    query = query[: WIDTH // _PAIR]
    cuts = [(query[:at], query[at:]) for at in range(len(query))]
    swapped = [before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1]
    spans = [span for _, span in keys.spans([_wide(text) for text in [*swapped, *(a + b[1:] for a, b in cuts)]])]
    for before, after in cuts:
        spans += _with_any(keys, _wide(before), _wide(after[1:]))
        spans += _with_any(keys, _wide(before), _wide(after))
    return spans


def _with_any(keys: Keys, before: bytes, after: bytes) -> list[Span]:
    """The rows that begin with `before`, any character, and `after`."""
    after = after[: WIDTH - len(before) - _PAIR]
    if not after:
        return []
    first, last = keys.span(before) if before else (0, len(keys.text))
    if last - first > MOST_ROWS:
        return [span for _, span in keys.spans([before + letter + after for letter in keys.letters])]
    begin, wanted = (len(before) + _PAIR) // _PAIR, np.frombuffer(after, ">u2")
    rows: Rows = np.arange(first, last)
    pairs = keys.text[first:last].view(">u2").reshape(-1, WIDTH // _PAIR)
    for offset, pair in enumerate(wanted):
        rows = rows[pairs[rows - first, begin + offset] == pair]
    return [(row, row + 1) for row in rows.tolist()]


def _wide(text: str) -> bytes:
    """A part of a Chinese query, which may itself be Latin."""
    return text.encode("utf-16-be", "replace")[:WIDTH]
