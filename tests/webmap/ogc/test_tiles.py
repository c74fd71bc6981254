"""Vector tiles of collections, under addresses that a client makes by itself."""

from itertools import pairwise

import mapbox_vector_tile
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import HERE, create_building
from tests.secrets_planted import tile_of


def test_a_client_makes_the_address_of_a_tile_out_of_the_template(client: FlaskClient, session: Session) -> None:
    create_building(session)
    told = client.get("/ogc/collections/buildings/tiles/WebMercatorQuad").get_json()
    (template,) = [each["href"] for each in told["links"] if each.get("templated")]
    column, row = tile_of(*HERE, 16)
    address = template.format(tileMatrix=16, tileRow=row, tileCol=column)
    answer = client.get(address)
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    layer = mapbox_vector_tile.decode(answer.data)[told["layers"][0]["id"]]
    assert [each["properties"]["name"] for each in layer["features"]] == ["云澜大厦"]
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


def test_matrices_halve_from_one_to_the_next(client: FlaskClient) -> None:
    (listed,) = client.get("/ogc/tileMatrixSets").get_json()["tileMatrixSets"]
    matrices = client.get(listed["links"][0]["href"]).get_json()["tileMatrices"]
    assert all(far["cellSize"] == 2 * near["cellSize"] for far, near in pairwise(matrices))
    assert [each["matrixWidth"] for each in matrices[:3]] == [1, 2, 4]


def test_tiles_that_there_are_not_are_answered_404(client: FlaskClient) -> None:
    for path in ("units/tiles", "buildings/tiles/WebMercatorQuad/9/1/1", "buildings/tiles/WebMercatorQuad/16/99999/1"):
        assert client.get(f"/ogc/collections/{path}").status_code == 404
