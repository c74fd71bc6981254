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

    def keep(self, key: Key, thing: Thing) -> Thing:
        """Keep `thing`, or the one that somebody else kept meanwhile; gives the one that is kept."""
        with self._lock:
            found = self._things.setdefault(key, thing)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        return found
