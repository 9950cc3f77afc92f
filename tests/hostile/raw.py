"""A host that writes bytes as it likes, where no HTTP server would."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

Writes = Callable[[], Iterator[bytes]]
LONGEST = 400_000_000  # bytes of one answer: whoever takes more has no bound


@contextmanager
def running_raw(answers: Mapping[str, Writes]) -> Iterator[str]:
    """Answer each path by what its function yields, then close; all else is a 404. The base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:  # closed
                    return
                threading.Thread(target=_answer, args=(connection, answers), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)


def _answer(connection: socket.socket, answers: Mapping[str, Writes]) -> None:
    with connection, suppress(OSError):  # the client has seen enough
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := connection.recv(65536)):
                return
            head += more
        path = head.split(b" ", 2)[1].decode()
        sent = 0
        for piece in answers.get(path, _not_found)():
            connection.sendall(piece)
            sent += len(piece)
            if sent > LONGEST:
                return


def _not_found() -> Iterator[bytes]:
    yield b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
