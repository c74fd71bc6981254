"""What python-docx has no words for: links inside a text, columns of fixed width, rows that stay whole, fields."""

from collections.abc import Sequence
from typing import Any

WIDE_CM = 16.0
_TWIPS_A_CM = 567


def element(tag: str, /, **values: str) -> Any:
    """An element of WordprocessingML by its tag with attributes, as `element("w:shd", fill="EEF0EC")`."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - a library that few requests need
    from docx.oxml.ns import qn  # noqa: PLC0415

    made = OxmlElement(tag)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """Have links find a paragraph by a name; `number` is one that no other bookmark has."""
    properties = paragraph._p.get_or_add_pPr()
    begin = element("w:bookmarkStart", id=f"{number}", name=name)
    properties.addnext(begin)
    begin.addnext(element("w:bookmarkEnd", id=f"{number}"))


def add_link(paragraph: Any, text: str, anchor: str) -> Any:
    """Text that leads to a bookmark; gives its run."""
    run = paragraph.add_run(text)
    link = element("w:hyperlink", anchor=anchor, history="1")
    paragraph._p.append(link)
    link.append(run._r)
    return run


def set_columns(table: Any, widths_cm: Sequence[float]) -> None:
    """Give the columns of a table their widths, which the texts in them do not change."""
    from docx.shared import Cm  # noqa: PLC0415

    table.autofit = False
    table._tbl.tblPr.append(element("w:tblCellMar"))
    margins = table._tbl.tblPr[-1]
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=f"{round(0.12 * _TWIPS_A_CM)}", type="dxa"))
    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def keep_rows_whole(table: Any, *, together: bool) -> None:
    """Cut no row at the foot of a page, have the first stand on every one; `together` cuts no table at all."""
    for at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit", val="true"))
        if at == 0:
            properties.append(element("w:tblHeader", val="true"))
        # A heading never stands alone: the first rows stay with one another.
        if at < (len(table.rows) - 1 if together else 2):
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True


def shade(cell: Any, colour: str) -> None:
    """Give a cell a ground; `colour` as 'RRGGBB'."""
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour))


def rule(table: Any, colour: str) -> None:
    """Lines between the rows of a table and none between its columns."""
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=colour))
    table._tbl.tblPr.append(borders)


def add_field(paragraph: Any, instruction: str) -> None:
    """Something that the program works out when it shows the text, as PAGE."""
    field = element("w:fldSimple", instr=instruction)
    paragraph._p.append(field)
    field.append(paragraph.add_run("1")._r)
