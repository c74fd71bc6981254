"""The one writer of dated facts: what holds of units and offers from a day on, and who says so.

Every function takes the lock that freezing a report waits for, locks the units it writes, closes what was held before
instead of overwriting it, and writes the present state of `units` in the same transaction. None commits.
"""

from geo.history.authors import Author
from geo.history.locks import alone_with_history, lock_units, share_writing
from geo.history.offers import Published, change_offer, publish_offer, withdraw_offer
from geo.history.planning import UnitChange
from geo.history.present import write_present
from geo.history.reading import PresentState, present_states
from geo.history.rivals import Rival, promises_of, rivals_of
from geo.history.states import change_unit, change_units, confirm_units, overtaken, verify_units
from geo.history.undoing import (
    can_undo,
    undo_confirmations,
    undo_entry,
    undo_offer,
    undo_offers_since,
    undo_states,
)
from geo.history.unit_offers import UnitOffer, offer_units
from geo.history.values import CONTRACTS, OCCUPANCIES, UNIT_USES

__all__ = [
    "CONTRACTS",
    "OCCUPANCIES",
    "UNIT_USES",
    "Author",
    "PresentState",
    "Published",
    "Rival",
    "UnitChange",
    "UnitOffer",
    "alone_with_history",
    "can_undo",
    "change_offer",
    "change_unit",
    "change_units",
    "confirm_units",
    "lock_units",
    "offer_units",
    "overtaken",
    "present_states",
    "promises_of",
    "publish_offer",
    "rivals_of",
    "share_writing",
    "undo_confirmations",
    "undo_entry",
    "undo_offer",
    "undo_offers_since",
    "undo_states",
    "verify_units",
    "withdraw_offer",
    "write_present",
]
