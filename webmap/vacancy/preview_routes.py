"""Returns as text or as a workbook: read, shown beside what is held, and sent when the reporter confirms."""

import base64
from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file, url_for
from flask_babel import gettext

from geo.model import Building
from geo.returns.pasted import MOST_SIGNS, read_pasted
from geo.returns.standing import units_now
from geo.returns.weeks import week_name, week_of
from webmap import db
from webmap.names import label
from webmap.permissions import REPORT, check, needs
from webmap.vacancy import operations, workbook, workbook_reading
from webmap.vacancy.owing import Clock, owing_building
from webmap.vacancy.requests import clock_of_request
from webmap.vacancy.sending import UnitSent

blueprint = Blueprint("return_files", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/return/<code>/paste")
@needs(REPORT, somewhere=True)
def paste(code: str) -> str:
    """The form for a text as it is sent in chats."""
    return _paste(_mine(code), "")


@blueprint.post("/return/<code>/paste")
@needs(REPORT, somewhere=True)
def read_text(code: str) -> str:
    """What the text was understood to say, to be confirmed."""
    building, clock, text = _mine(code), clock_of_request(), request.form.get("text", "")
    units = units_now(db.session(), building.id, clock.today)
    names = [building.name or "", building.name_en or "", *building.aliases]
    lines = read_pasted(text, units, names, clock.today)
    sent = [
        UnitSent(each.unit.code, each.unit.said, each.said, each.unit.seen, each.since)
        for line in lines
        for each in line.units
    ]
    if not any(line.units for line in lines):
        return _paste(building, text, lines)
    return _preview(building, sent, "text", clock, lines=lines, text=text)


@blueprint.get("/return/<code>/workbook.xlsx")
@needs(REPORT, somewhere=True)
def template(code: str) -> Response:
    """The workbook of a building, filled in with what is held now."""
    building, clock = _mine(code), clock_of_request()
    week = week_of(clock.today)
    units = units_now(db.session(), building.id, clock.today)
    made = workbook.write(building, week, units, label(building) or building.code)
    name = f"{label(building) or building.code}-{week_name(week)}.xlsx"
    return send_file(BytesIO(made), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


@blueprint.get("/return/<code>/upload")
@needs(REPORT, somewhere=True)
def upload(code: str) -> str:
    """The form for a workbook that was filled in."""
    return render_template("vacancy/upload.html", here="desk", building=_mine(code), wrong=(), marked="")


@blueprint.post("/return/<code>/upload")
@needs(REPORT, somewhere=True)
def read_workbook(code: str) -> str | tuple[str, int]:
    """What a workbook says, to be confirmed; or the same workbook with its wrong cells marked."""
    building, clock = _mine(code), clock_of_request()
    file = request.files.get("file")
    data = file.stream.read(workbook_reading.MOST_BYTES + 1) if file else b""
    units = units_now(db.session(), building.id, clock.today)
    found = workbook_reading.read(data, building, units, clock.today)
    if found.wrong:
        marked = base64.b64encode(workbook.marked(found.rows, found.wrong)).decode()
        shown = {"building": building, "wrong": found.wrong, "marked": f"data:{XLSX};base64,{marked}"}
        return render_template("vacancy/upload.html", here="desk", **shown), 422
    return _preview(building, found.units, "workbook", clock)


def _preview(building: Building, sent: list[UnitSent], via: str, clock: Clock, **more: object) -> str:
    units = {unit.code: unit for unit in units_now(db.session(), building.id, clock.today)}
    rows = [(units[each.code], each) for each in sent if each.code in units and each.said != units[each.code].said]
    return render_template(
        "vacancy/preview.html",
        here="desk",
        building=building,
        rows=rows,
        unchanged=len(sent) - len(rows),
        via=via,
        week=week_of(clock.today),
        key=operations.new_key(),
        target=url_for("vacancy.send", code=building.code),
        **more,
    )


def _paste(building: Building, text: str, lines: object = ()) -> str:
    shown = {"building": building, "text": text, "lines": lines, "most": MOST_SIGNS}
    example = gettext("12楼 1203 已租；15楼 整层 空置 1,480平 4.2元")
    return render_template("vacancy/paste.html", here="desk", example=example, **shown)


def _mine(code: str) -> Building:
    building = owing_building(db.session(), code)
    check(REPORT, building)
    return building
