"""The picture that is sent: a map or a place with title, key figures, legend, date, source and attribution, as SVG.

Three forms: a card for chats (1200 × 630), an upright poster (3:4) and a sheet for slides and reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from geo.exports.lettering import ACCENT, FAMILY, INK, MUTED, cut, line, lines_of, width_of
from geo.exports.plane import Perspective
from geo.exports.svg_scene import Scene, draw_scene

CARD, POSTER, SHEET = (1200, 630), (1080, 1440), (1440, 900)
FORMS = {"card": CARD, "poster": POSTER, "sheet": SHEET}
TIMES = {"card": 1.0, "poster": 1.0, "sheet": 2.0}
"""Form → pixels of the drawing, and how many of the picture there are for each."""

_HEAD, _FOOT = 118, 62
_WARN = "#7a4b00"


@dataclass(frozen=True, slots=True)
class Words:
    """What is written: all of it in the reader's language, `legend` as colours and what they mean.

    `line` says in one line what `figures` and `detail` say; posters show these. `day` says as of when, `sources` whose
    data it is, `review` the number of the map's review, `notice` what must not be overlooked, as that
    the data is invented.
    """

    site: str
    title: str
    line: str
    detail: str
    figures: Sequence[tuple[str, str]]
    legend_title: str
    legend: Sequence[tuple[str, str]]
    day: str
    sources: str
    review: str = ""
    notice: str = ""
    link: str = ""
    """Under the QR code of a poster."""
    fonts: str = FAMILY


def draw_map_picture(form: str, scene: Scene, words: Words, qr: str = "") -> str:
    """A picture of the map in a form of `FORMS`; `qr` is an SVG of one colour that a poster shows."""
    body = _poster(scene, words, qr) if form == "poster" else _wide(form, scene, words)
    return framed(FORMS[form], words, body)


def framed(size: tuple[int, int], words: Words, body: str) -> str:
    """The whole drawing around what is drawn."""
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" font-family="{words.fonts}"><title>{escape(words.title)}</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{body}</svg>'
    )


def window(
    scene: Scene,
    at: tuple[float, float],
    size: tuple[int, int],
    *,
    letter: float = 1.0,
    zoomed: float = 1.0,
    foot: float = 12.0,
    low: float = 0.5,
) -> str:
    """A scene at a place of the drawing; what the camera looks at is so `low`, as a share of the height.

    The rest is said at `geo.exports.plane.Perspective`.
    """
    middle = size[0] / 2, size[1] * low
    view = Perspective(scene.camera, size, middle=middle, letter=letter, zoomed=zoomed, foot=foot)
    return _inside(at, size, draw_scene(scene, view))


def _inside(at: tuple[float, float], size: tuple[int, int], drawn: str) -> str:
    box = f'x="{at[0]:g}" y="{at[1]:g}" width="{size[0]}" height="{size[1]}"'
    return f'<svg {box} viewBox="0 0 {size[0]} {size[1]}">{drawn}</svg>'


def _wide(form: str, scene: Scene, words: Words) -> str:
    width, height = FORMS[form]
    letter = 1.35 if form == "card" else 1.0
    size = (width, height - _HEAD - _FOOT)
    map_ = window(scene, (0, _HEAD), size, letter=letter, foot=34)
    return map_ + head(words, width) + foot(words, width, height) + credit(words, width, height - _FOOT)


def head(words: Words, width: int) -> str:
    """Title and key figures at the left, whose site it is at the right."""
    site = 24 + width_of(words.site, 20)
    room = width - 72 - max(site, 150)
    drawn = line(32, 56, cut(words.title, 38, room), 38, strong=True)
    drawn += line(32, 94, cut(words.line, 23, width - 64 - (170 if words.notice else 0)), 23, fill=MUTED)
    drawn += brand(width - 32 - site, 40, words.site)
    if words.notice:
        drawn += tag(width - 32, 94, words.notice)
    return drawn


def brand(x: float, y: float, site: str) -> str:
    """The mark of the site and its name, from x on the line y."""
    mark = (
        f'<g transform="translate({x:.0f} {y - 18:.0f})"><rect width="24" height="24" rx="5" fill="{ACCENT}"/>'
        '<path d="M6 19V9h5v10M13 19V5h5v14M4 19h16" fill="none" stroke="#fff" stroke-width="2"/></g>'
    )
    return mark + line(x + 32, y, site, 20, fill=ACCENT, strong=True)


def tag(right: float, y: float, text: str, size: float = 16) -> str:
    """A short warning that ends at `right` on the line y."""
    wide = width_of(text, size) + 20
    box = f'<rect x="{right - wide:.0f}" y="{y - size - 4:.0f}" width="{wide:.0f}" height="{size + 12:.0f}" rx="6"'
    return f'{box} fill="#fdf3dd"/>' + line(right - wide + 10, y, text, size, fill=_WARN)


def foot(words: Words, width: int, height: int) -> str:
    """Legend at the left, day at the right."""
    y = height - _FOOT / 2 + 7
    drawn, right = line(width - 32, y, words.day, 20, fill=MUTED, anchor="end"), width_of(words.day, 20)
    return drawn + legend(words, (32, y), width - 96 - right)


def legend(words: Words, at: tuple[float, float], room: float, size: float = 20) -> str:
    """The legend in one line, with as many classes as there is room for."""
    x, y = at
    drawn = line(x, y, words.legend_title, size, strong=True)
    end, x = x + room, x + width_of(words.legend_title, size) + size
    for colour, text in words.legend:
        wide = width_of(text, size) + size * 2.2
        if x + wide > end:
            break
        drawn += swatch(x, y - size * 0.86, colour, size) + line(x + size * 1.35, y, text, size)
        x += wide
    return drawn


def swatch(x: float, y: float, colour: str, size: float) -> str:
    """A square in a colour of the legend."""
    box = f'<rect x="{x:.0f}" y="{y:.0f}" width="{size:g}" height="{size:g}" rx="4"'
    return f'{box} fill="{colour}" stroke="{INK}" stroke-opacity=".25"/>'


def credit(words: Words, width: int, bottom: float) -> str:
    """Whose data it is, on the map's lower edge, as large as need be to be read."""
    text = cut(" · ".join(filter(None, (words.sources, words.review))), 14, width - 48)
    wide = width_of(text, 14) + 20
    box = f'<rect x="{width - wide:.0f}" y="{bottom - 26:.0f}" width="{wide:.0f}" height="26" fill="#fff"'
    return f'{box} fill-opacity=".86"/>' + line(width - wide + 10, bottom - 8, text, 14, fill=MUTED)


