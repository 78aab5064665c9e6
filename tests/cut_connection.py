"""A way to Neo4j that breaks off: a TCP proxy on this machine that cuts all connections at one of the client's messages."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

COMMIT = b"\x00\x02\xb0\x12\x00\x00"  # Bolt: a chunk of two bytes, a structure without fields, COMMIT


class Proxy:
    """Takes connections for a server. The first of the client's pieces of which `is_last` is true cuts them all.

    `delivered`: the server still gets that piece, and its answer is lost. `down`: seconds for which no connection is taken afterwards.
    """

    def __init__(self, server: str, is_last: Callable[[bytes], bool], delivered: bool = False, down: float = 0.0) -> None:
        self._server = urlsplit(server)
        self._is_last, self._delivered, self._down = is_last, delivered, down
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.is_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        self.url = f"bolt://127.0.0.1:{self._port}"
        threading.Thread(target=self._take, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        self._down = float("inf")
        self._cut()

    def _take(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection((self._server.hostname, self._server.port))
            with self._lock:
                self._open += [client, server]
            for source, target, is_client in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=(source, target, is_client), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if is_client and not self.is_cut and self._is_last(data):
                    self.is_cut = True
                    if self._delivered:
                        self._answer_lost(target, data)
                    self._cut()
                    if self._down < float("inf"):
                        time.sleep(self._down)
                        self._listener = socket.create_server(("127.0.0.1", self._port))
                        threading.Thread(target=self._take, args=(self._listener,), daemon=True).start()
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _answer_lost(self, server: socket.socket, data: bytes) -> None:
        with self._lock:
            clients = self._open[::2]
        for client in clients:  # before the server can answer
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        server.sendall(data)
        time.sleep(1)  # it commits

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open = []


@contextmanager
def cutting(server: str, is_last: Callable[[bytes], bool], **options) -> Iterator[Proxy]:
    proxy = Proxy(server, is_last, **options)
    try:
        yield proxy
    finally:
        proxy.close()


def nth(n: int, wanted: Callable[[bytes], bool] = lambda data: True) -> Callable[[bytes], bool]:
    """True of the n-th piece that is wanted."""
    seen = 0

    def is_last(data: bytes) -> bool:
        nonlocal seen
        seen += wanted(data)
        return seen >= n

    return is_last
