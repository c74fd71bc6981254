"""What a tenant asks for: one frozen object that the page, the API, the sentence and the ranking all understand.

The keys of the query string are those of a search (`geo/filters.py`) where they mean the same. Each criterion is a must
or a wish, and gives points by its weight.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from geo import filters as filter_language
from geo import taxonomy
from geo.errors import BadParameterError
from geo.filters import MOST_NEAR_M, RENT_UNITS, Box
from geo.parameters import codes, decimal, numbered, one_of, whole, write
from geo.quantities import WALKING_M_MIN

BANDS = ("low", "middle", "high")
STARS = ("1", "2", "3", "4", "5")
PERMITS = ("catering", "training", "medical")

TOLERANCE_PCT = 10

WEIGHTS: Mapping[str, int] = {
    **dict.fromkeys(("area", "available", "rent", "budget", "registrable", "permits"), 3),
    **dict.fromkeys(("floor", "grade", "fitout", "industry", "neighbours", "zone"), 2),
    **dict.fromkeys(("band", "star", "theme", "parking"), 1),
    **dict.fromkeys(("within", "bbox"), 0),
}
"""Criterion → its weight unless told otherwise; of amenities see `AMENITY_WEIGHT`."""

AMENITY_WEIGHT, METRO_WEIGHT, MOST_WEIGHT = 1, 3, 5

MUSTS = ("area", "available", "rent", "budget", "registrable", "permits", "within", "bbox")
"""Criteria that are musts unless told otherwise."""

ALWAYS_MUST = ("within", "bbox")
"""They say where to look at all."""

FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "area": ("area", "tolerance", "area_min", "area_max", "people"),
    "available": ("available_by",),
    "rent": ("rent_max", "rent_unit"),
    "budget": ("budget_month",),
    "floor": ("floor_min", "floor_max"),
    **{name: (name,) for name in ("band", "grade", "star", "theme", "fitout", "industry", "registrable", "permits")},
    **{name: (name,) for name in ("parking", "neighbours", "zone", "within", "bbox")},
}
"""Criterion → the parameters that it is asked by; amenities have `…_minutes` and `…_m`."""


@dataclass(frozen=True, slots=True)
class Walk:
    """An amenity that should be at most so many metres away."""

    name: str
    metres: int


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What is asked for. Areas in m², rent in `rent_unit`, budget in CNY a month, floors by physical position.

    The area is given as such with a tolerance in per cent, by its limits, or by the number of people. `neighbours` are
    firms of the asker's industry within 500 m. The budget is for rent and property fee. `must` is None where the usual
    criteria are musts; `weights` has those that are not the usual ones. `stale` takes units whose last word is old.
    """

    area: Decimal | None = None
    tolerance: Decimal = Decimal(TOLERANCE_PCT)
    area_min: Decimal | None = None
    area_max: Decimal | None = None
    people: int | None = None
    available_by: date | None = None
    rent_max: Decimal | None = None
    rent_unit: str = "cny_m2_day"
    budget_month: Decimal | None = None
    floor_min: int | None = None
    floor_max: int | None = None
    band: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    star: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    fitout: tuple[str, ...] = ()
    industry: str = ""
    registrable: bool = False
    permits: tuple[str, ...] = ()
    neighbours: int | None = None
    parking: int | None = None
    walks: tuple[Walk, ...] = ()
    zone: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    bbox: Box | None = None
    stale: bool = False
    must: tuple[str, ...] | None = None
    weights: tuple[tuple[str, Decimal], ...] = field(default=())

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The criteria that are asked for, in their order."""
        walks = tuple(walk.name for walk in self.walks)
        return tuple(name for name, names in FIELDS_OF.items() if self._any_of(names)) + walks

    @cached_property
    def pairs(self) -> Mapping[str, str]:
        """The parameters of its query string and their values, defaults left out."""
        return _written(self)

    def is_must(self, name: str) -> bool:
        """Whether a unit that fails this criterion is none."""
        return name in ALWAYS_MUST or name in (MUSTS if self.must is None else self.must)

    def weight(self, name: str) -> Decimal:
        """The weight of a criterion, 0 to 5."""
        usual = WEIGHTS.get(name, METRO_WEIGHT if name == "metro" else AMENITY_WEIGHT)
        return dict(self.weights).get(name, Decimal(usual))

    def rent_cny_m2_day(self, amount: Decimal) -> float:
        """`amount` in `rent_unit` as CNY per m² and day."""
        return float(amount) * RENT_UNITS[self.rent_unit]

    def _any_of(self, names: tuple[str, ...]) -> bool:
        return any(getattr(self, name) != _DEFAULTS[name] for name in names if name not in ("tolerance", "rent_unit"))


@cache
def amenities() -> Mapping[str, tuple[str, ...]]:
    """Names of amenities in a requirement → the categories they stand for; of several the farthest counts."""
    single = {category.code: (category.code,) for category in taxonomy.amenity_categories()}
    single["car_park"] = single.pop("parking")  # `parking` are places in the building
    return {**single, "lunch": ("restaurant",), "services": ("law", "accounting")}


@cache
def criteria() -> tuple[str, ...]:
    """The names of all criteria."""
    return (*FIELDS_OF, *amenities())


def parse(query: Mapping[str, str], *, also: Iterable[str] = ()) -> Requirement:
    """The requirement of a query string.

    Parameters
    ----------
    query
        Parameter → value as sent; an empty value means "not asked".
    also
        Other parameters the page understands; they are left alone here.

    Raises
    ------
    BadParameterError
        A parameter that nobody knows, a value that its parameter does not take, or two that say the same thing;
        names both and what is allowed.
    """
    sent = {name: value.strip() for name, value in query.items() if value.strip() and name not in also}
    _check_names([name for name in query if name not in also])
    shared = {name: value for name, value in sent.items() if name in _SHARED}
    read = filter_language.parse(shared)
    found = Requirement(
        **{name: getattr(read, name) for name in shared},
        **{name: reader(name, sent[name]) for name, reader in _readers().items() if name in sent},
        walks=_walks(sent),
    )
    _check_one_area(found)
    if found.neighbours is not None and not found.industry:
        raise BadParameterError("industry", "", "with neighbours: " + ", ".join(_industries()))
    return found


def to_query(requirement: Requirement) -> str:
    """The query string of `requirement`, in the order of the fields, defaults left out."""
    return urlencode(requirement.pairs, safe=",:")


def walk_parameter(walk: Walk) -> tuple[str, int]:
    """The parameter that asks for a walk, and its value: whole minutes where it comes to such."""
    minutes, rest = divmod(walk.metres, WALKING_M_MIN)
    return (f"{walk.name}_m", walk.metres) if rest else (f"{walk.name}_minutes", minutes)


def rivals(parameter: str) -> frozenset[str]:
    """The parameters that say something of the same criterion, this one included."""
    for names in FIELDS_OF.values():
        if parameter in names:
            return frozenset(names)
    stem = parameter.removesuffix("_minutes").removesuffix("_m")
    return frozenset({parameter, f"{stem}_minutes", f"{stem}_m"})


_SHARED = (
    *("area_min", "area_max", "rent_max", "rent_unit", "grade", "star", "theme", "fitout"),
    *("floor_min", "floor_max", "available_by", "within", "bbox"),
)
"""Parameters that mean the same in a search, and are read by it."""


def _readers() -> dict[str, Callable[[str, str], Any]]:
    return {
        "area": lambda name, value: decimal(name, value, 1, 10_000_000),
        "tolerance": lambda name, value: decimal(name, value, 0, 100),
        "people": lambda name, value: whole(name, value, 1, 100_000),
        "budget_month": lambda name, value: decimal(name, value, 1, 1_000_000_000),
        "band": lambda name, value: codes(name, value, BANDS),
        "industry": lambda name, value: one_of(name, value, _industries()),
        "registrable": lambda name, value: one_of(name, value, ("1", "0")) == "1",
        "stale": lambda name, value: one_of(name, value, ("1", "0")) == "1",
        "permits": lambda name, value: codes(name, value, PERMITS),
        "parking": lambda name, value: whole(name, value, 1, 100_000),
        "neighbours": lambda name, value: whole(name, value, 1, 10_000),
        "zone": lambda name, value: codes(name, value),
        "must": lambda name, value: () if value == "none" else codes(name, value, criteria()),
        "weights": lambda name, value: numbered(name, value, criteria(), MOST_WEIGHT),
    }


@cache
def _industries() -> tuple[str, ...]:
    return tuple(group.code for group in taxonomy.map_groups())


def _walks(sent: Mapping[str, str]) -> tuple[Walk, ...]:
    return tuple(walk for name in amenities() if (walk := _walk(name, sent)))


def _walk(name: str, sent: Mapping[str, str]) -> Walk | None:
    minutes, metres = f"{name}_minutes", f"{name}_m"
    if minutes in sent and metres in sent:
        raise BadParameterError(metres, sent[metres], f"either {minutes} or {metres}")
    if minutes in sent:
        most = MOST_NEAR_M // WALKING_M_MIN
        return Walk(name, WALKING_M_MIN * whole(minutes, sent[minutes], 1, most))
    return Walk(name, whole(metres, sent[metres], 10, MOST_NEAR_M)) if metres in sent else None


def _written(requirement: Requirement) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for name, default in _DEFAULTS.items():
        value = getattr(requirement, name)
        if name == "walks":
            pairs.update(map(_written_walk, value))
        elif name == "weights" and value:
            pairs[name] = ",".join(f"{criterion}:{write(weight)}" for criterion, weight in value)
        elif value != default:
            pairs[name] = write(value) or "none"
    return pairs


def _written_walk(walk: Walk) -> tuple[str, str]:
    name, value = walk_parameter(walk)
    return name, str(value)


def _check_names(names: list[str]) -> None:
    known = {name for name in _DEFAULTS if name != "walks"}
    distances = {f"{name}{end}" for name in amenities() for end in ("_minutes", "_m")}
    for name in names:
        if name not in known | distances:
            told = ", ".join(sorted(known))
            raise BadParameterError(name, "", f"the parameters {told}, and metro_minutes, metro_m and the like")


def _check_one_area(found: Requirement) -> None:
    ways = {
        "area": found.area is not None,
        "people": found.people is not None,
        "area_min": found.area_min is not None or found.area_max is not None,
    }
    given = [name for name, is_given in ways.items() if is_given]
    if len(given) > 1:
        raise BadParameterError(given[1], write(getattr(found, given[1])), "one of area, people, area_min and area_max")


_DEFAULTS = {field.name: field.default for field in fields(Requirement)}
