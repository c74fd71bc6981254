"""How people correct the district: fields of places with who said so, floors, outlines, splits and mergers of units.

Whatever a person sets is noted (`geo.field_edits`) and stands above what files say until it is released. What dated
facts say of a unit goes through `geo.history`. Nothing here commits.
"""
