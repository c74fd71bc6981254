"""Staff create and correct buildings and what belongs to them, under `/desk/places`, and see who said what of them."""
