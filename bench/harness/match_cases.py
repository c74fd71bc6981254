"""Which requirements a benchmark asks: drawn with a fixed seed, as tenants would ask."""

import random

SEED = 20261122


def draw(count: int) -> list[dict[str, str]]:
    """So many requirements: a space, and two to eight further criteria."""
    chance = random.Random(SEED)
    return [_case(chance) for _ in range(count)]


def _case(chance: random.Random) -> dict[str, str]:
    asked = dict(_space(chance))
    for name in chance.sample(sorted(_FURTHER), chance.randint(2, 8)):
        asked[name] = chance.choice(_FURTHER[name])
    if chance.random() < 0.2:
        asked["must"] = chance.choice(["area", "area,rent,fitout", "area,budget,metro,band"])
    return asked


def _space(chance: random.Random) -> list[tuple[str, str]]:
    m2 = chance.choice([150, 300, 500, 800, 1000, 1500, 2000, 3000, 5000])
    kind = chance.random()
    if kind < 0.6:
        return [("area", str(m2))]
    if kind < 0.8:
        return [("area_min", str(m2)), ("area_max", str(m2 * 3 // 2))]
    return [("people", str(m2 // 10)), ("tolerance", "15")]


_FURTHER = {
    "rent_max": ["3", "4", "5", "6.5"],
    "budget_month": ["60000", "120000", "300000"],
    "available_by": ["2026-12-31", "2027-03-01", "2027-06-30"],
    "fitout": ["full", "full,furnished", "shell"],
    "grade": ["a", "super_a,a", "b"],
    "band": ["high", "middle,high", "low"],
    "industry": ["finance", "it", "business"],
    "theme": ["finance", "digital"],
    "metro_minutes": ["5", "8", "12"],
    "lunch_m": ["200", "400"],
    "hotel_minutes": ["8", "15"],
    "services_minutes": ["10"],
    "bank_m": ["500"],
    "registrable": ["1"],
    "parking": ["20", "100"],
    "star": ["4,5"],
}
