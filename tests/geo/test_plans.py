"""At the size of a city the database goes to what is asked for instead of reading everything."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from psycopg import pq
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from geo.db import engine as make_engine
from geo.filters import Filters
from geo.search import Asked, find_buildings, find_units
from geo.tiles import LAYERS, Tile, question, render
from tests.geo.test_tiles import tile_of
from tests.postgres import CloneMaker
from webmap.database_logins import APP

MANY = 100_000
LARGE = {"buildings", "units", "floors", "amenities", "ground_features", "enterprises", "tenancies", "unit_states"}
ASKED = Asked(date(2026, 3, 10), limit=50)

CITY = f"""
INSERT INTO sources (code, name, secrecy, publishable) VALUES ('src', 'src', 'public', true);
INSERT INTO buildings (code, name, search_text, managed, geom, source_id, height_m)
SELECT 'b' || n, CASE WHEN n % 10 = 0 THEN '楼宇' || n END, CASE WHEN n % 10 = 0 THEN '楼宇' || n || ' louyu' || n END,
       n % 10 = 0, ST_Multi(ST_MakeEnvelope(x, y, x + 0.0002, y + 0.0002, 4326)), (SELECT id FROM sources), 20
FROM (SELECT n, 121.2 + (n % 400) * 0.0012 AS x, 31.0 + (n / 400) * 0.0016 AS y FROM generate_series(1, {MANY}) n) p;
INSERT INTO floors (building_id, position, label) SELECT id, 1, '1F' FROM buildings WHERE managed;
INSERT INTO units (code, building_id, floor_id, label, area_m2, public_status, rent_cny_m2_day, source_id)
SELECT 'u' || f.id || '-' || n, f.building_id, f.id, n::text, 50 + n * 97 + f.id % 50,
       CASE WHEN n = 1 THEN 'vacant' ELSE 'in_use' END, 4, (SELECT id FROM sources)
FROM floors f, generate_series(1, 10) n;
INSERT INTO amenities (code, category, geom, source_id)
SELECT 'a' || n, 'bus', ST_SetSRID(ST_Point(121.2 + (n % 400) * 0.0012, 31.0 + (n / 400) * 0.0016), 4326),
       (SELECT id FROM sources) FROM generate_series(1, {MANY}) n;
INSERT INTO ground_features (kind, road_class, rank, geom, source_id)
SELECT 'road', 'residential', 3 + n % 2, ST_SetSRID(ST_MakeLine(ST_Point(x, y), ST_Point(x + 0.001, y)), 4326),
       (SELECT id FROM sources)
FROM (SELECT n, 121.2 + (n % 400) * 0.0012 AS x, 31.0 + (n / 400) * 0.0016 AS y FROM generate_series(1, {MANY}) n) p;
"""


@pytest.fixture(scope="module")
def city(clones: CloneMaker) -> Iterator[Engine]:
    """100,000 buildings, units, amenities and streets, with statistics."""
    with clones.new() as name:
        owner = make_engine(clones.server.dsn(database=name))
        with owner.begin() as connection:
            connection.execute(text(CITY))
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        owner.dispose()
        engine = make_engine(clones.server.dsn(APP, name))
        yield engine
        engine.dispose()


def read_whole(node: dict) -> set[str]:
    """The large tables that a plan reads from end to end."""
    found = {node["Relation Name"]} & LARGE if node["Node Type"] == "Seq Scan" else set()
    return found.union(*(read_whole(child) for child in node.get("Plans", [])))


def explained(engine: Engine, ask) -> set[str]:
    """Runs `ask(session)` and gives the large tables that any of its statements read whole."""
    whole: set[str] = set()

    def explain(connection, cursor, statement, parameters, *_: object) -> None:
        if not statement.startswith("EXPLAIN"):
            with connection.connection.driver_connection.cursor() as other:
                (plan,) = other.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters).fetchone()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            whole.update(read_whole(plan[0]["Plan"]))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        with Session(engine) as session:
            ask(session)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    return whole


def whole_of_tile(driver, layer: str, tile: Tile) -> set[str]:
    """Explains the plan that the prepared statement of a tile is left with after a few uses: one for all values."""
    asked = question(layer, tile)
    prepared = driver.pgconn.prepare(b"explained", asked.text)
    assert prepared.status == pq.ExecStatus.COMMAND_OK, prepared.get_error_message()
    driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    (plan,) = driver.execute(f"EXPLAIN (FORMAT JSON) EXECUTE explained ({b', '.join(asked.data).decode()})").fetchone()
    driver.execute("DEALLOCATE explained")
    return read_whole(plan[0]["Plan"])


@pytest.mark.parametrize("zoom", [12, 13, 14, 15, 16])
@pytest.mark.parametrize("layer", LAYERS)
def test_a_tile_reads_its_own_corner_of_the_city(city: Engine, layer: str, zoom: int) -> None:
    with city.connect() as connection:
        seen = whole_of_tile(connection.connection.driver_connection, layer, tile_of(zoom, 121.4, 31.2))
    assert seen == set()


def test_no_tile_is_larger_than_half_a_megabyte(city: Engine) -> None:
    with city.connect() as connection:
        for layer in LAYERS:
            for zoom in range(10, 17):
                _, data = render(connection.connection.driver_connection, layer, tile_of(zoom, 121.4, 31.2))
                assert len(data) < 500_000, (layer, zoom)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(q="louyu4210"),
        Filters(q="楼宇4210"),
        Filters(bbox=(121.40, 31.20, 121.41, 31.21)),
        Filters(bbox=(121.40, 31.20, 121.41, 31.21), area_min=Decimal(500)),
    ],
    ids=["pinyin", "name", "box", "box and area"],
)
def test_a_search_goes_by_an_index(city: Engine, filters: Filters) -> None:
    assert explained(city, lambda session: find_buildings(session, filters, ASKED)) == set()
    assert explained(city, lambda session: find_units(session, filters, ASKED)) <= {"floors"}
