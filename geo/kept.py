"""A few things kept in memory: those used last, for all threads of a process."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Kept(Generic[Key, Thing]):
    """At most `most` things; the one not asked for longest makes room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Key, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Thing | None:
        """The thing kept under `key`."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key]

    def keep(self, key: Key, thing: Thing, *, instead_of: Thing | None = None) -> Thing:
        """Keep `thing`, or the one that somebody else kept meanwhile; gives the one that is kept.

        `instead_of` is what was kept before and shall be no more.
        """
        with self._lock:
            if instead_of is not None and self._things.get(key) is instead_of:
                del self._things[key]
            found = self._things.setdefault(key, thing)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        return found
