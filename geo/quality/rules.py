"""What should be known of a building, what each field counts, and from when a fact is old: read from a TOML file.

`data/taxonomies/quality.toml` has everything; an office's own file names what it wants otherwise.
"""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import BadQualityRulesError
from geo.taxonomy import Word, building_facts
from geo.taxonomy.tables import FOLDER

FILE = FOLDER / "quality.toml"

REASONS = (
    *("late", "silent", "unknown", "unpriced", "report", "contradicted", "doubt", "disagree", "impossible", "missing"),
)
"""Why somebody should look at a building."""

DISPUTES = ("report", "contradicted", "doubt", "disagree", "impossible")
"""Those in which something is said against something else."""

OF_STAFF = frozenset({"tenant"})
"""Fields that visitors are told nothing of, not even how many there are."""

_DAYS = ("fresh", "unsaid", "checked", "late")
_LIMITS = ("slack", "storey_low_m", "storey_high_m")
_ASKED = {"group": "conditions", "of": "managed", "mend": "facts", "weight": 1}
_MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Word):
    """Something that should be known: of what (`of`), what it counts, and the page on which it is put right."""

    group: str
    of: str
    mend: str
    weight: float


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the board reckons with; days and m as their names say, `zone` where a day begins."""

    groups: tuple[Word, ...]
    fields: tuple[Field, ...]
    urgency: Mapping[str, float] = dataclasses.field(hash=False)
    fresh: int
    unsaid: int
    checked: int
    late: int
    slack: float
    storey_low_m: float
    storey_high_m: float
    zone: str = dataclass_field(default="UTC", kw_only=True)

    def for_visitors(self) -> "Rules":
        """The same without the fields that visitors are told nothing of."""
        return replace(self, fields=tuple(field for field in self.fields if field.code not in OF_STAFF))

    def place_of(self, code: str) -> int:
        """The place of a field among all."""
        return next(place for place, field in enumerate(self.fields) if field.code == code)


@cache
def read_rules(own: Path | None = None) -> Rules:
    """The rules, those of an office's own file first.

    Raises
    ------
    BadQualityRulesError
        The file cannot be read, or says something that there is not; the message names it.
    """
    usual = tomllib.loads(FILE.read_text("utf-8"))
    other = _tables(own) if own else {}
    fields = _with_facts(usual["fields"])
    weights = other.pop("weights", {})
    for name, table in {**other, "weights": weights}.items():
        known = fields if name == "weights" else usual.get(name, {}) if name in ("days", "limits", "urgency") else {}
        _check(own, name, table, known)
    numbers = {**usual["days"], **other.get("days", {}), **usual["limits"], **other.get("limits", {})}
    return Rules(
        tuple(Word(code, *names) for code, names in usual["groups"].items()),
        tuple(
            Field(code=code, **said | {"weight": weights.get(code, said["weight"])}) for code, said in fields.items()
        ),
        {**usual["urgency"], **other.get("urgency", {})},
        *(int(numbers[name]) for name in _DAYS),
        *(float(numbers[name]) for name in _LIMITS),
    )


def _with_facts(fields: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All fields by group: those of the file, and what tenants ask of a building."""
    asked = [fact for fact in building_facts() if fact.asked]
    every = fields | {fact.code: {**_ASKED, "name": fact.name, "name_en": fact.name_en} for fact in asked}
    groups = list(dict.fromkeys(said["group"] for said in fields.values()))
    return dict(sorted(every.items(), key=lambda each: groups.index(each[1]["group"])))


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadQualityRulesError(f"{path} cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadQualityRulesError(f"{path} is not a TOML file: {error}.") from None


def _check(path: Path | None, name: str, table: Any, known: Mapping[str, object]) -> None:
    if not isinstance(table, dict) or not known:
        raise BadQualityRulesError(f"{path}: [{name}] is not known; allowed: days, limits, urgency, weights.")
    for key, value in table.items():
        if key not in known:
            raise BadQualityRulesError(f"{path}: {name}.{key} is not known; allowed: {', '.join(known)}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
            raise BadQualityRulesError(f"{path}: {name}.{key} = {value!r} is not a number from 0 to {_MOST}.")
