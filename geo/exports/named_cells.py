"""Fills the named cells of somebody's own workbook and leaves everything else in it as it is: layout, charts, pictures.

A workbook is a zip of XML. Only its sheets are written anew, cell by cell; results of formulas are
taken out, so that whoever opens the file reckons them with the new values.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import UnreadableFileError
from geo.packed import DAMAGED, check_parts

MOST_BYTES, MOST_UNPACKED_BYTES, MOST_NAMES = 5 << 20, 40 << 20, 5_000

Value = float | str
"""What a cell may hold."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?\3\$?\4)?")


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the workbook, where it stands ('' where that is no single cell), and what was written there."""

    name: str
    place: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """The workbook, its names that were filled, and those that nobody knows."""

    content: bytes
    filled: tuple[Named, ...]
    unknown: tuple[Named, ...]


def fill_names(content: bytes, values: Mapping[str, Value]) -> Filled:
    """The workbook with each defined name that `values` has filled in; names count without regard to case.

    Raises
    ------
    UnreadableFileError
        It is no .xlsx file, is damaged, too large, or has no names; the message says what to do.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(
            f"The workbook is over {MOST_BYTES >> 20} MB; take pictures and old sheets out of it."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_parts("The workbook", archive.infolist(), MOST_UNPACKED_BYTES)
            parts = {each.filename: archive.read(each) for each in archive.infolist()}
        return _filled(content, parts, values)
    except (*DAMAGED, SyntaxError, KeyError, ValueError) as error:
        raise UnreadableFileError(
            f"This is no .xlsx file, or it is damaged ({error}); save it again as .xlsx."
        ) from None


def _filled(content: bytes, parts: dict[str, bytes], values: Mapping[str, Value]) -> Filled:
    book = _tree(parts[_BOOK])
    files = dict(_sheet_files(book, _tree(parts[_RELATIONS])))
    sheets = {file: _tree(parts[file]) for file in files.values()}
    known = {name.lower(): name for name in values}
    written, unknown = [], []
    for name, text in _names(book):
        place = _PLACE.fullmatch(text)
        sheet = (place[1] or place[2]).replace("''", "'") if place else ""
        if place is None or sheet not in files:
            unknown.append(Named(name, ""))
            continue
        where = f"{sheet}!{place[3]}{place[4]}"
        if (wanted := known.get(name.lower())) is None:
            unknown.append(Named(name, where))
            continue
        _put(sheets[files[sheet]], place[3], int(place[4]), values[wanted])
        written.append(Named(name, where, values[wanted]))
    for tree in sheets.values():
        _drop_results(tree)
    _reckon_anew(book)
    changed = {file: _written(tree) for file, tree in {**sheets, _BOOK: book}.items()}
    return Filled(_packed(content, {**parts, **changed}), tuple(written), tuple(unknown))


def _names(book: Any) -> list[tuple[str, str]]:
    """The names of the workbook and what they stand for, but for those that Excel keeps for itself."""
    found = [(each.get("name", ""), (each.text or "").strip()) for each in book.iter(f"{_MAIN}definedName")]
    names = [each for each in found if not each[0].startswith("_xlnm.")]
    if not names or len(names) > MOST_NAMES:
        raise UnreadableFileError(
            f"The workbook has {len(names)} named cells, and can have 1 to {MOST_NAMES:,}. "
            "Mark a cell and type a name such as occupancy_rate into the box left of the formula."
        )
    return names


def _tree(part: bytes) -> Any:
    """The XML of a part; one that declares entities is refused before it is read."""
    from lxml import etree  # noqa: PLC0415 - a library that few requests need

    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise UnreadableFileError("The workbook declares XML entities, which no spreadsheet does; it is not opened.")
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _written(tree: Any) -> bytes:
    from lxml import etree  # noqa: PLC0415

    found: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return found


def _sheet_files(book: Any, relations: Any) -> Iterator[tuple[str, str]]:
    """Names of sheets and the parts that hold them."""
    targets = {each.get("Id"): each.get("Target") for each in relations}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets[sheet.get(_RELATION)]
        if "worksheets/" in target:
            yield sheet.get("name"), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _put(tree: Any, column: str, row: int, value: Value) -> None:
    """Write a cell, which keeps its style; row and cell are made where they are not there."""
    data = tree.find(f"{_MAIN}sheetData")
    line = _among(data, "row", str(row), lambda each: int(each.get("r")), row)
    reference = f"{column}{row}"
    cell = _among(line, "c", reference, lambda each: _number_of(each.get("r")), _number_of(reference))
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        inline = _add(cell, "is")
        _add(inline, "t").text = value
    else:
        _add(cell, "v").text = repr(value)


def _among(parent: Any, tag: str, reference: str, order: Any, place: int) -> Any:
    """The child of a reference, made in its place where it is not there."""
    before = 0
    for at, each in enumerate(parent):
        if each.get("r") == reference:
            return each
        if order(each) < place:
            before = at + 1
    made = parent.makeelement(f"{_MAIN}{tag}", {"r": reference})
    parent.insert(before, made)
    return made


def _add(parent: Any, tag: str) -> Any:
    made = parent.makeelement(f"{_MAIN}{tag}")
    parent.append(made)
    return made


def _number_of(reference: str) -> int:
    """The number of a cell's column."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _drop_results(tree: Any) -> None:
    """Take out what formulas came to."""
    for formula in tree.iter(f"{_MAIN}f"):
        cell = formula.getparent()
        if (result := cell.find(f"{_MAIN}v")) is not None:
            cell.remove(result)
            cell.attrib.pop("t", None)


def _reckon_anew(book: Any) -> None:
    """Have Excel work out all formulas when the file is opened."""
    found = book.find(f"{_MAIN}calcPr")
    if found is None:
        # It stands behind the names, as the schema has it.
        names = book.find(f"{_MAIN}definedNames")
        found = book.makeelement(f"{_MAIN}calcPr")
        names.addnext(found)
    found.set("fullCalcOnLoad", "1")


def _packed(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The zip with its parts in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for each in before.infolist():
            after.writestr(each.filename, parts[each.filename])
    return out.getvalue()
