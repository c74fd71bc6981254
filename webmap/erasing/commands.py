"""`./loumap erase`: overwrites what must not be kept any longer."""

import sys

import click

from webmap import database_setup
from webmap.config import read_settings
from webmap.database_logins import OWNER
from webmap.erasing import operations
from webmap.erasing.operations import Erased


@click.command("erase")
@click.option("--reason", required=True, help="Why; stands where the text stood, and in the audit.")
@click.option("--yes", is_flag=True, help="Overwrite; without it only say what would be.")
@click.argument("text", required=False)
def erase_command(text: str | None, reason: str, yes: bool) -> None:
    """Overwrite TEXT everywhere: all versions, the audit, uploaded files, caches.

    Without TEXT it is asked for, so that it stays out of the history of the shell.
    """
    text = text or str(click.prompt("Text to erase", hide_input=True))
    settings = read_settings()
    with database_setup.opened(settings, OWNER) as owner:
        if yes:
            _tell(operations.erase(owner, settings, text, reason), "Overwritten")
        else:
            _tell(operations.look(owner, settings, text), "Would be overwritten")
            click.echo("Nothing was changed; say --yes to overwrite.")


def _tell(found: Erased, what: str) -> None:
    for table, count in found.rows.items():
        click.echo(f"{table}: {count:,} rows")
    click.echo(f"{what}: {sum(found.rows.values()):,} rows, {len(found.files)} uploaded files, all caches.")
    for sha256 in found.files_in_use:
        click.echo(f"The file {sha256} holds it still and is in use: take the picture off its page.")
    if found.backups:
        click.echo("These backups are from before and hold it if it was there by then; delete them or wait:")
    for path, until in found.backups.items():
        click.echo(f"  {path}: " + (f"kept until {until}" if until else "kept until somebody deletes it"))
    if not found.rows and not found.files:
        sys.exit(1)