def _poster(scene: Scene, words: Words, qr: str) -> str:
    width, height = POSTER
    drawn, top = poster_head(words, words.detail)
    drawn += figures(words.figures, (64, top), width - 128)
    top += 104 if words.figures else 0
    drawn += window(scene, (0, top), (width, height - 238 - top), letter=1.5, zoomed=1.25)
    return drawn + poster_foot(words, qr, height - 238)


def poster_head(words: Words, detail: str) -> tuple[str, int]:
    """Site, title and a line of a poster, and where they end."""
    width, y = POSTER[0], 110
    drawn = brand(64, 88, words.site)
    if words.notice:
        drawn += tag(width - 64, 90, words.notice, 20)
    for text in lines_of(words.title, 60, width - 128, 2):
        y += 74
        drawn += line(64, y, text, 60, strong=True)
    return drawn + line(64, y + 48, cut(detail, 28, width - 128), 28, fill=MUTED), y + 92


def figures(shown: Sequence[tuple[str, str]], at: tuple[float, float], room: float) -> str:
    """Key figures beside each other, the number large, what it counts above it."""
    each = room / max(len(shown), 1)
    return "".join(
        line(at[0] + number * each, at[1] + 22, cut(name, 22, each - 12), 22, fill=MUTED)
        + line(at[0] + number * each, at[1] + 74, value, 42 if width_of(value, 42) < each - 10 else 30, strong=True)
        for number, (name, value) in enumerate(shown)
    )


def poster_foot(words: Words, qr: str, top: float) -> str:
    """Legend, day, sources and QR code of a poster."""
    width, _ = POSTER
    room = width - 128 - (170 if qr else 0)
    drawn = legend(words, (64, top + 58), room, 22)
    drawn += line(64, top + 110, words.day, 22)
    text = " · ".join(filter(None, (words.sources, words.review)))
    for number, said in enumerate(lines_of(text, 18, room, 3)):
        drawn += line(64, top + 146 + 27 * number, said, 18, fill=MUTED)
    if qr:
        drawn += _inside((width - 64 - 150, top + 30), (150, 150), f'<g fill="{INK}">{qr}</g>')
        drawn += line(width - 64 - 75, top + 206, words.link, 18, fill=MUTED, anchor="middle")
    return drawn
