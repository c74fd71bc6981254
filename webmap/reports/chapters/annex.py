"""附表：楼宇一览: every building with its main numbers, as far as a table can be read; all of them in the annex."""

from collections.abc import Iterator

from flask_babel import gettext

from geo.reports.blocks import Block
from webmap import numbers
from webmap.reports.telling import Matter, paragraph, places

MOST = 120
"""Rows that anybody turns over; a district of more has the workbook."""

COLUMNS = ("leasable_area", "occupancy_rate", "vacant_area", "long_vacant_share", "residents", "industry_concentration")


def write(matter: Matter) -> Iterator[Block]:
    """The chapter's blocks."""
    rows = sorted(matter.buildings, key=lambda each: (-(each.values.get("leasable_area") or 0), each.code))
    n = numbers.number(len(rows))
    if len(rows) > MOST:
        yield paragraph(
            gettext("运营楼宇 %(n)s 幢，这里列可租售面积最大的 %(most)s 幢，全部见数据附件。", n=n, most=MOST)
        )
    else:
        yield paragraph(gettext("运营楼宇 %(n)s 幢，按可租售面积排列；更多指标见数据附件。", n=n))
    yield from places(matter, rows[:MOST], COLUMNS, gettext("楼宇一览"), ranked=True)
