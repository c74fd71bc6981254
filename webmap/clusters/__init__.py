"""The page of clusters: where an industry gathers, by which method, with every number it rests on."""
