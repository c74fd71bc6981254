"""`./loumap backup` and `./loumap restore`."""

import os
import pwd
import sys
from pathlib import Path

import click

from webmap import backups
from webmap.backup import checking, making, restoring
from webmap.backup.archive import SECRET, Manifest
from webmap.backup.errors import RestoreRefusedError
from webmap.config import Settings, read_settings

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", required=False, type=_FILE)
@click.option("--check", "proving", is_flag=True, help="Prove FILE, or the newest backup, by restoring it; make none.")
@click.option("--no-check", "unproved", is_flag=True, help="Do not prove what is made.")
@click.option("--no-secret", is_flag=True, help="Leave the site's secret out; keep it elsewhere yourself.")
@click.option("--list", "listing", is_flag=True, help="Show the backups that are kept.")
def backup_command(file: Path | None, proving: bool, unproved: bool, no_secret: bool, listing: bool) -> None:
    """Write database and files into FILE, by default a new one in the folder of backups, and prove it.

    It is proved by restoring it into a scratch server: every table must have as many rows, every file the same hash.
    """
    settings = _settings()
    if listing:
        _list(settings)
        return
    if proving:
        path = file or _newest(settings)
        manifest = checking.check(settings, path)
    else:
        path = file.absolute() if file else backups.path_now(backups.folder_of(settings))
        manifest = making.make_backup(settings, path, with_secret=not no_secret)
        if not unproved:
            checking.check(settings, path)
    click.echo(f"{path}: {_told(manifest)}, {'not proved' if unproved and not proving else 'proved by restoring it'}.")
    if SECRET not in manifest.members:
        click.echo("The site's secret is not in it; links in mails that were sent need it after a restore.")
    _complain(manifest)


@click.command("restore")
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Replace what the database holds.")
@click.option("--no-check", "unproved", is_flag=True, help="Do not restore into a scratch server first.")
def restore_command(file: Path, replace: bool, unproved: bool) -> None:
    """Put the backup FILE in the place of what is there, and bring it to the schema of this LouMap."""
    manifest = restoring.restore(_settings(), file, click.echo, replace=replace, proved=unproved)
    click.echo(f"Restored as of {manifest.made_at}: {_told(manifest)}. Everybody signs in anew.")
    _complain(manifest)


def _settings() -> Settings:
    """The settings, unless root would leave files that the account of the service cannot read."""
    settings = read_settings()
    owner = settings.data.stat().st_uid
    if os.geteuid() == 0 and owner:
        name = pwd.getpwuid(owner).pw_name
        raise RestoreRefusedError(f"{settings.data} belongs to {name!r}; type: runuser -u {name} -- ./loumap …")
    return settings


def _newest(settings: Settings) -> Path:
    folder = backups.folder_of(settings)
    if found := backups.backups_in(folder):
        return found[0].path
    raise click.UsageError(f"There is no backup in {folder}; name a file.")


def _list(settings: Settings) -> None:
    folder = backups.folder_of(settings)
    for backup in backups.backups_in(folder):
        when = backup.made_at.astimezone(settings.timezone)
        click.echo(f"{when:%Y-%m-%d %H:%M}  {backup.path.stat().st_size / 1e6:>9,.1f} MB  {backup.path}")


def _told(manifest: Manifest) -> str:
    size = sum(member.size for member in manifest.members.values()) / 1e6
    rows = sum(manifest.tables.values())
    return f"{rows:,} rows of {len(manifest.tables)} tables and {len(manifest.files):,} files, {size:,.1f} MB"


def _complain(manifest: Manifest) -> None:
    """Name stored files whose bytes were gone or changed when the backup was made; then the command has failed."""
    if manifest.lost:
        told = ", ".join(f"{sha256[:12]}…" for sha256 in manifest.lost[:5])
        click.echo(f"Bytes of {len(manifest.lost)} stored files are missing or damaged on the disk: {told}", err=True)
        sys.exit(1)
