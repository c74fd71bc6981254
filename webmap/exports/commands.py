"""`./loumap export …`: files made on the command line."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import click

from geo import filters as filter_language
from geo.exports.folium_page import Leaflet, folium_page
from geo.exports.geofiles import format_of, write_csv_metadata
from geo.exports.layers import LAYERS
from geo.exports.offline import Asking
from geo.filters import Filters
from webmap import create_app
from webmap.config import read_settings
from webmap.db import connect
from webmap.exports.carried import carried_page
from webmap.exports.making import make_file, make_pyramid

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
    wanted = _filters(query)
    with connect(settings).new_public_session() as session:
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
    made = make_file(connect(settings), settings, LAYERS[layer], _filters(query), kind, output)
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
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The HTML file.")
@click.option("--locale", type=click.Choice([*PREFIXES]), default="zh", show_default=True)
def offline(area: str | None, query: str, buildings: str, output: Path, locale: str) -> None:
    """A district as one HTML file that opens without network, server and even scripts."""
    settings = read_settings()
    database = connect(settings)
    wanted = replace(_filters(query), within=(area,)) if area else _filters(query)
    codes = tuple(filter(None, (code.strip() for code in buildings.split(","))))
    asking = Asking(wanted, settings.today(), codes, settings.stale_before())
    app = create_app(settings, database)
    spoken = app.test_request_context(PREFIXES[locale], base_url=settings.site_url)
    with spoken, database.new_public_session() as session:
        page = carried_page(session, settings, asking)
    output.write_text(page, "utf-8")
    click.echo(f"{output}: {output.stat().st_size / 1024:,.0f} KiB, opens without a network.")


def _filters(query: str) -> Filters:
    return filter_language.parse(dict(parse_qsl(query.lstrip("?"), keep_blank_values=True)))


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
