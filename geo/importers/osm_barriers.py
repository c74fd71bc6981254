"""What OpenStreetMap's `barrier` tags mean to people on foot: lines that stop them, gates that do or do not."""

from collections.abc import Mapping

Tags = Mapping[str, str]

WALLS = frozenset(
    {"wall", "city_wall", "retaining_wall", "fence", "wire_fence", "railing", "hedge", "guard_rail", "jersey_barrier",
     "cable_barrier", "noise_barrier"}
)  # fmt: skip
"""Lines that nobody on foot passes but at an opening. Kerbs, chains, rows of bollards and ditches are none."""

_GATES = frozenset({"gate", "lift_gate", "swing_gate", "sliding_gate", "wicket_gate", "hampshire_gate", "yes"})
"""Points that are passed unless something says that they are closed."""
_PASSABLE = frozenset(
    {"bollard", "entrance", "stile", "kissing_gate", "turnstile", "cycle_barrier", "motorcycle_barrier", "block",
     "cattle_grid", "height_restrictor", "toll_booth", "chain", "log", "planter", "sally_port", "checkpoint"}
)  # fmt: skip
"""Points that stop vehicles; `access` speaks of those, only `foot` of walkers."""
_ALLOWED = frozenset({"yes", "designated", "permissive", "official", "destination", "customers"})
_FORBIDDEN = frozenset({"no", "private", "use_sidepath"})
_CLOSED = frozenset({"no", "private", "military", "agricultural", "forestry", "delivery"})
_ABOVE_GROUND = frozenset({"roof", "rooftop", "overhead", "underground", "indoor"})


def wall_of(tags: Tags) -> str | None:
    """Return what sort of wall, fence or hedge on the ground a line is, None when it stops nobody there."""
    kind = tags.get("barrier")
    elsewhere = tags.get("location") in _ABOVE_GROUND or tags.get("indoor", "no") != "no"
    return kind if kind in WALLS and not elsewhere and tags.get("foot") not in _ALLOWED else None


def gate_of(tags: Tags) -> bool | None:
    """Say whether people on foot pass a barrier of one point, None when the tags name none."""
    kind = tags.get("barrier")
    if kind not in WALLS | _GATES | _PASSABLE:
        return None
    foot = tags.get("foot")
    if foot in _ALLOWED or foot in _FORBIDDEN:
        return foot in _ALLOWED
    shut = tags.get("access") in _CLOSED or tags.get("locked") == "yes"
    return kind in _PASSABLE or (kind in _GATES and not shut)


def stated_layer(tags: Tags) -> int:
    """Return the layer that the tags name, 0 where they name none."""
    stated = tags.get("layer", "").strip()
    return int(stated) if stated.removeprefix("-").isdecimal() and len(stated) < 3 else 0
