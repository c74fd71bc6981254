"""Figures that an office enters: what kinds there are, their sums for buildings and areas, how they are written.

A sum states its period, how tax was counted, and what it lacks: the months of a year add up to the year only when all
are there, so that a calendar year is never a year to date. Nothing is guessed; what two sources say stands side by
side.
"""

from geo.figures.kinds import (
    AXES,
    PLACES,
    SCOPE_ORDER,
    Counted,
    CountingWord,
    FigureKind,
    counting_from_text,
    counting_words,
    figure_kind,
    figure_kind_from_text,
    figure_kinds,
)
from geo.figures.office import OfficeFigure, office_figures
from geo.figures.periods import Period, period_from_text
from geo.figures.place_sums import Contributor, Gap, PlaceSum, SourceSum
from geo.figures.publishing import Decision, Published, decide_year, publish_year, read_published
from geo.figures.sums import Asked, Sums, read_sums, standing_in
from geo.figures.writing import FigureEntry, TargetEntry, enter_figure, said_before, set_target, withdraw

__all__ = [
    "AXES",
    "PLACES",
    "SCOPE_ORDER",
    "Asked",
    "Contributor",
    "Counted",
    "CountingWord",
    "Decision",
    "FigureEntry",
    "FigureKind",
    "Gap",
    "OfficeFigure",
    "Period",
    "PlaceSum",
    "Published",
    "SourceSum",
    "Sums",
    "TargetEntry",
    "counting_from_text",
    "counting_words",
    "decide_year",
    "enter_figure",
    "figure_kind",
    "figure_kind_from_text",
    "figure_kinds",
    "office_figures",
    "period_from_text",
    "publish_year",
    "read_published",
    "read_sums",
    "said_before",
    "set_target",
    "standing_in",
    "withdraw",
]
