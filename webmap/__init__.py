"""LouMap on the web: what people do with what is true of the district."""
