"""Reports of a month, a quarter or a year: made by the worker, kept as a draft, frozen with a number, published."""
