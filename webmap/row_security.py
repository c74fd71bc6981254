"""Rows that a login sees: confidential tables show theirs to the app and the jobs alone, whatever else is granted.

The grants of `webmap/grants.py` keep visitors from what is not public. This is the second lock behind them: a login
that is given a table by mistake, or one made for another program, finds it empty. Tables of the map are left without,
since row-level security keeps PostgreSQL from using a spatial index; so are those that imports COPY into.
"""

from collections.abc import Collection, Mapping

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier

from webmap.database_logins import APP, JOBS, PUBLIC

BOOKKEEPING = frozenset(
    (
        *("alembic_version", "spatial_ref_sys", "source_keys", "layer_changes", "state_changes"),
        *("import_changes", "import_runs"),
    )
)
"""Tables without a public column whose rows are no secret of anybody, or are written with COPY, which refuses this."""

OTHERS = ("procrastinate_",)
"""Tables of other packages begin so."""

VISITORS_SEE: dict[str, str] = {
    "offers": "published_at IS NOT NULL AND withdrawn_at IS NULL",
    "reports": "published_at IS NOT NULL",
}
"""Tables of which visitors see some rows, and which."""

_PRESENT = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
_PROTECTED = "SELECT polrelid::regclass::text, array_agg(polname::text) FROM pg_policy GROUP BY 1"
_OURS, _VISITORS = "at_work", "visitors"


def confidential(readable: Mapping[str, Collection[str]]) -> list[str]:
    """The tables to protect: those of which visitors may read no column; `readable` says which they may of each."""
    return sorted(
        table
        for table, columns in readable.items()
        if not columns and table not in BOOKKEEPING and not table.startswith(OTHERS)
    )


def protect(connection: Connection, readable: Mapping[str, Collection[str]]) -> None:
    """Put row-level security on confidential tables; nothing where the logins of the app and the jobs are not used."""
    logins = {name for (name,) in connection.execute(_PRESENT, [[APP, JOBS, PUBLIC]])}
    if not {APP, JOBS, PUBLIC} <= logins:
        return
    there: dict[str, list[str]] = dict(connection.execute(_PROTECTED).fetchall())
    for table in [*confidential(readable), *(table for table in VISITORS_SEE if table in readable)]:
        if _OURS not in there.get(table, ()):
            for statement in _policies(table):
                connection.execute(statement)


def _policies(table: str) -> list[Composable]:
    relation, ours = Identifier(table), SQL(", ").join(map(Identifier, (APP, JOBS)))
    made = [
        SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(relation),
        SQL("CREATE POLICY {} ON {} TO {} USING (true) WITH CHECK (true)").format(Identifier(_OURS), relation, ours),
    ]
    if table in VISITORS_SEE:
        some = SQL("CREATE POLICY {} ON {} FOR SELECT TO {} USING ({})")
        condition = SQL(VISITORS_SEE[table])  # type: ignore[arg-type]  # of the list above, not from outside
        made.append(some.format(Identifier(_VISITORS), relation, Identifier(PUBLIC), condition))
    return made
