"""Slides as they are drawn here: 16:9, the site's colours, fonts that read Chinese on every machine.

Places are in inches. The one place that knows python-pptx.
"""

import io
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from webmap.locale import language

INK, MUTED, ACCENT, DANGER, PALE, WHITE = "17202B", "566273", "14508F", "A32A1C", "E6EEF7", "FFFFFF"
LINE = "CFD6DD"
WIDE, HIGH = 13.333, 7.5
LATIN, CHINESE = "Arial", {"zh-Hant": "Microsoft JhengHei"}
USUAL_CHINESE = "Microsoft YaHei"
"""The fonts of the usual programs; others put theirs for Chinese in their place."""

_TITLE_ONLY = 5

Box = tuple[float, float, float, float]
"""Left, top, width and height."""

Look = Callable[[int, int], tuple[str, bool, int, str]]
"""Row and column of a cell → its colour, whether it is bold, how large, and what it is filled with."""


class Deck:
    """A presentation that is being made; `title` and `author` are what the file says of itself."""

    def __init__(self, title: str, author: str) -> None:
        self._made: Any = Presentation()
        self._made.slide_width, self._made.slide_height = Inches(WIDE), Inches(HIGH)
        told = self._made.core_properties
        told.title, told.author, told.language = title, author, language().tag

    def cover(self, title: str) -> "Slide":
        """The first slide: its title large on blue."""
        slide = self._new()
        slide.background(ACCENT)
        slide.title(title, (0.9, 1.5, 8.4, 1.6), 40, WHITE)
        return slide

    def slide(self, title: str, foot: str) -> "Slide":
        """A slide with a title and a line at its foot."""
        slide = self._new()
        slide.title(title, (0.5, 0.3, 9.7, 0.7), 28, INK)
        slide.text(foot, (0.5, 6.95, 11.5, 0.35), 10, MUTED)
        slide.text(f"{len(self._made.slides)}", (12.0, 6.95, 0.83, 0.35), 10, MUTED, right=True)
        return slide

    def save(self, file: BinaryIO) -> None:
        """Write it as PPTX."""
        self._made.save(file)

    def _new(self) -> "Slide":
        return Slide(self._made.slides.add_slide(self._made.slide_layouts[_TITLE_ONLY]))


