"""`./loumap publish DIR`: the public part of the site as a folder of files."""

import time
from pathlib import Path

import click

from webmap import create_app
from webmap.config import read_settings
from webmap.copies import Copy
from webmap.publish.folder import opened
from webmap.publish.operations import Report, Wish, publish

MOST_PAGES = 200
"""Of buildings, in three languages each, which takes some 0.2 s for a building; all are on sheets beside that."""


@click.command("publish")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", metavar="URL", help="Where the copy will be; for its sitemap and for search engines.")
@click.option(
    "--pages",
    type=click.IntRange(0),
    default=MOST_PAGES,
    show_default=True,
    help="Buildings with pages of their own, at most; those with the fewest units share one.",
)
@click.option("--clean", is_flag=True, help="Remove at once what pages opened before may still ask for.")
def publish_command(folder: Path, address: str | None, pages: int, clean: bool) -> None:
    """Write the public part into DIR as files that any server of files, object store or CDN can hand out."""
    began = time.perf_counter()
    settings = read_settings()
    root = settings.base_url or "http://localhost"
    copy = Copy(settings.today(), settings.base_url, address.rstrip("/") if address else None)
    with opened(folder) as files:
        report = publish(create_app(settings), files, Wish(copy, root, pages, clean), click.echo)
    click.echo(_said(report, time.perf_counter() - began))


def _said(report: Report, seconds: float) -> str:
    files = report.files
    return (
        f"{report.buildings:,} buildings, {report.paged:,} with pages of their own: {files.written:,} files written "
        f"({files.written_bytes / 1e6:,.1f} MB), {files.kept:,} kept, {files.removed:,} removed; "
        f"{files.total_bytes / 1e6:,.1f} MB in all, {seconds:,.0f} s."
    )
