"""Says on whom an answer about clusters rests: enterprises for everybody, areas and tax for those who may know them.

Staff and tax officers are told of the buildings within their reach and of nothing else, compared with these alone.
Everybody else is told of areas by the table for everybody (`geo/clusters/blocks.py`), and of tax nothing here. Whoever
looks back to an instant sees what everybody sees.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from geo.clusters.amounts import Amounts, Measure, load_areas, load_taxes
from geo.clusters.analysis import Question
from geo.clusters.blocks import GRID, GRID_M, Blocks, blocks_of
from geo.clusters.residents import Residents
from geo.errors import BadParameterError
from geo.kept import Kept
from geo.looking_back import Moment, driver_of, looking_back
from geo.model import Building
from geo.suppression import Rule
from geo.taxonomy import map_groups
from webmap import db
from webmap.config import current_settings
from webmap.errors import NotAllowedError
from webmap.permissions import current_user, may_somewhere, reach
from webmap.resident_files import shown_residents

RIGHTS: dict[Measure, str] = {"area": "see_staff_values", "tax": "see_tax"}
"""What knowing the exact figures takes."""

KEPT = 8

LARGE = 200_000
"""Pairs of building and industry from which on the table for everybody is made once an hour at most."""


@dataclass(frozen=True)
class Ground:
    """Who sits where, weighed by what a question asks.

    Attributes
    ----------
    question
        As it can be answered: the table for everybody has one grid.
    residents
        What the answer is reckoned of.
    key
        Changes when the residents do, and is another for whoever sees others.
    exact
        Whether it is what staff see; then of so many buildings.
    day
        That of the numbers; of tax the last one of its year.
    unknown, unplaced, left_out
        As in `Amounts` and `Blocks`.
    """

    question: Question
    residents: Residents
    key: object
    exact: bool
    day: date
    unknown: int = 0
    unplaced: float = 0.0
    left_out: int = 0


def may_know(by: Measure, moment: Moment | None = None) -> bool:
    """Whether whoever asks may know the exact figures of a measure anywhere."""
    return by != "enterprises" and not _frozen(moment) and may_somewhere(current_user(), RIGHTS[by])


def ground_of(question: Question, moment: Moment | None, *, whole: bool = False) -> Ground:
    """The residents that a question is answered with, now or at a moment; with `whole` those of all industries.

    Raises
    ------
    NotAllowedError
        Tax is asked for by somebody who is no tax officer.
    BadParameterError
        The table for everybody does not know the industry.
    """
    if question.by == "enterprises":
        opened = shown_residents(db.public_session(), moment)
        day = moment.as_of if moment else opened.today
        return Ground(question, opened.residents, (moment, opened.today, opened.version), False, day)
    if may_know(question.by, moment):
        return _exact(question, moment)
    if question.by == "tax":
        raise NotAllowedError(gettext("按税收看集聚只对税收专员开放。公开的是企业数和用房面积。"))
    return _for_everybody(question, moment, whole)


def blocks_shown(moment: Moment | None) -> tuple[object, Blocks]:
    """The areas that everybody may see: of the last day of the year before; with what changes when they do."""
    today = moment.as_of if moment else current_settings().today()
    day = _year_end(today)
    settings = current_settings()
    rule = Rule(settings.least_contributors, settings.largest_share_pct / 100)
    kept: Kept[object, Blocks] = current_app.extensions.setdefault("loumap_area_blocks", Kept(KEPT))
    # What is known of that day may be corrected, and what may be shown is decided today; in a large city by the hour.
    opened = shown_residents(db.public_session(), None)
    large = len(opened.residents.building) > LARGE
    key = (day, rule, datetime.now(UTC).replace(minute=0, second=0, microsecond=0) if large else opened.version)
    return key, kept.get(key) or kept.keep(key, blocks_of(_areas(Moment(day, datetime.now(UTC)), None), rule))


def _for_everybody(question: Question, moment: Moment | None, whole: bool) -> Ground:
    groups = [group.code for group in map_groups()]
    if question.industry not in groups and not whole:
        raise BadParameterError("industry", question.industry, ", ".join(groups))
    key, blocks = blocks_shown(moment)
    asked = replace(question, kind=GRID, cell_m=float(GRID_M))
    today = moment.as_of if moment else current_settings().today()
    about = blocks.residents if whole else blocks.about(question.industry)
    return Ground(asked, about, (key, whole), False, _year_end(today), left_out=blocks.left_out)


def _exact(question: Question, moment: Moment | None) -> Ground:
    """What is within the reach of whoever asks, kept for a minute."""
    now = datetime.now(UTC)
    today = moment.as_of if moment else current_settings().today()
    ids = db.session().scalars(select(Building.id).where(reach(current_user(), RIGHTS[question.by]))).all()
    within = np.sort(np.array(ids, np.int64))
    kept: Kept[object, Amounts] = current_app.extensions.setdefault("loumap_amounts", Kept(KEPT))
    key = (question.by, moment, today, now.replace(second=0, microsecond=0), within.tobytes())
    found = kept.get(key)
    if found is None:
        if question.by == "area":
            found = _areas(moment or Moment(today, now), within.tolist())
        else:
            with looking_back(driver_of(db.session()), moment, staff=True):
                found = load_taxes(db.session(), today.year - 1, within.tolist(), moment)
        kept.keep(key, found)
    day = today if question.by == "area" else _year_end(today)
    return Ground(question, found.residents, key, True, day, found.unknown, found.unplaced)


def _areas(moment: Moment, within: list[int] | None) -> Amounts:
    # Stays carry their own days: the tables are read as they are, whatever the request looks back to.
    with looking_back(driver_of(db.session()), None):
        return load_areas(driver_of(db.session()), moment, within)


def _year_end(day: date) -> date:
    return date(day.year - 1, 12, 31)


def _frozen(moment: Moment | None) -> bool:
    """Whether a page is that of an instant, which is the same for everybody."""
    return moment is not None and moment.known_at < datetime.now(UTC)
