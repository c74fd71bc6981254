"""A report as DOCX, to go on writing: cover, real headings and tables, numbers that lead to their definitions."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from geo.exports.docx_pieces import (
    WIDE_CM,
    add_bookmark,
    add_field,
    add_link,
    element,
    keep_rows_whole,
    rule,
    set_columns,
    shade,
)
from geo.exports.raster import png
from geo.exports.report_columns import shares
from geo.exports.report_pictures import Raster, picture
from geo.reports.blocks import Block, Cell, Chapter, Chart, Map, Paragraph, Run, Table, Tiles

FONTS = {"zh-Hans": "宋体", "zh-Hant": "PMingLiU"}
HEADING_FONTS = {"zh-Hans": "黑体", "zh-Hant": "Microsoft JhengHei"}
LATIN = "Times New Roman"
_INK, _ACCENT, _MUTED, _LINE, _GROUND = "17202B", "14508F", "566273", "CFD6DD", "EEF2F6"
_JUDGED = {"ok": "1B6B45", "warn": "7A4B00", "danger": "A32A1C"}
_KINDS = {"text": "", "note": _MUTED, "warning": _JUDGED["warn"]}
_CHART_CM, _BESIDE_CM = 10.4, 5.4
_SMALL_PT, _TABLE_PT = 9, 8.5
_POINTS_A_CM = 28.35
_WHOLE_ROWS = 14
"""A table of no more rows is never cut."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands before the text: title, lines under it, the word for contents; and the foot of every page."""

    title: str
    lines: Sequence[str]
    contents: str
    foot: str
    author: str


def write_docx(chapters: Sequence[Chapter], cover: Cover, tag: str, raster: Raster = png) -> bytes:
    """The report in the language `tag` (BCP 47) as a file of Word; `raster` makes its pictures."""
    import docx  # noqa: PLC0415 - a library that few requests need

    text = docx.Document()
    _lay_out(text, tag)
    text.core_properties.title, text.core_properties.author = cover.title, cover.author
    text.core_properties.language = tag
    _Writer(text, tag, raster, _defined(chapters), count(1)).write(chapters, cover)
    out = io.BytesIO()
    text.save(out)
    return out.getvalue()


def _defined(chapters: Sequence[Chapter]) -> frozenset[str]:
    """The codes that the report itself defines; a link needs something to lead to."""
    tables = (block for chapter in chapters for block in chapter.blocks if isinstance(block, Table))
    return frozenset(row[0].code for table in tables if table.defines for row in table.rows)


