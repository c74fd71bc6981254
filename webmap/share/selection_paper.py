"""A private selection as a brochure and as slides: asked for at its page, written by the worker."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template
from flask_babel import gettext

from geo.exports.svg_stack import draw_stack, height_for
from webmap import cards, db, match_wording
from webmap.papers import Tell, data_url, press
from webmap.picked import headline, wording
from webmap.picked.filling import Entry, Shortlist
from webmap.place_pictures import Pin, occupancy_legend, scene_of, scene_png
from webmap.share import operations, selections, slides
from webmap.share.addresses import address_of, site
from webmap.share.selection_models import Selection
from webmap.share.selection_page import Line, SelectionPage, load_page, photo_of

MAPS = {"a4": (1000, 600), "long": (760, 640), "slides": (1240, 564)}
CROWDED, LOW = 9, 440
"""From so many items on the map on A4 is lower, so that the table of all stands under it."""

LOOKED_AT = 0.58
"""How low the middle of the places is, as a share of the map's height: towers and numbers stand above it."""

STACKS = {"a4": (230, 290), "long": (380, 320)}
MOST_FREE = 12
"""Units of a building in its table; the others are on the page that the code leads to."""


def write(token: str, form: str, tell: Tell) -> bytes:
    """The brochure of the selection of a token, or its slides. Raises NotFoundError when the link opens nothing."""
    made = selections.of_link(db.session(), operations.opened(db.session(), token))
    page = load_page(made)
    steps = len(page.lines) + 4
    tell(1, steps)
    picture = map_png(page.filled, form) if page.filled.found else b""
    tell(2, steps)
    if form == "slides":
        return slides.write(page, picture, lambda done: tell(2 + done, steps))
    html = _html(page, form, picture, lambda done: tell(2 + done, steps))
    tell(steps - 1, steps)
    return press(html, form)


def version_of(made: Selection, page: SelectionPage) -> str:
    """What a paper of it depends on besides the state of the city: what was written, and the photos."""
    photos = [picture.large_sha256 for line in page.lines for picture in line.pictures]
    told = (made.sent_at, made.link.name, made.greeting, made.sender, made.requirement, page.filled.selection, photos)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:20]


def map_png(filled: Shortlist, form: str) -> bytes:
    """The city around the items, with their numbers on it."""
    pins = [
        Pin(row.id, row.lon, row.lat, wording.building_name(row), mark=wording.numbers(lines))
        for row, lines in filled.places
    ]
    size = MAPS[form]
    if form == "a4" and len(filled.entries) >= CROWDED:
        size = (size[0], LOW)
    return scene_png(scene_of(db.public_session(), pins, size), size, letter=1.25, low=LOOKED_AT)


def _html(page: SelectionPage, form: str, picture: bytes, done: Callable[[int], None]) -> str:
    url = address_of(page.made.link)
    shown = []
    for number, line in enumerate(page.lines, 1):
        shown.append(_shown(line, STACKS[form]))
        done(number)
    return render_template(
        "share/brochure.html",
        form=form,
        today=page.filled.today,
        sources=page.filled.sources,
        url=url,
        qr=data_url(cards.qr_file(url), "image/svg+xml"),
        page=page,
        made=page.made,
        shown=shown,
        picture=data_url(picture, "image/png") if picture else "",
        occupancy_colours=occupancy_legend()[1],
        site_address=site(),
        words=wording,
        headline=headline,
        match_words=match_wording,
        most_free=MOST_FREE,
    )


def _shown(line: Line, size: tuple[int, int]) -> dict[str, str]:
    """The pictures of an item: its photo and its stacking plan."""
    entry, photo = line.entry, photo_of(line)
    if entry.thing is None:
        return {"photo": "", "stack": ""}
    title = gettext("%(name)s 的楼层剖面", name=wording.title_of(entry))
    plan = entry.thing.plan
    stack = draw_stack(plan, title=title, width=size[0], height=height_for(plan, size[1]), mark=_marked(entry))
    return {
        "photo": data_url(photo, "image/jpeg") if photo else "",
        "stack": data_url(stack, "image/svg+xml"),
        "stack_title": title,
    }


def _marked(entry: Entry) -> Sequence[Any]:
    return [entry.found.unit.id] if entry.found else []
