"""GDAL reads, filters and projects the collections of a running site, and reads its vector tiles.

    python3 bench/clients/with_gdal.py http://127.0.0.1:8000/ogc

Needs the Debian packages gdal-bin and python3-gdal. Prints what held, and ends with 1 where something did not.
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

COLLECTIONS = ("buildings", "units", "areas", "amenities", "clusters")


def main(root: str) -> int:
    """Check everything; gives the exit status."""
    checks = [
        ("every collection is listed", lists_all(root)),
        ("as many features as the server counts", counts_agree(root)),
        ("a box finds what the server finds", box_agrees(root)),
        ("a condition finds what the server finds", condition_agrees(root)),
        ("a copy in CGCS2000, zone 40, lies where the original does", projects(root)),
        ("vector tiles are read", reads_tiles(root)),
    ]
    for what, held in checks:
        print(f"{'holds' if held else 'FAILS'}: {what}")
    return 0 if all(held for _, held in checks) else 1


def lists_all(root: str) -> bool:
    """Whether `ogrinfo` names the collections."""
    told = run("ogrinfo", f"OAPIF:{root}")
    return all(f": {name} " in told for name in COLLECTIONS)


def counts_agree(root: str) -> bool:
    """Whether a walk through all pages sees every feature once."""
    for name in COLLECTIONS:
        codes = [each["properties"]["code"] for each in read(root, name, "-oo", "PAGE_SIZE=500")]
        if not len(codes) == len(set(codes)) == asked(root, name, "limit=1")["numberMatched"]:
            return False
    return True


def box_agrees(root: str) -> bool:
    """Whether a spatial filter is the server's bbox."""
    west, south, east, north = extent(root)
    box = (west, south, (west + east) / 2, (south + north) / 2)
    wanted = asked(root, "buildings", f"limit=1&bbox={','.join(map(str, box))}")["numberMatched"]
    return 0 < wanted == len(read(root, "buildings", "-spat", *map(str, box)))


def condition_agrees(root: str) -> bool:
    """Whether an attribute filter gives what the same filter in CQL2 gives."""
    condition = "grade = 'a' AND height_m > 60"
    wanted = asked(root, "buildings", f"limit=1&filter={quote(condition)}")["numberMatched"]
    return 0 < wanted == len(read(root, "buildings", "-where", condition))


def projects(root: str) -> bool:
    """Whether GDAL's own projection of our degrees is the server's answer in that system."""
    system = "http://www.opengis.net/def/crs/EPSG/0/4528"
    (ours,) = asked(root, "units", f"limit=1&crs={system}")["features"]
    code = ours["properties"]["code"]
    (theirs,) = read(root, "units", "-where", f"code = '{code}'", "-s_srs", "EPSG:4490", "-t_srs", "EPSG:4528")
    northing, easting = ours["geometry"]["coordinates"]
    x, y = theirs["geometry"]["coordinates"]
    return abs(x - easting) < 0.01 and abs(y - northing) < 0.01


def reads_tiles(root: str) -> bool:
    """Whether the MVT driver finds buildings in a tile in the middle of the city."""
    west, south, east, north = extent(root)
    column, row = tile_at((west + east) / 2, (south + north) / 2, 14)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "tile.mvt")
        address = f"{root}/collections/buildings/tiles/WebMercatorQuad/14/{row}/{column}"
        with urlopen(address, timeout=60) as answer:
            path.write_bytes(answer.read())
        return "buildings" in run("ogrinfo", "-q", str(path))


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile that holds a place."""
    across = (lon + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int(across * 2**zoom), int(down * 2**zoom)


def extent(root: str) -> list[float]:
    """West, south, east, north of the buildings."""
    with urlopen(f"{root}/collections/buildings", timeout=60) as answer:
        box: list[float] = json.load(answer)["extent"]["spatial"]["bbox"][0]
        return box


def asked(root: str, name: str, query: str) -> dict:
    """What the server itself says."""
    with urlopen(f"{root}/collections/{name}/items?{query}", timeout=60) as answer:
        return json.load(answer)


def read(root: str, name: str, *options: str) -> list[dict]:
    """The features that GDAL reads, as GeoJSON; coordinates of other systems as they are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "read.geojson")
        run("ogr2ogr", "-f", "GeoJSON", str(path), f"OAPIF:{root}", name, *options)
        return json.loads(path.read_text("utf-8"))["features"]


def run(*command: str) -> str:
    """What a program prints; it must not fail."""
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
