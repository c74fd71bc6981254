"""From the database to a map: where an industry gathers, as a GeoDataFrame and on a folium page.

In a notebook, `frame = clusters(connect(DSN), "it")` and then `drawn(frame)`; from a shell:

    PYTHONPATH=. .venv/bin/python docs/examples/clusters.py \
        "postgresql:///loumap?host=$LOUMAP_DATA/database/run&user=loumap_public" it clusters.html

Run it in the folder of LouMap, while LouMap runs; a notebook begins with `sys.path.insert(0, "…")` of the same folder.
`loumap_public` is the login that reads what the public may see. geopandas comes with `requirements/dev.txt`.
"""

import sys
from datetime import UTC, date, datetime

import folium
import geopandas
from psycopg import Connection, connect

from geo.clusters.analysis import Question, analyse
from geo.clusters.residents import load_residents
from geo.looking_back import Moment

CRS = "EPSG:4326"


def clusters(connection: Connection, industry: str, **how: object) -> geopandas.GeoDataFrame:
    """The cells of the district with what was found in them; `how` is any field of `Question`, such as `cell_m`."""
    residents = load_residents(connection, Moment(date.today(), datetime.now(UTC)))
    found = analyse(residents, Question(industry, **how))
    if found is None:
        return geopandas.GeoDataFrame({"enterprises": []}, geometry=[], crs=CRS)
    columns = {
        "enterprises": found.here,
        "expected": found.expected.round(1),
        "quotient": found.quotient.round(2),
        "z": found.z.round(2),
        "q": found.q,
        "hot": found.hot,
        "cold": found.cold,
    }
    return geopandas.GeoDataFrame(columns, geometry=found.outlines, crs=CRS)


def drawn(frame: geopandas.GeoDataFrame) -> folium.Map:
    """The frame on a page: cells with more than chance explains in red, with less in blue."""
    west, south, east, north = frame.total_bounds
    page = folium.Map(tiles=None)
    folium.GeoJson(
        frame.assign(colour=frame.hot.map({True: "#b2182b", False: "#bdbdbd"}).where(~frame.cold, "#2166ac")),
        style_function=lambda cell: {"color": cell["properties"]["colour"], "weight": 1, "fillOpacity": 0.4},
        tooltip=folium.GeoJsonTooltip(["enterprises", "expected", "quotient", "z"]),
    ).add_to(page)
    page.fit_bounds([[south, west], [north, east]])
    return page


if __name__ == "__main__":
    address, industry, path = sys.argv[1:]
    with connect(address) as opened:
        drawn(clusters(opened, industry)).save(path)
