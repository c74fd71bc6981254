"""What the database's logins may do after a migration: the app and the jobs write, the public one reads a little."""

from psycopg.sql import SQL, Composable, Identifier
from sqlalchemy import Engine, inspect

from webmap.database_logins import PUBLIC, grant_logins

# The public login reads these tables but for the columns named; nothing else at all.
WITHHELD: dict[str, frozenset[str]] = {
    "amenities": frozenset(),
    "amenity_distances": frozenset(),
    "areas": frozenset(),
    "building_facts": frozenset(),
    "buildings": frozenset(),
    "clusters": frozenset(),
    "complex_buildings": frozenset(),
    "complex_parts": frozenset(),
    "complexes": frozenset(),
    "enterprises": frozenset({"registered_address", "registered_capital_cny", "employees"}),
    "floors": frozenset(),
    "ground_features": frozenset(),
    "industry_codes": frozenset(),
    "layer_changes": frozenset(),
    "layer_versions": frozenset(),
    "offer_units": frozenset(),
    "offers": frozenset(),
    "parties": frozenset({"personal_phone"}),
    "party_roles": frozenset(),
    "sections": frozenset(),
    "sources": frozenset(),
    "tenancies": frozenset({"unit_id", "area_m2", "lease_end_on", "room_public"}),
    "transit_lines": frozenset(),
    "unit_lineage": frozenset(),
    "units": frozenset({"occupancy"}),
}


def grant_all(engine: Engine) -> None:
    """Give every login of the database what it needs and no more; `engine` is the owner's."""
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        grant_logins(driver)
        if driver.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [PUBLIC]).fetchone():
            columns = {table: _columns(engine, table) for table in WITHHELD}
            for statement in _public_grants(columns):
                driver.execute(statement)


def _columns(engine: Engine, table: str) -> list[str]:
    names = [column["name"] for column in inspect(engine).get_columns(table)]
    return [name for name in names if name not in WITHHELD[table]]


def _public_grants(columns: dict[str, list[str]]) -> list[Composable]:
    login = Identifier(PUBLIC)
    grant = "GRANT SELECT ({}) ON {} TO {}"
    return [SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(login)] + [
        SQL(grant).format(SQL(", ").join(map(Identifier, names)), Identifier(table), login)
        for table, names in columns.items()
    ]
