"""Finds the header of a sheet: below titles, over one to three rows, with merged cells, in workbooks and CSV alike."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, TypeAlias

from geo.importers.columns import LEVELS, is_heading, is_unit
from geo.importers.fields import Kind

Cells: TypeAlias = Sequence[Any]

LOOK_AT_ROWS = 40
"""A header is sought among so many first rows."""

_MOST_LEVELS = 3
_NUMBER = re.compile(r"[-+]?[\d,.]+%?$")


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range of a workbook; rows and columns count from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Header:
    """Where the header lies (indexes into the rows looked at) and the heading of each column, unique, never empty."""

    start: int
    end: int
    headings: list[str]
    named: list[bool] = field(default_factory=list)


def find_header(rows: Sequence[tuple[int, Cells]], kind: Kind, merges: Sequence[Merge] = ()) -> Header | None:
    """Return the header of a sheet, judged by its words; the first row of texts where no word is known.

    Parameters
    ----------
    rows
        The first rows as (row number, cells).
    kind
        What the file is imported as.
    merges
        The merged ranges of the sheet.

    Returns
    -------
    Header or None
        None when there is no row with a text in it.
    """
    best, best_score = None, 0.0
    for start in range(min(len(rows), LOOK_AT_ROWS)):
        for levels in range(1, min(_MOST_LEVELS, len(rows) - start) + 1):
            block = rows[start : start + levels]
            if levels > 1 and not _may_continue(block, merges):
                break
            headings = _joined(block, merges)
            known = {heading for heading in headings if is_heading(heading, kind)}
            # Ties go to the earlier and shorter block; a row of a merged block adds its share even when unknown.
            score = len(known) + (0.5 if levels > 1 and _belongs(block, merges) else 0)
            if score > best_score:
                best, best_score = (start, levels), score
    best = best or _first_texts(rows)
    return _made(rows, *best, merges) if best else None


def is_blank(cell: object) -> bool:
    """Say whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _may_continue(block: Sequence[tuple[int, Cells]], merges: Sequence[Merge]) -> bool:
    """Say whether the last row of a block can be a header row: texts only, and under a merged or blank cell."""
    last = [cell for cell in block[-1][1] if not is_blank(cell)]
    texts = all(isinstance(cell, str) and not _NUMBER.match(cell.strip()) for cell in last)
    return bool(last) and texts and (_belongs(block, merges) or _fills_gaps(block))


def _belongs(block: Sequence[tuple[int, Cells]], merges: Sequence[Merge]) -> bool:
    """Say whether merged cells tie the last row of a block to the rows above it."""
    first, last = block[0][0], block[-1][0]
    return any(
        (merge.top >= first and merge.top < last <= merge.bottom)
        or (merge.top == last - 1 and merge.bottom == last - 1 and merge.top >= first and merge.right > merge.left)
        for merge in merges
    ) and _under_more_than_a_title(block, merges)


def _under_more_than_a_title(block: Sequence[tuple[int, Cells]], merges: Sequence[Merge]) -> bool:
    """A title is one text over the whole sheet: the first row of a header has at least two texts."""
    return sum(not is_blank(cell) for cell in block[0][1]) >= 2


def _fills_gaps(block: Sequence[tuple[int, Cells]]) -> bool:
    """Say whether the last row completes the row above, as merged cells do in CSV.

    Its texts stand under blanks (merged across) and its blanks under texts (merged down), or it holds units only.
    """
    above, below = block[-2][1], block[-1][1]
    if sum(not is_blank(cell) for cell in above) < 2:
        return False
    pairs = list(zip_longest(above, below))
    across = sum(is_blank(upper) and not is_blank(lower) for upper, lower in pairs)
    down = sum(is_blank(lower) and not is_blank(upper) for upper, lower in pairs)
    return (across >= 1 and down >= 1) or across >= 2 or all(is_unit(str(c)) for c in below if not is_blank(c))


def _joined(block: Sequence[tuple[int, Cells]], merges: Sequence[Merge]) -> list[str]:
    """Return the headings of a block: the levels of each column from top to bottom, each said once."""
    width = max(len(cells) for _, cells in block)
    levels = [_spread(number, cells, width, merges, block) for number, cells in block]
    headings = []
    for column in range(width):
        words = list(dict.fromkeys(level[column] for level in levels if level[column]))
        headings.append(LEVELS.join(words))
    return headings


def _spread(
    number: int, cells: Cells, width: int, merges: Sequence[Merge], block: Sequence[tuple[int, Cells]]
) -> list[str]:
    """Return one header row as texts, with merged cells (or gaps over a lower level) filled from the left."""
    texts = ["" if is_blank(cell) else " ".join(str(cell).split()) for cell in cells]
    texts += [""] * (width - len(texts))
    across = [merge for merge in merges if merge.top <= number <= merge.bottom and merge.right > merge.left]
    for merge in across:
        for column in range(merge.left, min(merge.right, width)):
            texts[column] = texts[column] or texts[merge.left - 1]
    if not merges and number != block[-1][0]:
        below = block[-1][1]
        for column in range(1, width):
            if not texts[column] and column < len(below) and not is_blank(below[column]):
                texts[column] = texts[column - 1]
    return texts


def _first_texts(rows: Sequence[tuple[int, Cells]]) -> tuple[int, int] | None:
    """Return the first row with at least two texts and no number, else the first row with a text."""
    for least in (2, 1):
        for index, (_, cells) in enumerate(rows[:LOOK_AT_ROWS]):
            filled = [cell for cell in cells if not is_blank(cell)]
            if len(filled) >= least and all(isinstance(c, str) and not _NUMBER.match(c.strip()) for c in filled):
                return index, 1
    return None


def _made(rows: Sequence[tuple[int, Cells]], start: int, levels: int, merges: Sequence[Merge]) -> Header:
    headings = _joined(rows[start : start + levels], merges)
    while headings and not headings[-1]:
        headings.pop()
    named = [bool(heading) for heading in headings]
    headings = [heading or f"[{letters(index + 1)}]" for index, heading in enumerate(headings)]
    return Header(start, start + levels, _unique(headings), named)


def letters(number: int) -> str:
    """Return the letters of the n-th column of a spreadsheet: 1 gives A, 27 gives AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _unique(headings: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    unique = []
    for heading in headings:
        seen[heading] += 1
        unique.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return unique
