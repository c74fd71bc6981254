"""Makes a copy: first what pages refer to, then the pages, the map last."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from flask import Flask
from sqlalchemy import select

from geo.columns import Columns
from geo.conditions import shown
from geo.exports.published_details import Day
from geo.model import Area
from webmap.config import Settings
from webmap.copies import Copy, mark
from webmap.db import Database
from webmap.errors import PublishingError
from webmap.locale import LANGUAGES, in_language
from webmap.opened_states import OpenState
from webmap.publish.crawlers import write_crawling, write_missing
from webmap.publish.details import file_count, write_details
from webmap.publish.folder import CopyFolder, Written
from webmap.publish.name_files import write_names
from webmap.publish.pages import Boot, Data, PageWriter, Told, boot_of, map_boot
from webmap.publish.places import Places
from webmap.publish.reading import SiteReader
from webmap.publish.rewriting import Frame
from webmap.publish.sheets import Sheets
from webmap.publish.snapshot import snapshot
from webmap.publish.states import write_parts, write_state
from webmap.publish.tiles import write_tiles
from webmap.published import Published

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
    state = _state(app, wish.copy)
    boot = boot_of(reader.page("/"))
    mark(app, replace(wish.copy, pictures=_pictures(reader, folder, wish.copy.address)))
    if boot["bounds"] is None:
        raise PublishingError("There is nothing on the map yet that could be published; import buildings first.")
    codes, least = list(state.columns.texts("buildings", "code")), paged_from(state.columns, wish.most_pages)
    frame = Frame(_places(app, state.columns, codes, least), wish.root, wish.copy.live, wish.copy.address)
    writer = PageWriter(reader, folder, frame)
    data = _write_data(app, folder, state, codes, boot, writer)
    say("Map, data and sheets are written; now the pages.")
    sheets = frame.places.sheets
    _write_pages(writer, frame.places, partial(map_boot, data=data, paged_from=least, sheets=sheets))
    write_crawling(folder, frame)
    write_missing(app, folder, frame)
    return Report(len(codes), len(frame.places.paged), folder.finish(clean=wish.clean))


def _write_data(
    app: Flask, folder: CopyFolder, state: OpenState, codes: list[str], boot: Boot, writer: PageWriter
) -> Data:
    """Write tiles, details of buildings with their sheets, and the state: in parts where the site gives windows."""
    listed = list(zip(codes, state.columns.array("buildings", "id").tolist(), strict=True))
    settings: Settings = app.extensions["loumap_settings"]
    database: Database = app.extensions["loumap_database"]
    day = Day(state.today, settings.stale_before(), str(settings.timezone))
    with snapshot(database.public) as moment:
        archives = write_tiles(moment, folder, tuple(boot["bounds"]))
        names = write_names(app, moment, folder)
        sheets = Sheets(app, writer, folder)
        details = write_details(moment, folder, listed, day, areas_of(state.columns), sheets)
    if boot["mode"] == "window":
        return Data("", write_parts(folder, state), details, names, archives)
    return Data(write_state(folder, state), {}, details, names, archives)


def _pictures(reader: SiteReader, folder: CopyFolder, address: str | None) -> dict[str, str]:
    """The picture of the map in each language, whose full address chats want; none where nobody said where that is."""
    found = {}
    for language in LANGUAGES if address else ():
        data = reader.get(in_language(language, "/card/map.png"))
        found[language.tag] = f"{address}/{folder.put_named(f'data/card-{language.tag}', '.png', data)}"
    return found


def areas_of(columns: Columns) -> dict[int, list[str]]:
    """Building → the codes of the areas that it stands in."""
    codes, held = columns.header["words"]["areas"], columns.lists("buildings", "areas")
    ids = columns.array("buildings", "id").tolist()
    return {ident: [codes[place] for place in held.row(row).tolist()] for row, ident in enumerate(ids)}


def paged_from(columns: Columns, most: int) -> int:
    """The number of units from which on a building has a page of its own, so that there are no more than `most`."""
    units = np.sort(columns.array("buildings", "units"))[::-1].astype(int)
    return 1 if most >= len(units) else max(1, int(units[most]) + 1)


def _write_pages(writer: PageWriter, places: Places, told: Told) -> None:
    """The pages that lead to others after these, and what pages load before them; the map is the last."""
    plain = [*(f"/b/{code}" for code in sorted(places.paged)), *(f"/a/{code}" for code in sorted(places.areas))]
    for path in [*plain, "/about", "/privacy"]:
        writer.write(path)
    maps = writer.made("/", told)
    writer.write_loaded()
    writer.put(maps)


def _state(app: Flask, copy: Copy) -> OpenState:
    public: Published = app.extensions["loumap_published"]
    return public.states.refresh(copy.on)


def _places(app: Flask, columns: Columns, codes: list[str], least: int) -> Places:
    database: Database = app.extensions["loumap_database"]
    followed = np.flatnonzero(columns.array("buildings", "units") >= least).tolist()
    with database.new_public_session() as session:
        areas = set(session.scalars(select(Area.code).where(*shown(Area, False))))
    return Places({codes[row] for row in followed}, areas, set(codes), file_count(len(codes)))
