"""The history of the schema leads to the models, and back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text

from geo.db import engine as make_engine
from geo.model import Base, Building, LayerVersion
from tests.postgres import CloneMaker
from webmap import audit_triggers, database_setup, migrate
from webmap.embedded import EmbeddedPostgres

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 't' ORDER BY 1, 2"""
INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
COLUMNS = """
    SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
           pg_get_expr(adbin, adrelid)
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
      AND attnum > 0 AND NOT attisdropped ORDER BY 1, 2"""


@pytest.fixture
def migrated(clones: CloneMaker, clone: str) -> Iterator[Engine]:
    engine = make_engine(clones.server.dsn(database=clone))
    yield engine
    engine.dispose()


@pytest.fixture
def empty(embedded: EmbeddedPostgres) -> Iterator[Engine]:
    embedded.create_database("empty")
    engine = make_engine(embedded.dsn(database="empty"))
    yield engine
    engine.dispose()
    embedded.drop_database("empty")


def up(engine: Engine, revision: str = "head") -> None:
    with migrate.one_at_a_time(engine) as connection:
        migrate.upgrade(connection, revision)


def down(engine: Engine, revision: str) -> None:
    with migrate.one_at_a_time(engine) as connection:
        migrate.downgrade(connection, revision)


def _described(connection: Connection, catalogue: str) -> set[tuple[object, ...]]:
    rows = connection.execute(text(catalogue))
    return {tuple(row) for row in rows if not str(row[0]).startswith(("procrastinate_", "spatial_ref_sys", "alembic_"))}


@pytest.mark.filterwarnings("ignore:Computed default on:UserWarning")  # the catalogue below compares these exactly
def test_alembic_finds_nothing_to_add_to_the_migrated_schema(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts=migrate.comparison())
        assert compare_metadata(context, migrate.tables()) == []


@pytest.mark.parametrize("catalogue", [CONSTRAINTS, INDEXES, COLUMNS], ids=["constraints", "indexes", "columns"])
def test_postgresql_describes_migrated_and_modelled_tables_alike(
    migrated: Engine, empty: Engine, catalogue: str
) -> None:
    up(empty, "0001")
    Base.metadata.create_all(empty)
    with migrated.connect() as history, empty.connect() as models:
        assert _described(history, catalogue) == _described(models, catalogue)


def test_the_schema_goes_down_to_nothing_and_up_again(migrated: Engine) -> None:
    down(migrated, "base")
    left = set(inspect(migrated).get_table_names())
    assert left == {"alembic_version", "spatial_ref_sys"}
    up(migrated)
    assert migrate.status(migrated).up_to_date


def test_each_step_can_be_taken_back_and_repeated(empty: Engine) -> None:
    chain = [step.revision for step in ScriptDirectory(str(VERSIONS.parent)).walk_revisions()]
    assert len(chain) == len(list(VERSIONS.glob("0*.py")))
    for revision in reversed(chain):
        up(empty, revision)
        down(empty, "-1")
        up(empty, revision)
    assert migrate.status(empty).up_to_date


def test_an_empty_database_is_behind(empty: Engine) -> None:
    assert migrate.status(empty).current is None
    assert not migrate.status(empty).up_to_date


def test_versions_of_a_new_database_begin_at_the_clock_so_that_no_browser_has_kept_them(migrated: Engine) -> None:
    with migrated.connect() as connection:
        found = {row.layer: row.version for row in connection.execute(select(LayerVersion.layer, LayerVersion.version))}
    assert set(found) == {"buildings", "ground", "amenities", "areas", "clusters", "state", "names", "enterprises"}
    assert min(found.values()) > 1_700_000_000


@pytest.mark.parametrize(
    ("lon", "lat", "tile"),
    [(121.4737, 31.2304, (14049692, 6855232)), (0.0, 0.0, (8388608, 8388608)), (-180.0, 89.0, (0, 0))],
)
def test_the_morton_code_interleaves_the_tile_of_zoom_24(
    migrated: Engine, lon: float, lat: float, tile: tuple[int, int]
) -> None:
    call = text("SELECT loumap_morton(ST_SetSRID(ST_Point(:lon, :lat), 4326))")
    with migrated.connect() as connection:
        code = connection.execute(call, {"lon": lon, "lat": lat}).scalar_one()
    x = int(f"{code:048b}"[1::2], 2)
    y = int(f"{code:048b}"[0::2], 2)
    assert (x, y) == tile


def test_no_code_of_a_building_is_computed_by_hand(migrated: Engine) -> None:
    generated = {column["name"] for column in inspect(migrated).get_columns("buildings") if column.get("computed")}
    assert generated == {"ring", "morton"}
    assert Building.__table__.c.ring.computed is not None


def test_two_programs_that_start_together_bring_the_database_up_one_after_the_other(empty: Engine) -> None:
    with ThreadPoolExecutor(max_workers=2) as both:
        for done in [both.submit(database_setup.upgrade, empty) for _ in range(2)]:
            done.result()
    assert migrate.status(empty).up_to_date


def test_nobody_meets_a_table_before_its_rights(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(connection: Connection) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(audit_triggers, "attach", fails)
    with pytest.raises(RuntimeError, match="power"):
        database_setup.upgrade(empty)
    assert migrate.status(empty).current is None
