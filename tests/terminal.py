"""Runs the commands an operator types, on a database of the test's own."""

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from webmap.cli import main
from webmap.database_logins import LOGINS
from webmap.embedded import EmbeddedPostgres

Run = Callable[..., Result]


def environ_of(server: EmbeddedPostgres, database: str, home: Path) -> dict[str, str]:
    """The settings of an installation whose database is one of the test server's."""
    names = dict(zip(LOGINS, ("_OWNER", "", "_PUBLIC", "_JOBS"), strict=True))
    urls = {f"LOUMAP_DATABASE_URL{tail}": server.dsn(login, database) for login, tail in names.items()}
    return {**urls, "LOUMAP_DATA": str(home)}


def runner(environ: dict[str, str]) -> Run:
    """A function that runs a command with what is typed into it."""

    def run(*arguments: str, typed: str = "", **more: str) -> Result:
        return CliRunner().invoke(main, arguments, input=typed, env={**environ, **more})

    return run
