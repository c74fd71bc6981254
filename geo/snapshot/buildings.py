"""The listed buildings of a state file: what they are called and are like, what their units sum up to, what is near."""

import numpy as np

from geo import taxonomy
from geo.columns import Array, Column, ListColumn, TextColumn
from geo.filters import OCCUPANCIES
from geo.snapshot.reading import Reading
from geo.taxonomy.facts import PERMITS, REGISTRABLE
from geo.text import to_traditional

NO_AMENITY = 65535
"""What `near_…` columns hold where no amenity of the category is within reach."""

NO_PARKING = 65535
"""What `parking` holds where the number of places is not stated."""

_TEXTS = ("code", "name", "name_en", "search")
_TYPES = {
    "lon": ("i4", "i4"),
    "lat": ("i4", "i4"),
    "height": ("f4", "f4"),
    "leasable": ("f4", "f4"),
    "floors": ("i2", "i2"),
    "year": ("i2", "i2"),
    "grade": ("i2", "u1"),
    "star": ("i2", "u1"),
    "status": ("i2", "u1"),
    "themes": ("i8", "u4"),
    "parking": ("i4", "u2"),
    "fee": ("f4", "f4"),
    "managed": ("?", "u1"),
}
"""Numbers of a building: their types in the query, which knows fewer, and in the file."""

_ROW = {"id": "i8", **{name: sent for name, (sent, _) in _TYPES.items()}, **dict.fromkeys(_TEXTS, "i4")}
_GROUPS = 32
"""More map groups cannot be: each is a bit of a u4."""

_YES, _NO = 1, 3

_NEVER = np.iinfo(np.int32).max


def read_buildings(reading: Reading) -> tuple[Array, dict[str, Column]]:
    """The ids of the buildings in their order, and the columns of what they are by themselves."""
    rows = reading.rows("snapshot_buildings", _ROW)
    blobs = dict(zip(_TEXTS, reading.row("snapshot_texts"), strict=True))
    texts = {name: _texts(blobs[name], rows[name]) for name in _TEXTS}
    rows["parking"] = np.where(rows["parking"] < 0, NO_PARKING, np.minimum(rows["parking"], NO_PARKING - 1))
    # Browsers cannot fold 繁體 to 简体, so they get both.
    search = [_with_traditional(*pair) for pair in zip(texts["search"], texts["name"], strict=True)]
    return rows["id"], {
        "id": ("u4", rows["id"]),
        **{name: ("utf8", texts[name]) for name in ("code", "name", "name_en")},
        "search": ("utf8", search),
        **{name: (kept, rows[name]) for name, (_, kept) in _TYPES.items()},
    }


def sums(row: Array, area: Array, occupancy: Array, reported: Array, buildings: int) -> dict[str, Column]:
    """What the units of each building come to.

    Parameters
    ----------
    row, area, occupancy, reported
        Of every unit: the row of its building, m², the number of its public state, days since 1970-01-01 or 0.
    buildings
        How many buildings there are.
    """

    def square_metres(status: str) -> Column:
        chosen = occupancy == OCCUPANCIES.index(status) + 1
        return "f4", np.bincount(row[chosen], weights=area[chosen], minlength=buildings)

    oldest = np.full(buildings, _NEVER, np.int32)
    stamped = reported > 0
    np.minimum.at(oldest, row[stamped], reported[stamped])
    return {
        "vacant": square_metres("vacant"),
        "soon": square_metres("soon"),
        "unknown": square_metres("unknown"),
        "units": ("u2", np.minimum(np.bincount(row, minlength=buildings), 65535)),
        "reported": ("i4", np.where(oldest == _NEVER, 0, oldest)),
    }


