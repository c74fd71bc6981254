"""The whole invented city as a stream of batches, each ready for its table once those before it are in."""

from collections.abc import Iterator
from datetime import date

from geo.sample import (
    amenity_rows,
    check_rows,
    city_buildings,
    city_ground,
    city_people,
    city_units,
    figure_rows,
    ground_rows,
    people_rows,
    place_rows,
    read_rows,
    return_rows,
    unit_rows,
)
from geo.sample.batches import Batch
from geo.sample.cells import cells, first_of, houses_of, reach_m
from geo.sample.claims import Claims
from geo.sample.core import Core, open_core
from geo.sample.ids import Keys
from geo.sample.industries import PlantedCluster, planted_clusters
from geo.sample.names import company_names
from geo.sample.plane import stream

SEED = 5
PUBLIC_SOURCE = "虚构样例 · 澄湾区"
NOTE, NOTE_EN = "虚构样例数据", "Invented sample data"
GROWING = (
    "sources", "areas", "complexes", "complex_buildings", "buildings", "building_facts", "sections", "floors",
    "parties", "party_roles", "enterprises", "offers", "units", "offer_units", "unit_lineage", "unit_states",
    "confirmations", "tenancies", "ground_features", "transit_lines", "amenities",
)  # fmt: skip
"""The tables that grow with the city."""

WEEKLY = (
    "vacancy_returns", "return_submissions", "return_lines", "return_sightings", "audit_samples", "spot_checks",
    "page_reads", "figures", "targets",
)  # fmt: skip
"""Those that tell of the last weeks and years of the core."""

TABLES = (*GROWING, *WEEKLY)
"""Every table that the sample writes."""


def generate(buildings: int = 2000, seed: int = SEED, today: date | None = None, first_id: int = 1) -> Iterator[Batch]:
    """The rows of a city of exactly so many buildings, in an order that keeps every reference.

    Parameters
    ----------
    buildings : int
        36 of them are the office towers of the core district.
    seed : int
        Another seed draws other houses, units and tenants into the same streets.
    today : date
        The present day of the sample: the same day and seed give the same bytes.
    first_id : int
        The first id of every table.
    """
    keys = Keys(seed, first_id)
    core = open_core(seed, today or date.today(), buildings, keys)
    yield _sources(core)
    yield from place_rows.areas(core, reach_m(buildings))
    yield from place_rows.buildings(core)
    yield from place_rows.complexes(core)
    yield from place_rows.sections(core)
    yield from place_rows.floors(core)
    yield from place_rows.facts(core)
    yield from _people_and_units(core)
    yield from ground_rows.ground(core)
    yield from ground_rows.transit(core)
    yield from amenity_rows.amenities(core)
    yield from _city(core, buildings)


def ground_truth(buildings: int, seed: int) -> tuple[PlantedCluster, ...]:
    """The industry clusters that are planted in a city."""
    return planted_clusters(seed, buildings, reach_m(buildings))


def _city(core: Core, buildings: int) -> Iterator[Batch]:
    """The city around the core, some cells at a time, until it has so many buildings."""
    around, rng = cells(core.seed), stream(core.seed, "city")
    clusters = ground_truth(buildings, core.seed)
    buildings -= len(core.building_ids)
    while buildings > 0:
        every = next(around)
        some, houses = first_of(every, houses_of(every), buildings)
        buildings -= len(houses.areas)
        stock = city_buildings.choose(core, houses, rng)
        yield from city_buildings.buildings(core, stock, rng)
        storeys, floor_buildings, floor_ids = city_buildings.floors(core, stock)
        yield storeys
        rooms = city_units.rooms(core, stock, floor_buildings, rng)
        folk = city_people.people(core, stock, rooms, rng)
        yield from city_people.enterprises(core, stock, folk, clusters, rng)
        offers, offer_of = city_units.offers(core, stock, rooms, rng)
        yield from offers
        yield from city_units.units(core, stock, rooms, floor_ids, offer_of)
        yield city_units.states(core, rooms, city_people.tenant_of(rooms, folk))
        yield city_people.tenancies(core, stock, rooms, folk)
        yield from city_ground.ground(core, some)
        yield from city_ground.amenities(core, houses, rng)


def _people_and_units(core: Core) -> Iterator[Batch]:
    parties, contacts = people_rows.parties(core)
    people = people_rows.residents(core)
    yield from parties
    yield from people_rows.party_roles(core, contacts)
    yield from people_rows.enterprises(core, people)
    yield from unit_rows.offers(core, contacts)
    yield from unit_rows.units(core)
    yield from unit_rows.offer_units(core)
    yield from unit_rows.lineage(core)
    yield from unit_rows.states(core, people.ids)
    yield from unit_rows.confirmations(core)
    yield from people_rows.tenancies(core, people)
    yield from _weekly(core, people)
    yield from figure_rows.figures(core, people)
    yield from figure_rows.targets(core)


def _weekly(core: Core, people: people_rows.Residents) -> Iterator[Batch]:
    """What the weeks brought: returns, looks on the spot, readers. Of the core alone, whatever the size of the city."""
    claims = Claims(core, company_names(people.lines, range(len(people.lines)))[0])
    yield from return_rows.returns(core, claims)
    yield from check_rows.checks(core, claims)
    yield from read_rows.reads(core)


def _sources(core: Core) -> Batch:
    return Batch("sources", 2, {
        "id": core.sources, "code": core.keys.codes("sources", core.sources),
        "name": [PUBLIC_SOURCE, "虚构样例 · 内部登记"],
        "name_en": ["Invented sample · Chengwan District", "Invented sample · internal register"],
        "attribution": f"{NOTE} · {NOTE_EN}", "attribution_en": NOTE_EN, "licence": "CC0-1.0", "datum": "wgs84",
        "dated_on": core.today, "secrecy": ["public", "internal"], "publishable": [True, False], "invented": True,
    })  # fmt: skip
