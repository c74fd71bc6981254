"""OGC API at /ogc: features, filters, coordinate systems and vector tiles for QGIS, GDAL, ArcGIS and scripts."""
