"""Pages of the board of data quality: the district, an area, a building; a table; what the public is told."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from flask import Blueprint, Flask, Response, current_app, render_template, request

from geo.errors import BadParameterError
from geo.quality.impossible import contradictions_at
from geo.quality.rules import Rules
from geo.quality.work import Work
from webmap import db
from webmap.config import current_settings
from webmap.locale import address, canonical_url
from webmap.permissions import User, check, current_user, may, may_somewhere, needs
from webmap.published import published
from webmap.quality import drawing, operations, page, stock_files, table, words
from webmap.quality.asking import Question, read_question
from webmap.quality.operations import SEE

blueprint = Blueprint("quality", __name__)

FIRST, LISTED = 6, 50
"""Buildings to begin with, and on one page of the table."""

_WORDS = {"field_name": words.field_name, "reason_name": words.reason_name}


def init_app(app: Flask) -> None:
    """Give the app its files of large cities."""
    stock_files.init_app(app)


@blueprint.get("/desk/quality")
@needs(SEE, somewhere=True)
def board() -> str | tuple[str, int]:
    """Who should look at what next, how complete and old the data are, and the map coloured by it."""
    try:
        question = read_question(request.args)
        area = operations.area_named(db.session(), _reader(), question.area) if question.area else None
    except BadParameterError as error:
        return _page(Question(), None, problem=error), 422
    return _page(question, area)


@blueprint.get("/desk/quality.csv")
@needs(SEE, somewhere=True)
def board_csv() -> Response:
    """Every building with all its numbers, numerators and denominators apart."""
    user, today = _reader(), current_settings().today()
    work, code = _work(user, today), request.args.get("area", "").strip()
    area = operations.area_named(db.session(), user, code) if code else None
    among = operations.standing_in(work.board, area.geom) if area else np.ones(len(work.board.ids), bool)
    places = operations.in_order(work, among, "worth")
    names = operations.names_of(db.session(), work.board.ids[places])
    answer = Response(table.write(work, places, names, today), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="quality-{today}.csv"'
    return answer


@blueprint.get("/desk/quality/<code>")
@needs(SEE, somewhere=True)
def building(code: str) -> str:
    """One building, field by field: what is there, how old it is, what contradicts itself, where it is put right."""
    session, today = db.session(), current_settings().today()
    found = operations.building_named(session, code)
    user = check(SEE, found)
    work = operations.work_of(session, user, found, _rules(), today)
    every, staff = np.ones(1, bool), may(user, "see_staff_values", found)
    return render_template(
        "quality/building.html",
        here="desk",
        building=found,
        day=today,
        work=work,
        told=work.board.told(work.board.rules.fields, every),
        fresh=operations.fresh_units(work.board, every),
        age=operations.age_of_units(work.board, every),
        jobs=page.jobs_of(session, user, work, found, today),
        groups=page.group_rows(work.board, every),
        mending=page.mending_of(session, user, [found.id]),
        wrong=[words.wrong(code, float(value)) for code, value in contradictions_at(work.board, 0).items()],
        differing=page.differing_facts(session, found.id, staff=staff),
        supplied=operations.sources_of(session, today, work.board.rules, work.board.ids, staff=staff),
        **_WORDS,
    )


@blueprint.get("/quality")
@needs("public")
def known() -> str:
    """What is known of the listed buildings, how old it is, and from which sources: for everybody."""
    session, today = db.public_session(), current_settings().today()
    board = operations.public_board(session, _rules(), today, _worked(), published().versions())
    every = np.ones(len(board.ids), bool)
    return render_template(
        "quality/known.html",
        here="about",
        day=today,
        board=board,
        told=board.told(board.rules.fields, every),
        fresh=operations.fresh_units(board, every),
        age=operations.age_of_units(board, every),
        groups=page.group_rows(board, every),
        sources=operations.sources_of(session, today, board.rules, None, staff=False),
        canonical=canonical_url(),
        **_WORDS,
    )


def _page(question: Question, area: Any, **more: Any) -> str:
    user, today, session = _reader(), current_settings().today(), db.session()
    work = _work(user, today)
    among = operations.standing_in(work.board, area.geom) if area else np.ones(len(work.board.ids), bool)
    places = operations.in_order(work, among, question.sort)
    start = (question.page - 1) * LISTED
    staff = may_somewhere(user, "see_staff_values")
    first = page.building_rows(session, user, work, operations.in_order(work, among, "worth")[:FIRST], today)
    return render_template(
        "quality/board.html",
        here="desk",
        question=question,
        area=area,
        day=today,
        work=work,
        among=among,
        told=work.board.told(work.board.rules.fields, among),
        fresh=operations.fresh_units(work.board, among),
        age=operations.age_of_units(work.board, among),
        disputes=int(work.disputes[among].sum()),
        counts=work.counts(among),
        first=[row for row in first if row.worth],
        rows=page.building_rows(session, user, work, places[start : start + LISTED], today),
        start=start,
        pages=-(-len(places) // LISTED),
        areas=operations.areas_of(session, user, work),
        groups=page.group_rows(work.board, among),
        supplied=operations.sources_for(session, user, work, area, among, today, _worked()),
        map=drawing.draw(session, work, places, question.measure, _link, staff=staff) if len(places) else "",
        legend=drawing.legend(work, places, question.measure) if len(places) else [],
        drawn=drawing.MOST,
        **_WORDS,
        **more,
    )


def _link(code: str) -> str:
    return address(f"/desk/quality/{code}")


def _reader() -> User:
    user = current_user()
    assert user is not None
    return user


def _work(user: User, today: date) -> Work:
    return operations.work_for(db.session(), user, _rules(), today, _worked())


def _rules() -> Rules:
    settings = current_settings()
    return replace(settings.quality, zone=settings.timezone.key)


def _worked() -> operations.Worked:
    found: operations.Worked = current_app.extensions.setdefault("loumap_quality", operations.Worked())
    return found
