"""`./loumap import …`: files of the district's own on the command line."""

import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import click
from psycopg import DatabaseError
from sqlalchemy.orm import Session

from geo.errors import LouMapError
from geo.importers.fields import Kind
from geo.importers.report import ImportReport
from geo.importers.run import EVERYTHING, ImportRequest
from geo.importers.sources import SourceDetails
from webmap import database_setup
from webmap.config import Settings, read_settings
from webmap.database_logins import APP, OWNER
from webmap.imports import operations

_MANY_ROWS = 10_000
_LARGE_BYTES = 10_000_000
_HELP = """Bring FILES into the database.

OpenStreetMap, GeoJSON, GeoPackage, Shapefile (zipped too), FlatGeobuf, GeoParquet, CSV and XLSX are read.

\b
./loumap import 楼宇.xlsx --as buildings --crs gcj02 --dry-run
./loumap import district.osm.pbf
./loumap import --list
./loumap import --undo RUN
"""


@click.command("import", help=_HELP)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "kind",
    type=click.Choice([*(each.value for each in Kind), EVERYTHING]),
    help="What the files hold; OpenStreetMap files say it.",
)
@click.option("--crs", help="wgs84, gcj02, bd09, cgcs2000 or EPSG:n, where the file does not say it.")
@click.option("--map", "mapped", multiple=True, metavar="HEADING=FIELD", help="What a heading means; empty: leave out.")
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="A value for all rows of the file.")
@click.option("--encoding", help="Encoding of texts, such as gbk, where it is guessed wrong.")
@click.option("--layer", help="Layer, sheet or file inside a zip.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--trusted", is_flag=True, help="Take outlines of buildings as they are, without checks: faster.")
@click.option("--source", "name", help="Name of the source; repeat it to update.  [default: the file's name]")
@click.option("--licence", help="Licence of the source.")
@click.option("--attribution", help="How the source wants to be named on the map.")
@click.option("--attribution-en", help="The same in English.")
@click.option("--map-review-number", help="审图号 of the source.")
@click.option("--secrecy", type=click.Choice(["public", "internal", "secret"]), help="Secrecy class of the source.")
@click.option("--dated", "dated_on", type=click.DateTime(["%Y-%m-%d"]), help="The day the source speaks of.")
@click.option("--publishable/--not-publishable", default=None, help="Whether everybody may see it.")
@click.option("--report", "reports", multiple=True, type=click.Path(path_type=Path), help="Write it as .xlsx or .json.")
@click.option("--locale", type=click.Choice(["en", "zh"]), help="Language of the report.  [default: the terminal's]")
@click.option("--list", "listing", is_flag=True, help="Show the latest imports.")
@click.option("--undo", "undone", metavar="RUN", help="Take an import back.")
@click.option("--publish", metavar="SOURCE", help="Show a source to everybody.")
@click.option("--unpublish", metavar="SOURCE", help="Show a source to staff only.")
def import_command(files: tuple[Path, ...], **options: Any) -> None:
    """Import files, or look after earlier imports."""
    settings = read_settings()
    database_setup.prepare(settings)
    if options["listing"]:
        _list(settings)
    elif options["undone"]:
        _undo(settings, options["undone"])
    elif options["publish"] or options["unpublish"]:
        _publish(settings, options["publish"] or options["unpublish"], bool(options["publish"]))
    elif not files:
        raise click.UsageError("Name the files to import, or give --list, --undo, --publish or --unpublish.")
    else:
        failed = sum(not _import(settings, path, options) for path in files)
        sys.exit(1 if failed else 0)


def _import(settings: Settings, path: Path, options: dict[str, Any]) -> bool:
    """Import one file and say so; False when it failed, which leaves nothing of it behind."""
    request = _request(settings, path, options)
    try:
        with _Progress() as progress, _transaction(settings, _login(request)) as session:
            report = operations.import_file(session, request, progress)
    except (LouMapError, DatabaseError) as error:
        click.echo(f"{path.name}: {error} Nothing of it was written.", err=True)
        return False
    click.echo(report.as_text(request.locale))
    for target in options["reports"]:
        _write(report, target, request.locale)
    _say_what_next(report)
    if not request.dry_run and report.rows["added"] + report.rows["updated"] > _MANY_ROWS:
        database_setup.vacuum(settings)
    return True