@dataclass(frozen=True)
class _Writer:
    text: Any
    tag: str
    raster: Raster
    defined: frozenset[str]
    numbers: Iterator[int]

    def write(self, chapters: Sequence[Chapter], cover: Cover) -> None:
        self._cover(chapters, cover)
        for number, chapter in enumerate(chapters, 1):
            heading = self.text.add_heading(f"{number}  {chapter.title}", 1)
            heading.paragraph_format.page_break_before = number == 1
            add_bookmark(heading, f"c-{chapter.code}", next(self.numbers))
            for block in chapter.blocks:
                self._add(block)
        foot = self.text.sections[0].footer.paragraphs[0]
        foot.add_run(f"{cover.foot}　")
        add_field(foot, "PAGE")
        _set(foot, _SMALL_PT, _MUTED)

    def _cover(self, chapters: Sequence[Chapter], cover: Cover) -> None:
        title = self.text.add_heading(cover.title, 0)
        title.paragraph_format.space_before = _points(150)
        for line in cover.lines:
            _set(self.text.add_paragraph(line), 11, _MUTED)
        contents = self.text.add_paragraph()
        contents.paragraph_format.space_before = _points(60)
        contents.add_run(cover.contents).bold = True
        for number, chapter in enumerate(chapters, 1):
            line = self.text.add_paragraph()
            line.paragraph_format.space_after = _points(3)
            add_link(line, f"{number}　{chapter.title}", f"c-{chapter.code}").font.color.rgb = _colour(_ACCENT)

    def _add(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            added = self.text.add_paragraph()
            self._runs(added, block.runs)
            if block.kind != "text":
                _set(added, _SMALL_PT, _KINDS[block.kind])
        elif isinstance(block, Tiles):
            self._tiles(block)
        elif isinstance(block, Table):
            self.text.add_heading(block.title, 2)
            self._table(self.text, block, WIDE_CM)
            self._gap()
        elif isinstance(block, Chart):
            self.text.add_heading(block.title, 2)
            self._chart(block)
        else:
            self.text.add_heading(block.title, 2)
            self._picture(self.text.add_paragraph(), block, WIDE_CM).paragraph_format.keep_with_next = True
            self._legend(block)

    def _runs(self, paragraph: Any, runs: Sequence[Run]) -> None:
        for run in runs:
            self._said(paragraph, run.text, run.code)

    def _said(self, paragraph: Any, said: str, code: str) -> Any:
        """A text, which leads to the definition of its number where there is one."""
        if code not in self.defined:
            return paragraph.add_run(said)
        run = add_link(paragraph, said, f"def-{code}")
        run.font.color.rgb = _colour(_ACCENT)
        return run

    def _tiles(self, block: Tiles) -> None:
        """Large numbers side by side."""
        table = self.text.add_table(rows=1, cols=len(block.tiles))
        set_columns(table, [WIDE_CM / len(block.tiles)] * len(block.tiles))
        for cell, tile in zip(table.rows[0].cells, block.tiles, strict=True):
            shade(cell, _GROUND)
            name = cell.paragraphs[0]
            name.add_run(tile.name)
            _set(name, _SMALL_PT, _MUTED)
            value = cell.add_paragraph()
            run = self._said(value, tile.text, tile.code)
            run.bold, run.font.size = True, _points(14)
            change = cell.add_paragraph(tile.change)
            _set(change, 8, _JUDGED.get(tile.judged, _MUTED))
            for each in (name, value, change):
                each.paragraph_format.space_after = each.paragraph_format.space_before = _points(2)
        self._gap()

    def _table(self, place: Any, block: Table, wide_cm: float) -> None:
        table = place.add_table(rows=1 + len(block.rows), cols=len(block.headings))
        rule(table, _LINE)
        set_columns(table, [share * wide_cm for share in shares(block, _TABLE_PT, wide_cm * _POINTS_A_CM)])
        rows = [tuple(Cell(heading) for heading in block.headings), *block.rows]
        for at, (row, line) in enumerate(zip(table.rows, rows, strict=True)):
            for column, (cell, each) in enumerate(zip(row.cells, line, strict=True)):
                if not at:
                    shade(cell, _GROUND)
                defines = block.defines and column == 0 and bool(at)
                self._cell(cell.paragraphs[0], each, right=block.numbers[column], head=not at, defines=defines)
        keep_rows_whole(table, together=len(block.rows) <= _WHOLE_ROWS)

    def _cell(self, paragraph: Any, each: Cell, *, right: bool, head: bool, defines: bool) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

        run = paragraph.add_run(each.text) if defines else self._said(paragraph, each.text, each.code)
        run.bold, run.font.size = head or defines, _points(_TABLE_PT)
        if each.judged:
            run.font.color.rgb = _colour(_JUDGED[each.judged])
        if defines:
            add_bookmark(paragraph, f"def-{each.code}", next(self.numbers))
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = _points(1.5)
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _chart(self, block: Chart) -> None:
        """The drawing with its table beside it; nothing cuts them apart."""
        beside = self.text.add_table(rows=1, cols=2)
        set_columns(beside, [_CHART_CM, _BESIDE_CM])
        drawn, told = beside.rows[0].cells
        self._picture(drawn.paragraphs[0], block, _CHART_CM - 0.4)
        rows = tuple((Cell(point.label), Cell(point.text, point.value)) for point in block.points)
        self._table(told, Table(block.title, (block.head, block.unit_head), (False, True), rows), _BESIDE_CM - 0.3)
        told._tc.remove(told.paragraphs[0]._p)
        _set(told.add_paragraph(), 2, _MUTED)
        beside.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit", val="true"))
        self._gap()

    def _legend(self, block: Map) -> None:
        paragraph = self.text.add_paragraph()
        for colour, said in block.legend:
            paragraph.add_run("■").font.color.rgb = _colour(colour.lstrip("#").upper())
            paragraph.add_run(f" {said}　")
        for run in paragraph.runs:
            run.font.size = _points(_SMALL_PT)

    def _picture(self, paragraph: Any, block: Chart | Map, wide_cm: float) -> Any:
        from docx.shared import Cm  # noqa: PLC0415

        drawn = picture(block, "p", self.tag, self.raster)
        added = paragraph.add_run().add_picture(io.BytesIO(drawn), width=Cm(wide_cm))
        told = added._inline.docPr
        told.set("descr", block.title)
        told.set("title", block.title)
        return paragraph

    def _gap(self) -> None:
        gap = self.text.add_paragraph()
        gap.paragraph_format.space_after = _points(2)
        _set(gap, 4, _MUTED)


def _lay_out(text: Any, tag: str) -> None:
    """A4 with margins; letters of the language, dark on white as an office prints it."""
    from docx.shared import Cm  # noqa: PLC0415

    page = text.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin = page.bottom_margin = Cm(2.3)
    sizes = {"Normal": 11, "Title": 26, "Heading 1": 16, "Heading 2": 12}
    for name, size in sizes.items():
        style = text.styles[name]
        style.font.size, style.font.name = _points(size), LATIN
        style.font.color.rgb = _colour(_INK if name == "Normal" else _ACCENT)
        _east_asian(style, (FONTS if name == "Normal" else HEADING_FONTS).get(tag, FONTS["zh-Hans"]), tag)


def _east_asian(style: Any, font: str, tag: str) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), font)
    # Signs such as the comma stand elsewhere in 繁體: the language says which.
    style.element.get_or_add_rPr().append(element("w:lang", eastAsia="zh-TW" if tag == "zh-Hant" else "zh-CN"))


def _set(paragraph: Any, size: float, colour: str) -> None:
    """Letters of a size and a colour for what a paragraph has now, links as well; an empty one as high as they."""
    from docx.text.run import Run as WordRun  # noqa: PLC0415

    runs = [WordRun(each, paragraph) for each in paragraph._p.xpath(".//w:r")]
    if not runs:
        paragraph.add_run("").font.size = _points(size)
        paragraph.paragraph_format.line_spacing = _points(size + 2)
    for run in runs:
        run.font.size = _points(size)
        run.font.color.rgb = _colour(colour)


def _colour(colour: str) -> Any:
    from docx.shared import RGBColor  # noqa: PLC0415

    return RGBColor.from_string(colour)


def _points(size: float) -> Any:
    from docx.shared import Pt  # noqa: PLC0415

    return Pt(size)
