"""Programs get clusters as numbers and as shapes, and the document says how."""

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_enterprise, square
from webmap.cluster_schemas import ClusterAnswer


@pytest.fixture
def district(session: Session) -> None:
    """Nine towers, the middle one full of finance."""
    for column, row in np.ndindex(3, 3):
        tower = create_building(session, square(121.45 + column * 0.01, 31.22 + row * 0.009), name=f"{column}{row}楼")
        for number in range(8):
            finance = (column, row) == (1, 1) or number == 0
            create_enterprise(session, tower, industry_group="finance" if finance else "it")


def test_the_numbers_are_those_of_the_page(client: FlaskClient, district: None) -> None:
    answer = client.get("/api/v1/clusters?rings=0")
    found = ClusterAnswer.model_validate(answer.get_json())
    assert (found.industry, found.total, found.everything, found.cells_in_all, found.hot) == ("finance", 16, 72, 9, 1)
    assert found.question == "rings=0"
    hottest = found.cells[0]
    assert (hottest.place, hottest.finding, hottest.here, hottest.all_here) == ("11楼", "hot", 8, 8)
    assert hottest.expected == pytest.approx(8 * 16 / 72)
    assert len(client.get("/api/v1/clusters?limit=2").get_json()["cells"]) == 2
    assert answer.headers["Link"] == '</api/v1/clusters.geojson?rings=0>; rel="alternate"'


def test_the_shapes_hold_their_places(client: FlaskClient, district: None) -> None:
    answer = client.get("/api/v1/clusters.geojson?rings=0")
    assert answer.mimetype == "application/geo+json"
    features = answer.get_json(force=True)["features"]
    assert len(features) == 9
    for feature in features:
        assert feature["properties"]["what"] == "cell"
        assert shapely.geometry.shape(feature["geometry"]).contains(shapely.Point(feature["properties"]["location"]))


def test_nobody_and_nonsense_are_answered_in_words(client: FlaskClient, district: None) -> None:
    nobody = client.get("/api/v1/clusters?industry=A").get_json()
    assert (nobody["total"], nobody["cells"], nobody["gini"]) == (0, [], None)
    for query in ("industry=zz", "cell_m=3", "limit=0", "as_of=never", "least=1"):
        assert client.get(f"/api/v1/clusters?{query}").status_code == 422


def test_the_document_tells_of_clusters(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    asked = {each["name"]: each["schema"] for each in paths["/api/v1/clusters"]["get"]["parameters"]}
    assert {"industry", "cell_m", "reach_m", "limit", "as_of", "known_at"} <= asked.keys()
