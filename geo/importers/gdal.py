"""GDAL with the few drivers that imports need, for the modules that read through it.

It looks at a file with every driver it has, some of which open other files or addresses that the file names. Which to
leave out it has to be told before it is loaded.
"""

import os

_UNWANTED = """
    ADBC AIVector AVCBin AVCE00 AmigoCloud CSV CSW Carto DGN DXF EDIGEO EEDA ESRIJSON Elasticsearch GDALG GML GPSBabel
    GPX GTFS GeoRSS HTTP Idrisi JML JSONFG KML LIBKML LVBAG MBTiles MVT MapML MiraMonVector NGW OAPIF ODS OGCAPI OGR_GMT
    OGR_PDS OGR_VRT OSM OpenFileGDB PCIDSK PDF PDS4 PGDUMP PLSCENES PMTiles S57 SQLite SXF Selafin TopoJSON VDV VFK
    VICAR WAsP WFS XLSX"""
os.environ.setdefault("OGR_SKIP", ",".join([*_UNWANTED.split(), "MapInfo File"]))

import pyogrio  # noqa: E402
from pyogrio.errors import DataLayerError, DataSourceError  # noqa: E402
from pyogrio.raw import open_arrow  # noqa: E402

__all__ = ["DataLayerError", "DataSourceError", "open_arrow", "pyogrio"]