def read_industries(reading: Reading, ids: Array) -> dict[str, Column]:
    """Bits of the map groups present in each building, the number of the one with most enterprises, and how many.

    Of `firms` each value has the number of a map group in its upper 16 bits and the enterprises in the lower.
    """
    found = reading.rows("snapshot_industries", {"building": "i8", "enterprise": "i8", "industry": "i2"})
    row, listed = _rows_of(found["building"], ids)
    present = listed & (found["industry"] > 0)
    place = row[present] * _GROUPS + found["industry"][present] - 1
    place, enterprises = np.unique(_distinct(place, found["enterprise"][present]), return_counts=True)
    row, group = np.divmod(place, _GROUPS)
    bits = np.zeros(len(ids), "<u4")
    np.bitwise_or.at(bits, row, np.uint32(1) << group.astype(np.uint32))
    leading = np.zeros(len(ids), "u1")
    # What is written last stays: of each building the group with most enterprises, of equals the first in the list.
    order = np.lexsort((-group, enterprises))
    leading[row[order]] = group[order] + 1
    firms = (group.astype("<u4") + 1 << 16) + np.minimum(enterprises, 0xFFFF).astype("<u4")
    ends = np.searchsorted(row, np.arange(len(ids)), side="right").astype("<u4")
    return {"industries": ("u4", bits), "leading": ("u1", leading), "firms": ("u4[]", ListColumn(firms, ends))}


def read_facts(reading: Reading, ids: Array) -> dict[str, Column]:
    """Whether companies can be registered (1 yes, 2 in part, 3 no, 0 not stated), and bits of permits.

    Of `permits` the first bits say which are possible, as many behind them which are not.
    """
    facts, spellings = (REGISTRABLE, *PERMITS), taxonomy.answer_spellings()
    types = {"building": "i8", "fact": "i2", "answer": "i2"}
    found = reading.rows("snapshot_facts", types, fact=list(facts), answer=list(spellings))
    row, listed = _rows_of(found["building"], ids)
    numbers = np.array([0, *spellings.values()], np.uint8)[found["answer"][listed]]
    told = np.zeros((len(facts) + 1, len(ids)), np.uint8)
    told[found["fact"][listed], row[listed]] = numbers  # what is written last stays: the newest
    permits = np.zeros(len(ids), np.uint8)
    for place, answers in enumerate(told[2:]):
        permits |= np.uint8(1 << place) * (answers == _YES) | np.uint8(1 << place + len(PERMITS)) * (answers == _NO)
    return {"registrable": ("u1", told[1]), "permits": ("u1", permits)}


def read_memberships(reading: Reading, ids: Array) -> dict[str, Column]:
    """Which areas and clusters hold each building, as the places of their codes among the words."""
    columns: dict[str, Column] = {}
    for name in ("areas", "clusters"):
        found = reading.rows(f"snapshot_{name}", {"building": "i8", "place": "i4"})
        found = found[found["place"] > 0]
        ends = np.searchsorted(found["building"], ids, side="right").astype("<u4")
        columns[name] = ("u4[]", ListColumn((found["place"] - 1).astype("<u4"), ends))
    return columns


def read_distances(reading: Reading, ids: Array) -> dict[str, Column]:
    """Metres to the nearest amenity of each category."""
    found = reading.rows("snapshot_distances", {"building": "i8", "category": "i2", "metres": "i4"})
    row, listed = _rows_of(found["building"], ids)
    categories = reading.words["amenity"]
    near = np.full((len(categories) + 1, len(ids)), NO_AMENITY, "<u2")
    near[found["category"][listed], row[listed]] = found["metres"][listed]
    return {f"near_{category}": ("u2", near[number]) for number, category in enumerate(categories, 1)}


def _rows_of(buildings: Array, ids: Array) -> tuple[Array, Array]:
    """The rows of buildings by their ids, and whether they are listed at all; `ids` is in order."""
    row = np.searchsorted(ids, buildings)
    return row, np.append(ids, -1)[row] == buildings


def _distinct(place: Array, thing: Array) -> Array:
    """The places of things, each thing counted once in a place."""
    order = np.lexsort((thing, place))
    place, thing = place[order], thing[order]
    return place[np.append(True, (np.diff(place) != 0) | (np.diff(thing) != 0))] if len(place) else place


def _texts(blob: str, lengths: Array) -> TextColumn:
    return TextColumn(memoryview(blob.encode()), np.cumsum(lengths).astype("<u4"))


def _with_traditional(keys: str, name: str) -> str:
    traditional = to_traditional(name)
    return keys if traditional == name else f"{keys} {traditional.lower()}"
