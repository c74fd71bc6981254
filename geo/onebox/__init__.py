"""One box for everything with a name: an index that is sorted once and shared by all processes, and search in it."""

from geo.onebox.finding import Found, find
from geo.onebox.index import Index, open_index
from geo.onebox.making import ENTERPRISES, LAYERS, PLACES, make

__all__ = ["ENTERPRISES", "LAYERS", "PLACES", "Found", "Index", "find", "make", "open_index"]
