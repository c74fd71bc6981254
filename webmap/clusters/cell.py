"""One cell of the answer: its numbers, who is there, and how many were over the last twelve months."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import shapely
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.clusters.analysis import Findings
from geo.clusters.place import Firm, Then, counts_over, firms_in
from geo.clusters.residents import MICRODEGREES
from geo.exports.svg_chart import Point, draw_chart
from geo.looking_back import Moment, driver_of
from webmap import cluster_findings
from webmap.cluster_findings import CellFound
from webmap.numbers import number
from webmap.resident_files import shown_residents

MOST_FIRMS = 50


@dataclass(frozen=True, slots=True)
class CellPage:
    """What the page of a cell shows; of `firms` at most `MOST_FIRMS`."""

    cell: CellFound
    firms: list[Firm]
    months: list[Then]
    chart: Markup


def read(session: Session, found: Findings, at: int, moment: Moment | None) -> CellPage:
    """The cell of a number with its enterprises and months: those that everybody may know, whatever is counted."""
    opened = shown_residents(session, moment)
    then = moment or Moment(opened.today, datetime.now(UTC))
    points = shapely.points(*(side / MICRODEGREES for side in (opened.residents.lon, opened.residents.lat)))
    buildings = opened.residents.building_ids[shapely.intersects(found.outlines[at], points)].tolist()
    industries = opened.residents.named(found.question.industry)
    connection = driver_of(session)
    months = counts_over(connection, buildings, industries, then)
    [cell] = cluster_findings.told(session, found, np.array([at]))
    firms = firms_in(connection, buildings, industries, then, MOST_FIRMS)
    return CellPage(cell, firms, months, _chart(months))


def _chart(months: list[Then]) -> Markup:
    points = [Point(f"{each.day:%Y-%m}", each.here) for each in months]
    return Markup(draw_chart(points, title=gettext("本格的企业数，月末"), say=lambda n: number(round(n))))
