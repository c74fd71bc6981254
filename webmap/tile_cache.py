"""Tiles that are ready to be sent, within a number of bytes.

Looking one up takes no lock: a dict is read and a flag is set. Whoever adds one makes room, oldest first, but lets
those go round once more that were asked for since (a second chance).
"""

import threading

from webmap import metrics
from webmap.tile_answers import TileAddress, TileAnswer

OWN_BYTES = 1000
"""What a tile takes in memory beside its body: key, headers, objects."""


class TileCache:
    """Ready tiles by path and filters; of each layer the newest version alone, and what was asked for of the past."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._ready: dict[tuple[str, str], TileAnswer] = {}
        self._size = 0
        self._newest: dict[str, int] = {}
        self._lock = threading.Lock()
        self.get = self._ready.get
        """The tile kept under a key, or None."""

    def keep(self, address: TileAddress, answer: TileAnswer) -> TileAnswer:
        """Keep a tile that has just been read; gives the one that is kept."""
        with self._lock:
            if address.moment is None and not self._is_newest(address):
                return answer
            found = self._ready.setdefault(address.key, answer)
            if found is answer:
                self._size += _size(answer)
                self._make_room()
                metrics.tiles_held(self._size)
        return found

    def _is_newest(self, address: TileAddress) -> bool:
        """Whether a tile of the present is of the newest version that was seen; older ones of its layer are dropped."""
        newest = self._newest.get(address.layer, 0)
        if address.version > newest:
            self._newest[address.layer] = address.version
            self._drop(address.layer)
        return address.version >= newest

    def _drop(self, layer: str) -> None:
        for key, answer in list(self._ready.items()):
            if answer.layer == layer and not answer.of_past:
                self._size -= _size(self._ready.pop(key))

    def _make_room(self) -> None:
        dropped = 0
        while self._size > self._limit and len(self._ready) > 1:
            key = next(iter(self._ready))
            answer = self._ready.pop(key)
            if answer.used:
                answer.used = False
                self._ready[key] = answer
            else:
                self._size -= _size(answer)
                dropped += 1
        if dropped:
            metrics.tiles_evicted(dropped)


def _size(answer: TileAnswer) -> int:
    return len(answer.gzipped) + OWN_BYTES