class Slide:
    """One slide; everything on it is put where it is told."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def background(self, colour: str) -> None:
        """Fill all of it."""
        fill = self._made.background.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(colour)

    def title(self, text: str, box: Box, size: int, colour: str) -> None:
        """Its title, which outlines and screen readers find."""
        shape = self._made.shapes.title
        shape.left, shape.top, shape.width, shape.height = map(Inches, box)
        _write(shape.text_frame, text, size, colour, bold=True)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    def text(
        self, text: str, box: Box, size: int, colour: str, *, bold: bool = False, right: bool = False, link: str = ""
    ) -> None:
        """Some lines of text."""
        shape = self._made.shapes.add_textbox(*map(Inches, box))
        _write(shape.text_frame, text, size, colour, bold=bold, right=right, link=link)

    def box(self, box: Box, colour: str) -> None:
        """A field of one colour, for what stands on it."""
        shape = self._made.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, *map(Inches, box))
        shape.adjustments[0] = 0.08
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(colour)
        shape.line.fill.background()
        shape.shadow.inherit = False

    def picture(self, data: bytes, box: Box, alt: str, *, fill: bool = False) -> None:
        """A picture at the top of a box; with `fill` all over it, cut where it is too long."""
        left, top, width, height = map(Inches, box)
        shape = self._made.shapes.add_picture(io.BytesIO(data), left, top)
        wide, high = shape.width, shape.height
        if fill:
            ratio = (height * wide) / (width * high)
            shape.crop_top = shape.crop_bottom = max(0.0, 1 - ratio) / 2
            shape.crop_left = shape.crop_right = max(0.0, 1 - 1 / ratio) / 2
            shape.width, shape.height = width, height
        else:
            scale = min(width / wide, height / high)
            shape.width, shape.height = int(wide * scale), int(high * scale)
            shape.left = left + (width - shape.width) // 2
        shape._element._nvXxPr.cNvPr.set("descr", alt)

    def legend(self, colours: Sequence[tuple[str, str]], box: Box) -> None:
        """What colours mean, in one line."""
        shape = self._made.shapes.add_textbox(*map(Inches, box))
        paragraph = shape.text_frame.paragraphs[0]
        for colour, name in colours:
            white = colour.lower() == "#ffffff"
            _run(paragraph, "□ " if white else "■ ", 11, MUTED if white else colour[1:])
            _run(paragraph, f"{name}  ", 10, MUTED)

    def pairs(self, pairs: Sequence[tuple[str, str]], box: Box, columns: int = 2) -> None:
        """Names with their values, side by side in a table without lines."""
        deep = -(-len(pairs) // columns)
        filled = [*pairs, *[("", "")] * (deep * columns - len(pairs))]
        if not deep:
            return
        rows = [[text for pair in filled[row::deep] for text in pair] for row in range(deep)]
        across = box[2] / columns
        size = 11 if deep > 9 else 12
        self._grid(rows, box[:2], [across * 0.32, across * 0.68] * columns, min(box[3] / deep, 0.4), _plain(size))

    def table(
        self,
        rows: Sequence[Sequence[str]],
        at: tuple[float, float],
        widths: Sequence[float],
        high: float = 0.52,
        points: int = 12,
    ) -> None:
        """A table whose first row are headings; rows are so many inches high."""
        self._grid(rows, at, widths, high, _ruled(points))

    def _grid(
        self, rows: Sequence[Sequence[str]], at: tuple[float, float], widths: Sequence[float], high: float, look: Look
    ) -> None:
        size = (Inches(sum(widths)), Inches(high * len(rows)))
        frame = self._made.shapes.add_table(len(rows), len(widths), *map(Inches, at), *size)
        table = frame.table
        _without_style(frame)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Inches(width)
        for number, row in enumerate(rows):
            table.rows[number].height = Inches(high)
            for place, text in enumerate(row):
                cell = table.cell(number, place)
                cell.margin_top = cell.margin_bottom = Inches(0.02)
                cell.margin_left = cell.margin_right = Inches(0.05)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                colour, bold, points, fill = look(number, place)
                _write(cell.text_frame, text, points, colour, bold=bold)
                _fill(cell, fill)


def _plain(size: int) -> Look:
    return lambda _, place: (MUTED, False, size, "") if place % 2 == 0 else (INK, False, size, "")


def _ruled(points: int) -> Look:
    def look(number: int, place: int) -> tuple[str, bool, int, str]:
        if number == 0:
            return WHITE, True, points, ACCENT
        return (DANGER if place == 0 else INK), place < 2, points, PALE if number % 2 == 0 else WHITE

    return look


def _fill(cell: Any, colour: str) -> None:
    if not colour:
        cell.fill.background()
        return
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(colour)


def _without_style(frame: Any) -> None:
    """No style of the program's own, which differs from one to the next."""
    about = frame._element.graphic.graphicData.tbl.tblPr
    for name in ("bandRow", "firstRow"):
        about.set(name, "1" if name == "firstRow" else "0")
    style = about.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _write(
    frame: Any, text: str, size: int, colour: str, *, bold: bool = False, right: bool = False, link: str = ""
) -> None:
    """Fill a frame with lines of text in one look."""
    frame.word_wrap = True
    for number, line in enumerate(text.splitlines() or [""]):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        run = _run(paragraph, line, size, colour, bold=bold)
        if link:
            run.hyperlink.address = link


def _run(paragraph: Any, text: str, size: int, colour: str, *, bold: bool = False) -> Any:
    """Add a piece of text in one look."""
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run.font.color.rgb = RGBColor.from_string(colour.upper())
    _in_chinese(run)
    return run


def _in_chinese(run: Any) -> None:
    """Name the font for Chinese too, and the language, by which programs choose forms of characters and check words."""
    tag = language().tag
    about = run._r.get_or_add_rPr()
    about.set("lang", {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}.get(tag, "en-GB"))
    about.set("altLang", "zh-CN" if tag == "en" else "en-US")
    font = about.makeelement(qn("a:ea"), {"typeface": CHINESE.get(tag, USUAL_CHINESE)})
    about.find(qn("a:latin")).addnext(font)
