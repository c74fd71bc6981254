"""What PostgreSQL sends for a COPY, as a file that is read piece by piece."""

from psycopg import Copy


class Sent:
    """A file that Arrow reads from; no more than is asked for is held."""

    closed = False

    def __init__(self, copy: Copy) -> None:
        self._copy, self._waiting = iter(copy), bytearray()

    def read(self, size: int = -1) -> bytes:
        """The next bytes, all of them by default; nothing at the end."""
        waiting = self._waiting
        while not self.closed and (size < 0 or len(waiting) < size):
            data = next(self._copy, None)
            if data is None:
                break
            waiting += data
        taken = bytes(memoryview(waiting)[: size if size >= 0 else None])
        del waiting[: len(taken)]
        return taken

    def readable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Take no more."""
        self.closed = True
