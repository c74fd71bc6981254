"""The database's logins and what each may do with the tables."""

from collections.abc import Collection

from psycopg import Connection
from psycopg.sql import SQL, Identifier

# Of the owner are the tables: migrations and pruning. The others work at run time; none is a superuser.
OWNER, APP, PUBLIC, JOBS = LOGINS = ("loumap_owner", "loumap_app", "loumap_public", "loumap_jobs")
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")

_OWN_TABLES = """
    SELECT relname, relkind FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND relowner = current_user::regrole
      AND NOT EXISTS (SELECT FROM pg_depend
                      WHERE objid = c.oid AND classid = 'pg_class'::regclass AND deptype = 'e')
    ORDER BY relname"""


def grant_logins(
    connection: Connection, append_only: Collection[str] = (), read_only: Collection[str] = ()
) -> None:
    """Let the app and the jobs work with every table and sequence of the connected owner.

    For after each migration; not committed here. The app and the jobs read and write all tables, only read and add to
    those named in `append_only`, and only read those named in `read_only` and `alembic_version`. The public login gets
    the use of the schema and nothing else: which tables it reads is granted by the migration that makes them. Logins
    that a server of one's own does not have are passed over.
    """
    roles = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(LOGINS)])
    present = {name for (name,) in roles}
    relations = connection.execute(_OWN_TABLES).fetchall()
    for login in sorted(present - {OWNER}):
        connection.execute(SQL("GRANT USAGE ON SCHEMA public TO {}").format(Identifier(login)))
    for login in sorted(present & {APP, JOBS}):
        for name, kind in relations:
            relation, to = Identifier("public", name), Identifier(login)
            rights = SQL(_rights(name, kind, append_only, read_only))
            connection.execute(SQL("REVOKE ALL ON {} FROM {}").format(relation, to))
            connection.execute(SQL("GRANT {} ON {} TO {}").format(rights, relation, to))


def _rights(name: str, kind: str, append_only: Collection[str], read_only: Collection[str]) -> str:
    if kind == "S":
        return "USAGE, SELECT"
    if name == "alembic_version" or name in read_only or kind in "vm":
        return "SELECT"
    return "SELECT, INSERT" if name in append_only else "SELECT, INSERT, UPDATE, DELETE"
