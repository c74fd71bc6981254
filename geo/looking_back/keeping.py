"""Keeps what rows were: triggers that put the public columns aside when one of them is changed or the row is deleted.

They cost nothing where nothing of this changes: PostgreSQL looks at the condition of a trigger before it calls it. Who
changes such a row shares the lock of those who write history, so that an instant to which a page is frozen lies before
or behind every change, never in the middle of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from geo.history.locks import WRITERS_LOCK

_LISTED = "({0}.managed OR {0}.name IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a table: columns, whose rows (`of`), and whether it is kept that a row was not there yet."""

    columns: str
    of: str = "true"
    new: bool = False
    row_id: str = "id"
    part: str = ""

    @property
    def names(self) -> list[str]:
        """The columns."""
        return self.columns.split()


KEPT: Mapping[str, Kept] = {
    "buildings": Kept(
        """name name_en name_source aliases search_text address address_en status managed height_m base_height_m
        floors_above floors_below typical_floor_area_m2 gross_area_m2 leasable_area_m2 completed_year grade grade_scheme
        star themes property_fee_cny_m2_month parking_spaces lifts source_id""",
        of=_LISTED,
        new=True,
    ),
    "building_facts": Kept("building_id fact value unit scheme dated_on source_id publishable", new=True),
    "floors": Kept("building_id section_id position label use area_m2 storey_height_m clear_height_m load_kn_m2"),
    "units": Kept("label floor_id top_floor_id use"),
    "areas": Kept("level name name_en parent_id"),
    "enterprises": Kept("industry_code industry_group is_headquarters"),
    "amenity_distances": Kept("amenity_id metres minutes method", row_id="building_id", part="category"),
}
"""Columns whose figures and names pages tell; no outline, nothing of people, nothing that only staff may see."""


def put_triggers_on(connection: Connection[TupleRow]) -> None:
    """Put the triggers on the tables of the connected owner; what was there before goes."""
    take_triggers_off(connection)
    for table, kept in KEPT.items():
        connection.execute(_function(table, kept).encode())
        for statement in _triggers(table, kept):
            connection.execute(statement.encode())


def take_triggers_off(connection: Connection[TupleRow]) -> None:
    """Take them off, so that columns may be changed and go."""
    for table in KEPT:
        connection.execute(f"DROP FUNCTION IF EXISTS {_name(table)} CASCADE".encode())


def _name(table: str) -> str:
    return f"loumap_former_{table}"


def _function(table: str, kept: Kept) -> str:
    pairs = ", ".join(f"'{name}', OLD.{name}" for name in kept.names)
    key = {row: f"{row}.{kept.row_id}, {f'{row}.{kept.part}' if kept.part else repr('')}" for row in ("OLD", "NEW")}
    into = "INSERT INTO former_rows (table_name, row_id, part, kept) VALUES"
    return f"""
CREATE FUNCTION {_name(table)}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $former$
-- Written by geo/looking_back/keeping.py.
BEGIN
  PERFORM pg_advisory_xact_lock_shared({WRITERS_LOCK});
  IF TG_OP = 'INSERT' THEN
    {into} ('{table}', {key["NEW"]}, NULL);
  ELSE
    {into} ('{table}', {key["OLD"]}, jsonb_build_object({pairs}));
  END IF;
  RETURN NULL;
END $former$"""


def _triggers(table: str, kept: Kept) -> list[str]:
    old, new = (", ".join(f"{row}.{name}" for name in kept.names) for row in ("OLD", "NEW"))
    either = f"({kept.of.format('OLD')} OR {kept.of.format('NEW')})"
    act = f"EXECUTE FUNCTION {_name(table)}()"
    made = [
        f"CREATE TRIGGER former_update AFTER UPDATE OF {', '.join(kept.names)} ON {table} FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new}) AND {either}) {act}",
        f"CREATE TRIGGER former_delete AFTER DELETE ON {table} FOR EACH ROW WHEN ({kept.of.format('OLD')}) {act}",
    ]
    if kept.new:
        made.append(
            f"CREATE TRIGGER former_insert AFTER INSERT ON {table} FOR EACH ROW WHEN ({kept.of.format('NEW')}) {act}"
        )
    return made
