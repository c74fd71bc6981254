"""A district that fits into one file: what visitors may read of it, in pieces that a page is written from."""

from geo.exports.offline.asking import Asking
from geo.exports.offline.district import District, Tower, read_district
from geo.exports.offline.payload import payload

__all__ = ["Asking", "District", "Tower", "payload", "read_district"]
