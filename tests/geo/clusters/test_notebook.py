"""The documented way from the database to a map in a notebook runs as it is written."""

import runpy
from pathlib import Path

from sqlalchemy.orm import Session

from geo.looking_back import driver_of
from tests.factories import create_building, create_enterprise, square

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "clusters.py"


def test_clusters_come_as_a_frame_and_as_a_page(session: Session) -> None:
    for number in range(4):
        building = create_building(session, square(121.47 + number / 100))
        for firm in range(12):
            create_enterprise(session, building, industry_group="it" if number == 0 or firm == 0 else "finance")
    example = runpy.run_path(str(EXAMPLE))
    frame = example["clusters"](driver_of(session), "it", cell_m=300.0, rings=0)
    assert (frame.enterprises.sum(), len(frame), frame.crs.to_epsg()) == (15, 4, 4326)
    assert frame[frame.hot].enterprises.tolist() == [12]
    page = example["drawn"](frame).get_root().render()
    assert "#b2182b" in page
    assert example["clusters"](driver_of(session), "catering").empty
