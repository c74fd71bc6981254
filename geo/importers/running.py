"""The import run under way, and the one thread that writes to its connection while the next rows are being read."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from psycopg import Connection
from psycopg.rows import TupleRow

Work = Callable[[Connection[TupleRow]], object]


class Run:
    """The run under way: its row in `import_runs`, its source, and the connection in its one transaction.

    What is written `in_background` is done in turn by a thread. The connection is given out only when nothing is being
    written, so that nobody else can speak on it in between; an error of the thread is raised there.
    """

    def __init__(self, id: int, source_id: int, publishable: bool, connection: Connection[TupleRow]) -> None:
        self.id, self.source_id, self.publishable = id, source_id, publishable
        self._connection = connection
        self._thread: ThreadPoolExecutor | None = None
        self._writing: Future[object] | None = None

    @property
    def connection(self) -> Connection[TupleRow]:
        """The connection, once what was being written in the background has been."""
        self.wait()
        return self._connection

    def wait(self) -> None:
        """Wait for what is being written; raises what went wrong there."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def in_background(self, work: Work) -> None:
        """Have a thread do something with the connection, after what it was given before; call `close` in the end."""
        connection = self.connection
        self._thread = self._thread or ThreadPoolExecutor(1, "import")
        self._writing = self._thread.submit(work, connection)

    def close(self) -> None:
        """Wait for the thread, whatever has become of its work; the connection can then be rolled back."""
        if self._thread is not None:
            self._thread.shutdown()
