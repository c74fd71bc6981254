"""Who looks back reads the same tables as they were: rows that were changed, added or deleted since, units, offers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from psycopg import Connection
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from geo.disclosure import public_fields, public_occupancy
from geo.history.values import CONTRACTS, OCCUPANCIES
from geo.looking_back import PAST, PAST_STAFF, TABLES, Moment, driver_of, looking_back
from geo.looking_back.keeping import KEPT
from geo.model import Area, Building, BuildingFact, Enterprise, Floor, FormerRow, Unit
from geo.taxonomy.rents import rent_cny_m2_day, rent_units
from tests.factories import create_area, create_building, create_enterprise, create_floor, create_unit

COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attname"""


def now(session: Session) -> Moment:
    """Today, with all that is known now."""
    session.flush()
    known = session.scalars(text("SELECT clock_timestamp()")).one()
    return Moment(known.date(), known)


def create_fact(session: Session, building: Building, fact: str, value: str) -> BuildingFact:
    """A condition of a building."""
    added = BuildingFact(building_id=building.id, fact=fact, value=value, source_id=building.source_id)
    session.add(added)
    session.flush()
    return added


@pytest.fixture
def driver(session: Session) -> Connection:
    return driver_of(session)


@pytest.mark.parametrize("schema", [PAST, PAST_STAFF])
@pytest.mark.parametrize("table", TABLES)
def test_a_view_has_the_columns_and_types_of_its_table(driver: Connection, schema: str, table: str) -> None:
    then, today = (driver.execute(COLUMNS, [f"{of}.{table}"]).fetchall() for of in (schema, "public"))
    assert then == today != []


def test_names_and_conditions_are_those_that_were_known(session: Session, driver: Connection) -> None:
    tower = create_building(session, name="云澜大厦", leasable_area_m2=20000, themes=["it"])
    create_unit(session, floor := create_floor(session, tower, 12))
    fact = create_fact(session, tower, fact="power", value="双回路")
    area = create_area(session, name="旧区名")
    firm = create_enterprise(session, tower, industry_group="finance")
    before = now(session)

    tower.name, tower.leasable_area_m2, tower.themes = "新名大厦", Decimal(25000), ["it", "finance"]
    floor.label, area.name, firm.industry_group = "12A", "新区名", "it"
    fact.value = "单回路"
    create_fact(session, tower, fact="air", value="中央空调")
    session.flush()
    tower.name = "又改的名"
    session.flush()

    session.expire_all()
    with looking_back(driver, before):
        assert session.get_one(Building, tower.id).name == "云澜大厦"
        assert (tower.leasable_area_m2, tower.themes) == (Decimal("20000.00"), ["it"])
        assert session.scalars(select(Floor.label).where(Floor.id == floor.id)).one() != "12A"
        assert session.scalars(select(Area.name)).all() == ["旧区名"]
        assert session.scalars(select(Enterprise.industry_group)).all() == ["finance"]
        assert session.scalars(select(BuildingFact.value)).all() == ["双回路"]
    session.expire_all()
    assert (tower.name, len(session.scalars(select(BuildingFact.id)).all())) == ("又改的名", 2)


def test_what_was_deleted_was_there_and_what_came_since_was_not(session: Session, driver: Connection) -> None:
    tower = create_building(session)
    create_fact(session, tower, fact="power", value="双回路")
    before = now(session)
    session.execute(delete(BuildingFact))
    create_building(session, code="later001")
    with looking_back(driver, before):
        assert session.execute(select(BuildingFact.fact, BuildingFact.value, BuildingFact.publishable)).all() == [
            ("power", "双回路", True)
        ]
        assert session.scalars(select(Building.code)).all() == [tower.code]


def test_buildings_nobody_lists_leave_nothing_behind(session: Session) -> None:
    house = create_building(session, name=None, managed=False)
    house.height_m = 44
    session.flush()
    assert session.scalars(select(FormerRow.id)).all() == []


def test_what_must_not_be_shown_now_is_not_shown_of_any_day(session: Session, driver: Connection) -> None:
    tower = create_building(session)
    before = now(session)
    tower.name, tower.publishable = "改过", False
    session.flush()
    with looking_back(driver, before):
        assert session.scalars(select(Building.publishable)).all() == [False]


def test_a_unit_that_was_renamed_has_the_label_it_had(session: Session, driver: Connection) -> None:
    unit = create_unit(session, label="1201", public_status="vacant", occupancy="vacant", area_m2=120)
    before = now(session)
    unit.label = "1201-02"
    session.flush()
    told = select(Unit.label, Unit.public_status, Unit.area_m2).where(Unit.valid.op("@>")(before.as_of))
    with looking_back(driver, before):
        assert session.execute(told).all() == [("1201", "vacant", Decimal("120.00"))]
    with looking_back(driver, Moment(before.as_of, before.known_at - timedelta(days=1))):
        assert session.execute(told).all() == []


def test_the_database_tells_the_public_what_we_do(driver: Connection) -> None:
    days = (None, date(2026, 5, 1))
    for held, contract, offered, day in product(OCCUPANCIES, CONTRACTS, (False, True), days):
        found = driver.execute("SELECT past.public_status(%s, %s, %s, %s)", [held, contract, offered, day]).fetchone()
        assert found == (public_occupancy(held, contract, offered, day),)
    for unit, area in product(rent_units(), (Decimal(0), Decimal(250), None)):
        asked = (Decimal("120.5"), unit.code, area)
        (rent,) = driver.execute("SELECT past.rent_cny_m2_day(%s, %s, %s)", asked).fetchone() or ()
        assert rent == pytest.approx(rent_cny_m2_day(*asked))


def test_the_present_is_read_again_afterwards(session: Session, driver: Connection) -> None:
    before = driver.execute("SHOW search_path").fetchone()
    with looking_back(driver, Moment(date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC))):
        assert driver.execute("SHOW search_path").fetchone() == ("past, public",)
    assert driver.execute("SHOW search_path").fetchone() == before


@pytest.mark.parametrize("table", KEPT)
def test_only_what_the_public_reads_is_kept(table: str) -> None:
    assert set(KEPT[table].names) - public_fields(table) == set()