def _request(settings: Settings, path: Path, options: dict[str, Any]) -> ImportRequest:
    kind = None if options["kind"] in (None, EVERYTHING) else Kind(options["kind"])
    dated_on: datetime | None = options["dated_on"]
    about = ("name", "licence", "attribution", "attribution_en", "map_review_number", "secrecy", "publishable")
    return ImportRequest(
        path=path,
        kind=kind,
        today=settings.today(),
        crs=options["crs"],
        encoding=options["encoding"],
        layer=options["layer"],
        mapping=dict(_pair("--map", text) for text in options["mapped"]),
        constants=dict(_pair("--set", text) for text in options["constants"]),
        source=SourceDetails(**{key: options[key] for key in about}, dated_on=_day(dated_on)),
        dry_run=options["dry_run"],
        trusted=options["trusted"],
        locale=_locale(options),
        own_indicators=settings.indicators,
    )


def _login(request: ImportRequest) -> str:
    """Large files of buildings are brought in by the owner of the tables, who alone may build their indexes last."""
    large = request.kind is Kind.BUILDINGS and request.path.stat().st_size > _LARGE_BYTES
    return OWNER if large and not request.dry_run else APP


def _pair(option: str, text: str) -> tuple[str, str]:
    # A heading may hold the sign itself, a field never does.
    left, equals, right = text.rpartition("=") if option == "--map" else text.partition("=")
    if not equals:
        raise click.UsageError(f"{option} {text!r}: there is no '=' in it, such as in --map '大楼=name'.")
    return left, right


def _locale(options: dict[str, Any]) -> str:
    return str(options["locale"] or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en"))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _write(report: ImportReport, target: Path, locale: str) -> None:
    if target.suffix.lower() == ".xlsx":
        report.to_xlsx(target, locale)
    else:
        target.write_text(report.to_json(locale), "utf-8")
    click.echo(f"Report written to {target}.")


def _say_what_next(report: ImportReport) -> None:
    if report.dry_run:
        click.echo("Nothing was written. Leave --dry-run out to import.")
        return
    click.echo(f"Run {report.run} of source {report.source!r}; take it back with ./loumap import --undo {report.run}")
    for name in report.hidden:
        back = f"./loumap import --publish {shlex.quote(name)}"
        click.echo(f"The invented source {name!r} is now hidden from the public; bring it back: {back}")
    if not report.publishable:
        click.echo(f"Only staff see it; show it to everybody: ./loumap import --publish {shlex.quote(report.source)}")


def _list(settings: Settings) -> None:
    with _transaction(settings) as session:
        for run, source in operations.latest_runs(session):
            rows = (run.report or {}).get("rows", {})
            told = ", ".join(f"{name} {rows[name]:,}" for name in ("added", "updated", "rejected") if rows.get(name))
            seen = "" if source.publishable else " (staff only)"
            when = run.started_at.astimezone(settings.timezone)
            click.echo(f"{run.code}  {when:%Y-%m-%d %H:%M}  {run.kind}  {run.file_name} → {source.name}{seen}"
                       f"  {told or 'nothing new'}{'  undone' if run.state == 'undone' else ''}")  # fmt: skip


def _undo(settings: Settings, code: str) -> None:
    with _transaction(settings) as session:
        undone = operations.undo_run(session, code, settings.today())
    for what, meaning in operations.UNDO_WORDS.items():
        for table, count in getattr(undone, what).items():
            click.echo(f"{table}: {count:,} {meaning}")
    click.echo(f"Run {undone.run} is undone.")


def _publish(settings: Settings, name: str, publishable: bool) -> None:
    with _transaction(settings) as session:
        source, rows = operations.set_publishable(session, name, publishable)
        seen = "everybody sees" if publishable else "only staff see"
        click.echo(f"{source.name}: {seen} it now ({rows:,} rows changed).")


@contextmanager
def _transaction(settings: Settings, login: str = APP) -> Iterator[Session]:
    with database_setup.opened(settings, login) as engine, Session(engine) as session, session.begin():
        yield session


class _Progress:
    """One line of the terminal that says how far an import is; nothing where there is no terminal."""

    def __enter__(self) -> Self:
        self._began = self._shown = time.monotonic()
        self._drawn = False
        return self

    def __exit__(self, *problem: object) -> None:
        if self._drawn:
            click.echo(err=True)

    def __call__(self, rows: int, total: int | None) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or (now - self._shown < 0.2 and rows != total):
            return
        self._shown, self._drawn = now, True
        of = f" of {total:,}" if total else ""
        speed = rows / max(now - self._began, 0.001)
        click.echo(f"\r  {rows:,}{of} rows, {speed:,.0f} rows/s\033[K", nl=False, err=True)
