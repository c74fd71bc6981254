"""What all pages about one building share: finding it for somebody who may edit it, and the frame around it."""

from typing import Any

from flask import render_template

from geo.editing.authors import author_of
from geo.editing.standing import building_with
from geo.history import Author
from geo.model import Building
from webmap import db
from webmap.permissions import check

RIGHT = "edit_place"


def in_hand(code: str) -> Building:
    """The building of a code, if the signed-in person may edit it; raises as `check` and `building_with` do."""
    found = building_with(db.session(), code)
    check(RIGHT, found)
    return found


def author(building: Building) -> Author:
    """In whose name the signed-in person says something of a building's units and offers."""
    return author_of(db.session(), check(RIGHT, building).id)


def framed(template: str, building: Building, tab: str, **context: Any) -> str:
    """A page about a building with the tabs of all others."""
    return render_template(f"editing/{template}", here="desk", building=building, tab=tab, **context)
