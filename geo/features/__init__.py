"""Collections of features as programs for maps read them: pages of GeoJSON, one feature, extents, other coordinates."""
