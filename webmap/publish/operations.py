"""Makes a copy: first what pages refer to, then the pages, the map last."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from flask import Flask
from sqlalchemy import select

from geo.columns import Columns
from geo.conditions import shown
from geo.model import Area
from webmap.config import Settings
from webmap.copies import Copy, mark
from webmap.db import Database
from webmap.errors import PublishingError
from webmap.publish.crawlers import write_crawling, write_missing
from webmap.publish.details import write_details
from webmap.publish.folder import CopyFolder, Written
from webmap.publish.pages import Boot, Data, PageWriter, Told, boot_of, map_boot, needed_scripts
from webmap.publish.places import SHARED, Places
from webmap.publish.reading import SiteReader
from webmap.publish.rewriting import Frame
from webmap.publish.snapshot import snapshot
from webmap.publish.states import write_parts, write_state
from webmap.publish.tiles import write_tiles
from webmap.published import Published
from webmap.state_files import OpenState

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: what the copy says of itself, the site's address as its pages write it, how many pages."""

    copy: Copy
    root: str
    most_pages: int
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a publication did."""

    buildings: int
    paged: int
    files: Written


def publish(app: Flask, folder: CopyFolder, wish: Wish, say: Say) -> Report:
    """Write the public part of the app's site into a folder."""
    mark(app, wish.copy)
    reader = SiteReader(app, wish.root)
    database: Database = app.extensions["loumap_database"]
    state = _state(app, wish.copy)
    codes = list(state.columns.texts("buildings", "code"))
    data = _write_data(app, folder, state, codes, boot_of(reader.page("/")))
    say("Map and data are written; now the pages.")
    least = paged_from(state.columns, wish.most_pages)
    frame = Frame(_places(database, state.columns, codes, least), wish.root, wish.copy.live, wish.copy.address)
    _write_pages(app, PageWriter(reader, folder, frame), frame.places, partial(map_boot, data=data, paged_from=least))
    write_crawling(folder, frame)
    write_missing(app, folder, frame)
    return Report(len(codes), len(frame.places.paged), folder.finish(clean=wish.clean))


def _write_data(app: Flask, folder: CopyFolder, state: OpenState, codes: list[str], boot: Boot) -> Data:
    """Write tiles, details of buildings, and the state: in parts where the site gives windows of it."""
    if boot["bounds"] is None:
        raise PublishingError("There is nothing on the map yet that could be published; import buildings first.")
    ids = state.columns.array("buildings", "id").tolist()
    settings: Settings = app.extensions["loumap_settings"]
    database: Database = app.extensions["loumap_database"]
    with snapshot(database.public) as moment:
        archives = write_tiles(moment, folder, tuple(boot["bounds"]))
        details = write_details(moment, folder, codes, ids, (state.today, settings.stale_before()))
    if boot["mode"] == "window":
        return Data("", write_parts(folder, state), details, archives)
    return Data(write_state(folder, state), {}, details, archives)


def paged_from(columns: Columns, most: int) -> int:
    """The number of units from which on a building has a page of its own, so that there are no more than `most`."""
    units = np.sort(columns.array("buildings", "units"))[::-1].astype(int)
    return 1 if most >= len(units) else max(1, int(units[most]) + 1)


def _write_pages(app: Flask, writer: PageWriter, places: Places, told: Told) -> None:
    """The pages that lead to others after these, and what pages load before them; the map is the last."""
    plain = [*(f"/b/{code}" for code in sorted(places.paged)), *(f"/a/{code}" for code in sorted(places.areas))]
    for path in [*plain, "/about", "/privacy"]:
        writer.write(path)
    maps = writer.made("/", told)
    writer.write_rendered(app, "publish/building.html", f"/{SHARED}", told)
    writer.write_files({*writer.files, *needed_scripts(writer.files)})
    writer.put(maps)


def _state(app: Flask, copy: Copy) -> OpenState:
    public: Published = app.extensions["loumap_published"]
    return public.states.refresh(copy.on)


def _places(database: Database, columns: Columns, codes: list[str], least: int) -> Places:
    followed = np.flatnonzero(columns.array("buildings", "units") >= least).tolist()
    with database.new_public_session() as session:
        areas = set(session.scalars(select(Area.code).where(*shown(Area, False))))
    return Places({codes[row] for row in followed}, areas, set(codes))
