"""A mail server for tests: takes messages over real SMTP and keeps them."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Conversation(socketserver.StreamRequestHandler):
    """One SMTP session, as far as RFC 5321 asks a client to go."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 test server")
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words.upper().split()[0] if words else ""
            if verb == "RCPT" and any(refused in words for refused in self.server.refuses):
                self._say(f"{self.server.code} no")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.messages.append(self._data())
                self._say("250 kept")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps `messages`; answers `code` to recipients that contain one of `refuses`."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages: list[bytes] = []
        self.refuses: list[str] = []
        self.code = 550

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that listens for a block."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
