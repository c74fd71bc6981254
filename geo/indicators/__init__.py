"""What a district is measured by: a dictionary of indicators, and their values with everything they rest on.

`read_record` reads what was known at an instant of all followed buildings; a `Part` of it is an area, a building or
any choice of buildings; `work_out` gives every indicator of a part on a day, `by_building` one of them by building.

    record = read_record(driver_of(session), moment)
    for reckoned in work_out(record.part_in(area.geom), moment.as_of):
        print(reckoned.indicator.name, reckoned.value, reckoned.numerator, reckoned.denominator)
"""

from geo.indicators.dictionary import Indicator, indicators, read_own
from geo.indicators.places import AreaOutline, read_areas
from geo.indicators.reading import read_record
from geo.indicators.reckoning import Reckoned, by_building, reckon, work_out
from geo.indicators.record import Part, Record

__all__ = [
    "AreaOutline",
    "Indicator",
    "Part",
    "Reckoned",
    "Record",
    "by_building",
    "indicators",
    "read_areas",
    "read_own",
    "read_record",
    "reckon",
    "work_out",
]
