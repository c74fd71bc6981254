"""`./loumap export …`: files made on the command line."""

from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from flask import Flask

from geo.errors import BadParameterError
from geo.exports.folium_page import Leaflet, folium_page
from geo.exports.geofiles import format_of, write_csv_metadata
from geo.exports.layers import LAYERS
from geo.exports.offline import Asking
from geo.exports.offline.asking import MOST_TOWERS
from geo.filters import Filters
from webmap import create_app, map_address
from webmap.carried import links
from webmap.carried.asked import Carried
from webmap.carried.page import carried_page
from webmap.config import Settings, read_settings
from webmap.db import Database, connect, public_session
from webmap.exports.making import make_file, make_pyramid
from webmap.locale import in_language
from webmap.walking import located, walks

PREFIXES = {"zh": "/", "en": "/en/", "zh-hant": "/zh-hant/"}
"""Language of a file → the page of the site whose language it has."""

LEAFLET = Path(__file__).parents[2] / "static" / "dist" / "leaflet"


@click.group("export")
def export_command() -> None:
    """Write a search to a file."""


@export_command.command()
@click.option("--filter", "query", default="", help="What to show, as in the map's address: 'area_min=800&grade=a'.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The HTML file.")
@click.option("--locale", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def folium(query: str, output: Path, locale: str) -> None:
    """A folium map in one HTML file that opens offline."""
    settings = read_settings()
    database = connect(settings)
    wanted = _filters(query, database)
    with database.new_public_session() as session:
        before = settings.stale_before()
        page = folium_page(session, wanted, settings.today(), read_leaflet(), locale, before)
    output.write_text(page, "utf-8")
    click.echo(f"{output}: {output.stat().st_size / 1024:,.0f} KiB, opens without a network.")


@export_command.command()
@click.option("--layer", type=click.Choice([*LAYERS]), default="buildings", show_default=True)
@click.option("--filter", "query", default="", help="Which ones, as in the map's address: 'grade=a&within=…'.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def data(layer: str, query: str, output: Path) -> None:
    """Buildings or units as .gpkg, .parquet, .geojson, .fgb, .shp.zip, .csv or .xlsx."""
    kind, settings = format_of(output.name), read_settings()
    database = connect(settings)
    made = make_file(database, settings, LAYERS[layer], _filters(query, database), kind, output)
    if kind.name == "csv":
        click.echo(f"{write_csv_metadata(output, made.about)}: what its columns mean.")
    click.echo(f"{output}: {made.rows:,} rows, {output.stat().st_size / 1024:,.0f} KiB.")


@export_command.command()
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .pmtiles file."
)
def tiles(output: Path) -> None:
    """The map's tiles of the whole city, zooms 10 to 16, as one PMTiles file."""
    settings = read_settings()
    written = make_pyramid(connect(settings), settings, output)
    click.echo(f"{output}: {written:,} tiles, {output.stat().st_size / 1024:,.0f} KiB.")


@export_command.command()
@click.option("--area", help="Code of an area.")
@click.option("--filter", "query", default="", help="Which ones, as in the map's address: 'grade=a&within=…'.")
@click.option("--buildings", default="", help="Codes of buildings, separated by commas: a selection.")
@click.option("--link", "token", help="Token of a short link or private selection: what it opens.")
@click.option("--passcode", help="Of that selection; without it what was written to its client is left out.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The HTML file.")
@click.option("--locale", type=click.Choice([*PREFIXES]), help="[default: zh, or that of the link]")
def offline(
    area: str | None,
    query: str,
    buildings: str,
    token: str | None,
    passcode: str | None,
    output: Path,
    locale: str | None,
) -> None:
    """A district, or what a link opens, as one HTML file that opens without network, server and even scripts."""
    if token and (area or query or buildings):
        raise click.UsageError("A link says itself what it is about: give --link alone.")
    settings = read_settings()
    database = connect(settings)
    app = create_app(settings, database)
    if token:
        page = _link_page(app, settings, token, passcode, locale)
    else:
        wanted = _filters(query, database)
        wanted = replace(wanted, within=(area,)) if area else wanted
        codes = tuple(filter(None, (code.strip() for code in buildings.split(","))))
        with _spoken(app, settings, PREFIXES[locale or "zh"]):
            asking = Asking(wanted, settings.today(), codes, settings.stale_before())
            page = carried_page(public_session(), settings, Carried(asking))
    output.write_text(page, "utf-8")
    click.echo(f"{output}: {output.stat().st_size / 1024:,.0f} KiB, opens without a network.")


def _link_page(app: Flask, settings: Settings, token: str, passcode: str | None, locale: str | None) -> str:
    """What a link opens, in its own language unless another is asked for."""
    with _spoken(app, settings, "/"):
        own, carries = links.opened(token, passcode)
        with _spoken(app, settings, PREFIXES[locale] if locale else in_language(own, "/")):
            carried = carries(MOST_TOWERS)
            if carried.is_locked:
                click.echo("What was written to its client is left out; --passcode takes it along.")
            return carried_page(public_session(), settings, carried)


def _spoken(app: Flask, settings: Settings, path: str) -> AbstractContextManager[object]:
    """A request for a page in its language, in which pages are written."""
    return app.test_request_context(path, base_url=settings.site_url)


def _filters(query: str, database: Database) -> Filters:
    """The filters in the address of a map; its camera, order and layers do not count here.

    Raises
    ------
    BadParameterError
        Something in it is not understood, or it is about a past day.
    """
    shown = map_address.parse(query.lstrip("?"))
    if shown.date or shown.known_at:
        allowed = "the present day; of a past one './loumap export offline --link' takes a frozen link along"
        raise BadParameterError("date", f"{shown.date or shown.known_at}", allowed)
    with database.new_public_session() as session:
        return located(shown.filters, partial(walks, session))


def read_leaflet() -> Leaflet:
    """The map library as the front-end build put it there.

    Raises
    ------
    click.ClickException
        The front end has not been built.
    """
    if not LEAFLET.is_dir():
        raise click.ClickException("The front end is not built; run ./loumap demo once, or npm ci && npm run build.")
    return Leaflet((LEAFLET / "leaflet.js").read_text("utf-8"), (LEAFLET / "leaflet.css").read_text("utf-8"))
