"""Industries by GB/T 4754-2017 and the project's own groups over them.

A code is a section letter ("J"), a division ("66"), a group of three digits ("662") or a class of four ("6621"). The
sections and divisions come with the project; the full table is the operator's file.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from geo.errors import UnknownValueError, UnreadableFileError
from geo.taxonomy.tables import Word, find, read_table
from geo.text import clean, fold

_COLUMNS = ("code", "level", "section", "parent", "name")
_LEVELS = {1: r"[A-T]", 2: r"\d{2}", 3: r"\d{3}", 4: r"\d{4}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry(Word):
    """An entry of the classification: level 1 section, 2 division, 3 group, 4 class; `parent` is empty for sections."""

    level: int
    section: str
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryGroup(Word):
    """An own group of codes: of `kind` ``map`` every enterprise has exactly one, ``filter`` groups overlap.

    `members` are codes that stand for everything under them; `note` cites their names in the standard.
    """

    kind: str
    colour: str
    members: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class IndustryTable:
    """An operator's full table: the good rows, and a sentence for each row that is not."""

    rows: tuple[Industry, ...]
    problems: tuple[str, ...]


@cache
def industries() -> tuple[Industry, ...]:
    """Return the 20 sections and 97 divisions."""
    return read_table(Industry, "industry.csv")


@cache
def map_groups() -> tuple[IndustryGroup, ...]:
    """Return the groups that colour the map, "other" last."""
    return tuple(group for group in _groups() if group.kind == "map")


@cache
def filter_groups() -> tuple[IndustryGroup, ...]:
    """Return the overlapping groups for filters."""
    return tuple(group for group in _groups() if group.kind == "filter")


def industry_code(text: str) -> str:
    """Return a code in its one spelling: "j66" and "J6600 " lose letter and spaces, "j" becomes "J".

    Raises
    ------
    UnknownValueError
        When it is no code, or its section or division does not exist.
    """
    match = re.fullmatch(r"([A-T])?(\d{2,4})?", clean(text).replace(" ", "").upper())
    letter, digits = match.groups() if match else (None, None)
    if digits and digits[:2] in _sections() and letter in (None, _sections()[digits[:2]]):
        return digits
    if letter and not digits:
        return letter
    raise UnknownValueError(f"The industry code {text!r} is not in GB/T 4754-2017; give a letter A–T or 2–4 digits.")


def industry_from_text(text: str, names: Mapping[str, str] | None = None) -> str:
    """Return the code that a text gives, as a code or by name ("J66", "金融业", "Finance").

    Parameters
    ----------
    text
        What a file has in its industry column.
    names
        More names → codes, such as those of the full table, under `geo.text.fold`.

    Raises
    ------
    UnknownValueError
        When it is neither; the message names the closest names.
    """
    if re.fullmatch(r"[A-Ta-t]?\d{2,4}|[A-Ta-t]", clean(text)):
        return industry_code(text)
    known = (names or {}).get(fold(text))
    return known or find(industries(), text, "industry").code


@lru_cache(4096)
def section_of(code: str) -> str:
    """Return the section letter of a code.

    Raises
    ------
    UnknownValueError
        As `industry_code`.
    """
    known = industry_code(code)
    return known if known.isalpha() else _sections()[known[:2]]


@lru_cache(4096)
def industry_group(code: str | None, is_headquarters: bool = False) -> str:
    """Return the one map group of a code: the group with the longest matching member; ``other`` for no code.

    An enterprise flagged as headquarters belongs to that group whatever its code.

    Raises
    ------
    UnknownValueError
        As `industry_code`.
    """
    if is_headquarters:
        return "headquarters"
    if not code:
        return "other"
    hits = [(len(member), group.code) for group in map_groups() for member in group.members if _is_under(code, member)]
    return max(hits)[1]


@lru_cache(4096)
def groups_of(code: str) -> frozenset[str]:
    """Return the map group and every filter group that a code belongs to.

    Raises
    ------
    UnknownValueError
        As `industry_code`.
    """
    hits = {group.code for group in filter_groups() for member in group.members if _is_under(code, member)}
    return frozenset({industry_group(code), *hits})


def load_industry_table(path: Path) -> IndustryTable:
    """Read an operator's table with the columns code, level, section, parent, name and perhaps name_en.

    Rows that are orphans, repeats or malformed are left out and named among the problems.

    Raises
    ------
    UnreadableFileError
        When the file is no such table.
    """
    return industry_table(enumerate(_table_rows(path), start=2))


def industry_table(numbered: Iterable[tuple[int, Mapping[str, str]]]) -> IndustryTable:
    """Check the rows of such a table, each with its number; a column that says nothing is an empty text."""
    rows: dict[str, Industry] = {}
    problems: list[str] = []
    for number, row in numbered:
        problem = _problem(row, rows)
        if problem:
            problems.append(f"Row {number}: {problem}")
        else:
            rows[row["code"]] = _industry(row)
    orphans = [row for row in rows.values() if row.parent and row.parent not in rows]
    problems += [
        f"Code {row.code} ({row.name}) has the parent {row.parent}, which is not in the file." for row in orphans
    ]
    return IndustryTable(tuple(row for row in rows.values() if row not in orphans), tuple(problems))


@cache
def _groups() -> tuple[IndustryGroup, ...]:
    return read_table(IndustryGroup, "industry_groups.csv")


@cache
def _sections() -> dict[str, str]:
    """Division → section letter."""
    return {industry.code: industry.section for industry in industries() if industry.level == 2}


def _is_under(code: str, member: str) -> bool:
    return section_of(code) == member if member.isalpha() else industry_code(code).startswith(member)


def _table_rows(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise UnreadableFileError(
            f"{path.name} is no industry table: the columns {', '.join(missing)} are missing; "
            f"give {','.join(_COLUMNS)} and perhaps name_en."
        )
    return [{column: clean(row.get(column) or "") for column in (*_COLUMNS, "name_en")} for row in reader]


def _problem(row: Mapping[str, str], earlier: Mapping[str, Industry]) -> str | None:
    code, level, parent = row["code"], row["level"], row["parent"]
    if code in earlier:
        return f"code {code} stands in the file twice ({earlier[code].name}, {row['name']}); the first is kept."
    if level not in ("1", "2", "3", "4") or not re.fullmatch(_LEVELS[int(level)], code):
        return f"code {code!r} does not fit level {level!r}; levels 1 to 4 have a letter, two, three or four digits."
    if parent != ("" if level == "1" else row["section"] if level == "2" else code[:-1]):
        return f"code {code} cannot have the parent {parent!r}."
    if not row["name"]:
        return f"code {code} has no name."
    return None


def _industry(row: Mapping[str, str]) -> Industry:
    return Industry(
        code=row["code"],
        level=int(row["level"]),
        section=row["section"],
        parent=row["parent"],
        name=row["name"],
        name_en=row["name_en"],
    )
