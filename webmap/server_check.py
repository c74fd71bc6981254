"""Says whether a PostgreSQL server can hold LouMap's data, and what its administrator must do if it cannot."""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from webmap.database_logins import EXTENSIONS

OLDEST_SERVER = 15
OLDEST_POSTGIS = (3, 3)

# Whether an extension is there (installed), could be (offered), and whether we may create it ourselves.
_EXTENSIONS = """
    SELECT wanted.name, installed.extversion, offered.version,
           coalesce(NOT offered.superuser
                    OR offered.trusted AND has_database_privilege(current_database(), 'CREATE')
                    OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false)
    FROM unnest(%s::text[]) WITH ORDINALITY AS wanted(name, position)
    LEFT JOIN pg_extension installed ON installed.extname = wanted.name
    LEFT JOIN pg_available_extensions available ON available.name = wanted.name
    LEFT JOIN pg_available_extension_versions offered
           ON offered.name = wanted.name AND offered.version = available.default_version
    ORDER BY wanted.position"""


@dataclass(frozen=True)
class Problem:
    """Something that keeps LouMap from using the server, and what helps."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Extension:
    """An extension we need: the version in the database, the version the server offers, and our right to create it."""

    name: str
    installed: str | None
    offered: str | None
    creatable: bool


def check_server(connection: Connection[Any]) -> list[Problem]:
    """List what is wrong with the server and the database of this connection; empty when it can be used.

    Extensions that are missing but that this login may create are no problem: `create_extensions` makes them.
    """
    extensions = _extensions(connection)
    found = [
        *_version_problems(connection.info.server_version // 10000),
        *_text_problems(connection, has_trigrams=any(e.name == "pg_trgm" and e.installed for e in extensions)),
        *_extension_problems(extensions, connection.info.dbname),
    ]
    if not _value(connection, "SELECT has_schema_privilege('public', 'CREATE')"):
        login, database = connection.info.user, connection.info.dbname
        remedy = f"As an administrator, in the database {database}: GRANT CREATE, USAGE ON SCHEMA public TO {login};"
        found.append(Problem(f"The login {login} may not make tables in the schema public.", remedy))
    return found


def create_extensions(connection: Connection[Any]) -> None:
    """Create the extensions that are missing and that this login may create."""
    for extension in _extensions(connection):
        if extension.creatable and not extension.installed:
            connection.execute(SQL("CREATE EXTENSION IF NOT EXISTS {}").format(Identifier(extension.name)))


def _extensions(connection: Connection[Any]) -> list[Extension]:
    return [Extension(*row) for row in connection.execute(_EXTENSIONS, [list(EXTENSIONS)])]


def _version_problems(version: int) -> list[Problem]:
    if version >= OLDEST_SERVER:
        return []
    what = f"The server is PostgreSQL {version}; LouMap needs {OLDEST_SERVER} or newer."
    return [Problem(what, "Upgrade the server, or leave LOUMAP_DATABASE_URL unset to use a database of LouMap's own.")]


def _text_problems(connection: Connection[Any], *, has_trigrams: bool) -> list[Problem]:
    remedy = (
        "Make the database anew: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'; "
        "(any UTF-8 locale will do)."
    )
    encoding = _value(connection, "SHOW server_encoding")
    if encoding != "UTF8":
        return [Problem(f"The database is encoded in {encoding}, which cannot hold every Chinese name.", remedy)]
    locale = _value(connection, "SELECT datctype FROM pg_database WHERE datname = current_database()")
    reads_chinese = locale not in ("C", "POSIX")
    if has_trigrams:
        reads_chinese = _value(connection, "SELECT cardinality(show_trgm('金融中心')) > 0")
    if reads_chinese:
        return []
    return [Problem(f"With its locale {locale} the database finds nothing when Chinese text is searched.", remedy)]


def _extension_problems(extensions: list[Extension], database: str) -> list[Problem]:
    found = []
    for extension in extensions:
        version = extension.installed or extension.offered
        if version is None:
            package = "the PostGIS package" if extension.name == "postgis" else "the contrib package"
            remedy = f"Install {package} of this PostgreSQL version on the database server."
            found.append(Problem(f"The server does not offer the extension {extension.name}.", remedy))
        elif extension.name == "postgis" and _first_numbers(version) < OLDEST_POSTGIS:
            remedy = "Install a newer PostGIS on the database server, then: SELECT postgis_extensions_upgrade();"
            found.append(Problem(f"PostGIS is {version}; LouMap needs 3.3 or newer.", remedy))
    lines = [f"CREATE EXTENSION {e.name};" for e in extensions if e.offered and not e.installed and not e.creatable]
    if lines:
        remedy = "\n  ".join([f"Ask the administrator to type, as a superuser in the database {database}:", *lines])
        found.append(Problem("Extensions are missing that this login may not create.", remedy))
    return found


def _first_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".")[:2] if number.isdigit())


def _value(connection: Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
