"""The commands of LouMap: `python -m webmap.cli COMMAND`, called by `./loumap COMMAND`."""

import getpass
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

import click

from geo.errors import LouMapError
from webmap import database_setup, doctor, jobs, migrate, serving
from webmap.config import read_settings
from webmap.database_logins import OWNER
from webmap.supervisor import require_free_port

# Commands of capabilities, loaded when asked for.
CAPABILITY_COMMANDS = {
    "backup": ("webmap.backup.commands", "backup_command"),
    "restore": ("webmap.backup.commands", "restore_command"),
    "erase": ("webmap.erasing.commands", "erase_command"),
    "import": ("webmap.imports.commands", "import_command"),
    "export": ("webmap.exports.commands", "export_command"),
    "publish": ("webmap.publish.commands", "publish_command"),
    "user": ("webmap.auth.commands", "user_command"),
}


class Commands(click.Group):
    """Our commands and those that capabilities bring along; a known error becomes one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command by name."""
        return sorted([*super().list_commands(ctx), *(name for name in CAPABILITY_COMMANDS if _is_there(name))])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of ours or of a capability."""
        if cmd_name in CAPABILITY_COMMANDS and _is_there(cmd_name):
            module, variable = CAPABILITY_COMMANDS[cmd_name]
            found: click.Command = getattr(import_module(module), variable)
            return found
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except LouMapError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx: click.Context) -> None:
    """LouMap 楼图: office buildings of a district with every floor and unit."""
    ctx.with_resource(_connections_called(f"loumap {ctx.invoked_subcommand} ({getpass.getuser()})"))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


@contextmanager
def _connections_called(name: str) -> Iterator[None]:
    """Name the connections that have no word of their own, and so whose changes are in the audit, for one command."""
    if "PGAPPNAME" in os.environ:
        yield
        return
    os.environ["PGAPPNAME"] = name
    try:
        yield
    finally:
        del os.environ["PGAPPNAME"]


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port; also PORT or LOUMAP_PORT.  [default: 8000]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--buildings", type=click.IntRange(100), default=2000, show_default=True, help="Size of the sample.")
def demo(port: int | None, host: str, buildings: int) -> None:
    """Show the invented sample district in the browser."""
    settings = read_settings()
    port = port or settings.port
    require_free_port(host, port)
    click.echo("Starting the database …")
    database_setup.prepare(settings)
    invented = database_setup.fill_with_sample(settings, buildings, click.echo, _show_progress)
    if password := database_setup.ensure_administrator(settings):
        click.echo(f"Administrator: {database_setup.FIRST_ADMINISTRATOR}\nPassword (shown only now): {password}")
    if invented and (password := database_setup.add_tax_officer(settings)):
        click.echo(f"Tax officer: {database_setup.TAX_OFFICER}\nPassword (shown only now): {password}")
    sys.exit(serving.serve_and_work(host, port, click.echo))


@main.command()
@click.option("--buildings", type=click.IntRange(100), default=2000, show_default=True, help="Size of the city.")
def sample(buildings: int) -> None:
    """Fill an empty database with the invented city."""
    settings = read_settings()
    database_setup.prepare(settings)
    if not database_setup.fill_with_sample(settings, buildings, click.echo, _show_progress):
        raise click.ClickException("There are buildings already; the invented city goes into an empty database.")


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port; also PORT or LOUMAP_PORT.  [default: 8000]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes.  [default: one per core]")
def serve(port: int | None, host: str, workers: int | None) -> None:
    """Run the web server."""
    settings = read_settings()
    serving.serve(settings, host, port or settings.port, workers)


@main.command()
@click.option("--once", is_flag=True, help="Do the jobs that are there and stop.")
def work(once: bool) -> None:
    """Run the worker for jobs in the background."""
    settings = read_settings()
    database_setup.prepare(settings)
    jobs.run_worker(settings, wait=not once)


@main.command("migrate")
@click.argument("direction", type=click.Choice(["up", "down", "status"]), default="up")
@click.argument("revision", required=False)
def migrate_command(direction: str, revision: str | None) -> None:
    """Bring the database to the present schema, or down to REVISION ('base': nothing left), or show where it is."""
    if direction == "down" and revision is None:
        raise click.UsageError("Say down to which revision; 'base' deletes everything.")
    with database_setup.opened(read_settings(), OWNER) as owner:
        if direction == "up":
            database_setup.upgrade(owner, revision or "head")
        elif revision is not None:
            with migrate.one_at_a_time(owner) as connection:
                migrate.downgrade(connection, revision)
        status = migrate.status(owner)
    click.echo(f"The database is at {status.current or 'nothing'}, this LouMap at {status.head}.")
    sys.exit(0 if status.up_to_date or direction == "down" else 1)


@main.command("doctor")
def doctor_command() -> None:
    """Check the installation and say what to do."""
    sick = 0
    for finding in doctor.examine(os.environ):
        sick += finding.remedy is not None
        click.echo(f"{'PROBLEM' if finding.remedy else 'ok     '} {finding.what}", nl=False)
        click.echo(f": {finding.remedy}" if finding.remedy else "")
    sys.exit(1 if sick else 0)


def _show_progress(table: str, rows: int, rows_per_s: float) -> None:
    """Keep one line of a terminal up to date."""
    if sys.stderr.isatty():
        click.echo(f"\r  {table}: {rows:,} rows, {rows_per_s:,.0f} rows/s\033[K", nl=False, err=True)


def _is_there(name: str) -> bool:
    package, _, _ = CAPABILITY_COMMANDS[name][0].rpartition(".")
    return find_spec(package) is not None and find_spec(CAPABILITY_COMMANDS[name][0]) is not None


if __name__ == "__main__":
    main(prog_name="loumap")
