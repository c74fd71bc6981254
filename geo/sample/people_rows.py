"""Rows of enterprises, tenancies and parties of the core district."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import shapely

from geo.sample.batches import Batch, batch, days, instants
from geo.sample.core import Core, address_of
from geo.sample.names import company_names, credit_codes, root, trades
from geo.sample.plane import ewkb, stream
from geo.sample.tenants import house_enterprises

INTERNAL_ENTERPRISES = 2
MANAGERS, OWNERS, AGENTS = 6, 14, 4
TRADER_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Residents:
    """Trade and building number (None: gone) of every enterprise of the core; tenants of towers first."""

    lines: tuple[int, ...]
    buildings: tuple[int | None, ...]
    ids: range


def residents(core: Core) -> Residents:
    """The enterprises of the towers and of the ordinary houses."""
    houses, lines = house_enterprises(core.houses, stream(core.seed, "house enterprises"))
    first_house = len(core.towers)
    every = (*core.tenants.lines, *lines)
    where = (*core.tenants.towers, *(first_house + house for house in houses))
    return Residents(every, where, core.keys.take("enterprises", len(every)))


def enterprises(core: Core, people: Residents) -> Iterator[Batch]:
    """The register facts of all enterprises, with an address and a place where they sit today."""
    rng = stream(core.seed, "enterprises")
    outlines = [tower.parts[2].outline for tower in core.towers] + [house.plain.outline for house in core.houses]
    middles = [(float(point.x), float(point.y)) for point in shapely.point_on_surface(outlines)]
    addresses, geoms = address_of(middles), ewkb(_scattered(outlines, people.buildings, middles, rng))
    names = company_names(people.lines, range(len(people.lines)))
    codes, credit = core.keys.codes("enterprises", people.ids), credit_codes(people.ids)
    rows = []
    for number, (line, building) in enumerate(zip(people.lines, people.buildings, strict=True)):
        home = None if building is None else addresses[building][0]
        secret = number >= len(people.lines) - INTERNAL_ENTERPRISES
        rows.append({
            "id": people.ids[number], "code": codes[number], "name": names[0][number], "name_en": names[1][number],
            "credit_code": credit[number], **_register(line, building, len(core.towers), core.today, rng),
            "address": home, "registered_address": _registered_at(home, rng),
            "building_id": None if building is None else core.building_ids[building],
            "geom": None if building is None else geoms[number],
            "source_id": core.sources[secret], "publishable": not secret, "source_key": f"enterprise-{number}",
        })  # fmt: skip
    yield from batch("enterprises", rows)


def tenancies(core: Core, people: Residents) -> Iterator[Batch]:
    """Who sits where from when on: units of towers, and ordinary houses as a whole."""
    rng = stream(core.seed, "tenancies")
    rows = [_stay(core, people, number, rng) for number in range(len(core.tenants.stays))]
    for number in range(len(core.tenants.lines), len(people.lines)):
        began = core.today - timedelta(days=int(rng.integers(60, 3000)))
        building = people.buildings[number]
        assert building is not None
        rows.append({
            "enterprise_id": people.ids[number], "building_id": core.building_ids[building], "unit_id": None,
            "area_m2": None, "valid": days(began, None), "known": instants(_noon(began), None),
            "lease_end_on": None, "room_public": False,
        })  # fmt: skip
    ids = core.keys.take("tenancies", len(rows))
    yield from batch("tenancies", [{"id": i} | row for i, row in zip(ids, rows, strict=True)], source_id=core.source)


def parties(core: Core) -> tuple[list[Batch], dict[int, int]]:
    """Managers, owners, agents and the two offices; and the party that shows each tower to tenants."""
    names = [_party(number) for number in range(MANAGERS + OWNERS + AGENTS)] + _OFFICES
    ids = core.keys.take("parties", len(names))
    rows = [
        {"id": ident, "code": code, "kind": "office" if number >= len(names) - len(_OFFICES) else "company",
         "name": zh, "name_en": en, "business_phone": f"0000-8800-{number + 1:04d}",
         "business_email": f"leasing{number + 1:02d}@sample.invalid", "contact_consent": number % 7 != 6,
         "personal_phone": f"0000-0000-{number + 1:04d}"}
        for number, (ident, code, (zh, en)) in enumerate(zip(ids, core.keys.codes("parties", ids), names, strict=True))
    ]  # fmt: skip
    contacts = {index: ids[index * 5 % MANAGERS] for index in range(len(core.towers))}
    return list(batch("parties", rows, source_id=core.source)), contacts


def party_roles(core: Core, contacts: dict[int, int]) -> Iterator[Batch]:
    """Manager, owner, agent, promotion office and building chief of each tower; every fifth has two owners."""
    first = min(contacts.values(), default=0)
    office = first + MANAGERS + OWNERS + AGENTS
    rows = []
    for index, ident in enumerate(core.building_ids[: len(core.towers)]):
        owner = first + MANAGERS + index % OWNERS
        since = date(int(core.towers[index].row["year"]), 1, 1)
        held = {"building_id": ident, "valid": days(since, None) if since < core.today else "(,)"}
        rows += [held | {"party_id": contacts[index], "role": "manager"}, held | {"party_id": owner, "role": "owner"}]
        rows += [held | {"party_id": office, "role": "promotion"}, held | {"party_id": office + 1, "role": "chief"}]
        if index % 5 == 0:
            rows.append(held | {"party_id": first + MANAGERS + (index + 3) % OWNERS, "role": "owner"})
        if index % 3 == 0:
            rows.append(held | {"party_id": first + MANAGERS + OWNERS + index % AGENTS, "role": "agent"})
    ids = core.keys.take("party_roles", len(rows))
    yield from batch("party_roles", [{"id": i} | row for i, row in zip(ids, rows, strict=True)])


def _register(line: int, building: int | None, towers: int, today: date, rng: np.random.Generator) -> dict[str, Any]:
    row = trades()[line]
    small = building is not None and building >= towers
    trader = small and row["group"] in ("trade", "other") and rng.random() < TRADER_SHARE
    capital = 10.0 ** float(rng.normal(6.2 if small else 7.0, 0.6))
    return {
        "industry_code": row["code"], "industry_group": row["group"], "is_individual": bool(trader),
        "is_headquarters": row["group"] == "headquarters", "is_foreign_funded": bool(rng.random() < 0.06),
        "registered_capital_cny": None if trader else round(capital, -4) or 10000.0,
        "employees": int(np.clip(rng.lognormal(2.2 if small else 3.1, 0.9), 1, 3000)),
        "founded_on": today - timedelta(days=int(rng.integers(3000, 9000))),
    }  # fmt: skip


def _registered_at(home: str | None, rng: np.random.Generator) -> str | None:
    """Where it is registered: mostly where it sits, sometimes elsewhere (外注内营)."""
    return home if rng.random() < 0.82 else "汐州市外区（虚构）望汐路1号"


def _scattered(
    outlines: Sequence[shapely.Polygon], buildings: Sequence[int | None], middles: Sequence[tuple[float, float]],
    rng: np.random.Generator,
) -> list[shapely.Point]:  # fmt: skip
    """A place inside its building for each enterprise, a few metres from the middle."""
    points = []
    for building, (dx, dy) in zip(buildings, rng.uniform(-9, 9, (len(buildings), 2)), strict=True):
        x, y = middles[building or 0]
        near = shapely.Point(x + dx, y + dy)
        points.append(near if outlines[building or 0].covers(near) else shapely.Point(x, y))
    return points


def _stay(core: Core, people: Residents, number: int, rng: np.random.Generator) -> dict[str, Any]:
    stay = core.tenants.stays[number]
    room = core.lives.rooms[stay.room]
    lease = stay.start + timedelta(days=365 * int(rng.integers(2, 6)))
    while stay.end is None and lease <= core.today:
        lease += timedelta(days=365)
    return {
        "enterprise_id": people.ids[stay.enterprise], "building_id": core.building_ids[room.tower],
        "unit_id": core.room_ids[stay.room], "area_m2": room.area_m2, "valid": days(stay.start, stay.end),
        "known": instants(_noon(max(stay.start, core.lives.first_day)), None),
        "lease_end_on": stay.end or lease, "room_public": bool(rng.random() < 0.1),
    }  # fmt: skip


def _party(number: int) -> tuple[str, str]:
    zh, en = root(4600 + number)
    kind = 0 if number < MANAGERS else 1 if number < MANAGERS + OWNERS else 2
    return f"汐州{zh}{_PARTY_WORDS[kind][0]}", f"Xizhou {en} {_PARTY_WORDS[kind][1]}"


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)


_PARTY_WORDS = (
    ("物业服务有限公司", "Property Services Co., Ltd."),
    ("置业有限公司", "Real Estate Co., Ltd."),
    ("商办租赁代理有限公司", "Office Leasing Agents Co., Ltd."),
)
_OFFICES = [
    ("澄湾区投资促进服务中心（虚构）", "Chengwan Investment Promotion Centre (invented)"),
    ("潮心街道经济服务中心（虚构）", "Chaoxin Economic Service Centre (invented)"),
]
