"""QGIS without a screen reads, filters and draws the collections and tiles of a running site.

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 bench/clients/with_qgis.py http://127.0.0.1:8000/ogc picture.png

Needs the Debian packages qgis and python3-qgis (3.22 or newer). Prints what held, writes what was drawn, and ends
with 1 where something did not.
"""

import json
import sys
import tempfile
from urllib.parse import quote
from urllib.request import urlopen

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

DRAWN_IN = (4490, 3857, 4526)


def main(root: str, picture: str) -> int:
    """Check everything; gives the exit status."""
    layers = {name: opened(root, name) for name in ("buildings", "units", "areas", "amenities", "clusters")}
    checks = [
        ("every collection opens", all(layer.isValid() for layer in layers.values())),
        ("fields have their types", has_types(layers["buildings"])),
        ("all features are read", reads_all(root, layers["areas"], "areas")),
        ("a box finds what the server finds", box_agrees(root, layers["buildings"])),
        ("a condition finds what the server finds", condition_agrees(root)),
        ("outlines are drawn", draws(layers["buildings"], picture)),
        *(
            (f"outlines are drawn in EPSG:{code}", draws(layers["buildings"], suffixed(picture, code), code=code))
            for code in DRAWN_IN
        ),
        ("vector tiles open", tiles(root).isValid()),
        ("vector tiles are drawn", draws(tiles(root), suffixed(picture, "tiles"), layers["buildings"])),
    ]
    for what, held in checks:
        print(f"{'holds' if held else 'FAILS'}: {what}")
    return 0 if all(held for _, held in checks) else 1


def opened(root: str, name: str, condition: str = "") -> QgsVectorLayer:
    """A collection as QGIS opens it from its dialogue."""
    asked = f" sql=SELECT * FROM {name} WHERE {condition}" if condition else ""
    return QgsVectorLayer(f"url='{root}' typename='{name}' pageSize='500'{asked}", name, "OAPIF")


def has_types(layer: QgsVectorLayer) -> bool:
    """Whether numbers, texts, days and yes or no came as such."""
    types = {field.name(): field.typeName().lower() for field in layer.fields()}
    wanted = {"name": "string", "height_m": "real", "floors_above": "integer", "managed": "bool"}
    return all(kind in types.get(name, "") for name, kind in wanted.items())


def reads_all(root: str, layer: QgsVectorLayer, name: str) -> bool:
    """Whether every feature comes once."""
    codes = [feature["code"] for feature in layer.getFeatures()]
    return len(codes) == len(set(codes)) == matched(root, name, "")


def box_agrees(root: str, layer: QgsVectorLayer) -> bool:
    """Whether a request for a rectangle gives what the server's bbox gives."""
    whole = layer.extent()
    part = QgsRectangle(whole.xMinimum(), whole.yMinimum(), whole.center().x(), whole.center().y())
    found = sum(1 for _ in layer.getFeatures(QgsFeatureRequest(part).setFlags(QgsFeatureRequest.ExactIntersect)))
    sides = (part.xMinimum(), part.yMinimum(), part.xMaximum(), part.yMaximum())
    return 0 < found == matched(root, "buildings", f"bbox={','.join(map(repr, sides))}")


def condition_agrees(root: str) -> bool:
    """Whether a filter of a layer gives what the same in CQL2 gives."""
    layer, condition = opened(root, "buildings"), '"grade" = \'a\' AND "height_m" > 60'
    found = sum(1 for _ in layer.getFeatures(QgsFeatureRequest().setFilterExpression(condition)))
    return 0 < found == matched(root, "buildings", f"filter={quote(condition)}")


def tiles(root: str) -> QgsVectorTileLayer:
    """The vector tiles of buildings."""
    address = f"{root}/collections/buildings/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"
    return QgsVectorTileLayer(f"type=xyz&url={quote(address, safe='')}&zmin=10&zmax=16", "tiles")


def suffixed(picture: str, what: object) -> str:
    """The name of another picture beside it."""
    return picture.replace(".png", f"-{what}.png")


def draws(layer: object, picture: str, within: object = None, code: int = 4326) -> bool:
    """Whether a picture of the layer in a coordinate system has something on it."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    system, shown = QgsCoordinateReferenceSystem(f"EPSG:{code}"), within or layer
    settings.setDestinationCrs(system)
    settings.setExtent(QgsCoordinateTransform(shown.crs(), system, QgsProject.instance()).transform(shown.extent()))
    settings.setOutputSize(QSize(1000, 800))
    settings.setBackgroundColor(QColor("white"))
    settings.setTransformContext(QgsProject.instance().transformContext())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    paper = QColor("white").rgb()
    return sum(image.pixel(x, y) != paper for x in range(0, 1000, 5) for y in range(0, 800, 5)) > 100


def matched(root: str, name: str, query: str) -> int:
    """How many features the server counts."""
    with urlopen(f"{root}/collections/{name}/items?limit=1&{query}", timeout=60) as answer:
        return int(json.load(answer)["numberMatched"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        application = QgsApplication([], False, home)
        application.initQgis()
        status = main(sys.argv[1].rstrip("/"), sys.argv[2])
        application.exitQgis()
    sys.exit(status)
