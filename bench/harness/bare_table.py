"""A table like `buildings` without its indexes: what a peer or plain COPY fills before the indexes are built."""

from pathlib import Path

import psycopg

TABLE = "bare"
_COLUMNS = """
    SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
    WHERE table_name = 'buildings' AND is_generated = 'NEVER'"""
_INDEXES = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'buildings'::regclass ORDER BY 1"
_REFERENCES = """
    SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'buildings'::regclass AND contype = 'f'"""


def columns(connection: psycopg.Connection) -> str:
    """The columns of the table that are stored as they come, with commas between."""
    return str(connection.execute(_COLUMNS).fetchone()[0])


def make(connection: psycopg.Connection) -> list[str]:
    """Make the bare table, committed; gives the statements that build its indexes and references afterwards.

    It has the derived columns and constraints of the real one, and is logged like it.
    """
    connection.execute(
        f"CREATE TABLE {TABLE} (LIKE buildings INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS"
        " INCLUDING IDENTITY)"
    )
    connection.execute("INSERT INTO sources (id, code, name) VALUES (1, 'bench', 'bench') ON CONFLICT DO NOTHING")
    indexes = [row[0] for row in connection.execute(_INDEXES)]
    references = [row[0] for row in connection.execute(_REFERENCES)]
    connection.commit()
    return [_moved(index) for index in indexes] + [f"ALTER TABLE {TABLE} ADD {one}" for one in references]


def save_rows(connection: psycopg.Connection, path: Path) -> None:
    """Keep the rows of the real table as a file of binary COPY, as `columns` has them."""
    statement = f"COPY (SELECT {columns(connection)} FROM buildings ORDER BY id) TO STDOUT (FORMAT BINARY)"
    with connection.cursor().copy(statement) as copy, path.open("wb") as file:
        for piece in copy:
            file.write(piece)


def _moved(definition: str) -> str:
    head, _, rest = definition.partition(" ON public.buildings ")
    unique = "UNIQUE " if "UNIQUE" in head else ""
    return f"CREATE {unique}INDEX ON {TABLE} {rest}"
