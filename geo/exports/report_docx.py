"""A report as DOCX, to go on writing: real headings and tables, charts and maps as pictures with their words."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.exports.raster import png
from geo.exports.report_pictures import Raster, picture
from geo.reports.document import Block, Chapter, Chart, Map, Paragraph, Table

FONTS = {"zh-Hans": "宋体", "zh-Hant": "PMingLiU"}
HEADING_FONTS = {"zh-Hans": "黑体", "zh-Hant": "Microsoft JhengHei"}
LATIN = "Times New Roman"
_INK, _ACCENT, _MUTED, _WARN = "17202B", "14508F", "566273", "7A4B00"
_WIDE_CM, _SMALL_PT = 16.0, 9


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the text: title, lines under it, and the foot of every page."""

    title: str
    lines: Sequence[str]
    foot: str
    author: str


def write_docx(chapters: Sequence[Chapter], cover: Cover, tag: str, raster: Raster = png) -> bytes:
    """The report in the language `tag` (BCP 47) as a file of Word; `raster` makes its pictures."""
    import docx  # noqa: PLC0415 - a library that few requests need

    text = docx.Document()
    _lay_out(text, tag)
    text.core_properties.title, text.core_properties.author = cover.title, cover.author
    text.core_properties.language = tag
    text.add_heading(cover.title, 0)
    for line in cover.lines:
        _small(text.add_paragraph(line))
    for number, chapter in enumerate(chapters, 1):
        text.add_heading(f"{number}  {chapter.title}", 1)
        for block in chapter.blocks:
            _add(text, block, tag, raster)
    _foot(text, cover.foot)
    out = io.BytesIO()
    text.save(out)
    return out.getvalue()


def _add(text: Any, block: Block, tag: str, raster: Raster) -> None:
    if isinstance(block, Paragraph):
        added = text.add_paragraph(block.text)
        if block.kind != "text":
            _small(added, _WARN if block.kind == "warning" else _MUTED)
    elif isinstance(block, Table):
        _heading(text, block.title)
        _table(text, block.headings, [[cell.text for cell in row] for row in block.rows], block.numbers)
    else:
        _heading(text, block.title)
        _picture(text, block, tag, raster)
        if isinstance(block, Chart):
            rows = [[point.label, point.text] for point in block.points]
            _table(text, (block.head, block.unit_head), rows, (False, True))
        else:
            _small(text.add_paragraph("　".join(said for _, said in block.legend)))


def _heading(text: Any, title: str) -> None:
    text.add_heading(title, 2)


def _picture(text: Any, block: Chart | Map, tag: str, raster: Raster) -> None:
    from docx.shared import Cm  # noqa: PLC0415

    added = text.add_picture(io.BytesIO(picture(block, "p", tag, raster)), width=Cm(_WIDE_CM))
    told = added._inline.docPr
    told.set("descr", block.title)
    told.set("title", block.title)


def _table(text: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

    table = text.add_table(rows=0, cols=len(headings), style="Table Grid")
    for at, row in enumerate([headings, *rows]):
        cells = table.add_row().cells
        for cell, said, right in zip(cells, row, numbers, strict=True):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(said)
            run.bold = at == 0
            run.font.size = _points(_SMALL_PT)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = _points(1.5)
            if right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _repeat(table.rows[0])
    text.add_paragraph()


def _repeat(row: Any) -> None:
    """Have the row stand on every page that the table goes on."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _small(paragraph: Any, colour: str = _MUTED) -> None:
    from docx.shared import RGBColor  # noqa: PLC0415

    for run in paragraph.runs:
        run.font.size = _points(_SMALL_PT)
        run.font.color.rgb = RGBColor.from_string(colour)


def _lay_out(text: Any, tag: str) -> None:
    """A4 with margins; letters of the language, black on white as an office prints it."""
    from docx.shared import Cm, RGBColor  # noqa: PLC0415

    page = text.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin = page.bottom_margin = Cm(2.3)
    sizes = {"Normal": 11, "Title": 22, "Heading 1": 16, "Heading 2": 12}
    for name, size in sizes.items():
        style = text.styles[name]
        style.font.size, style.font.name = _points(size), LATIN
        style.font.color.rgb = RGBColor.from_string(_INK if name == "Normal" else _ACCENT)
        _east_asian(style, (FONTS if name == "Normal" else HEADING_FONTS).get(tag, FONTS["zh-Hans"]), tag)


def _east_asian(style: Any, font: str, tag: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), font)
    # Signs such as the comma stand elsewhere in 繁體: the language says which.
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-TW" if tag == "zh-Hant" else "zh-CN")
    style.element.get_or_add_rPr().append(language)


def _foot(text: Any, said: str) -> None:
    """The foot of every page with its number."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    paragraph = text.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{said}　")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _small(paragraph)


def _points(size: float) -> Any:
    from docx.shared import Pt  # noqa: PLC0415

    return Pt(size)
