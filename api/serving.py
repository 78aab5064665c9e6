"""The server of the HTTP service: its limits on connections, its log."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.access import is_loopback
from api.app import create_app
from api.limits import HEAD_BYTES
from api.observed import answer_to_malformed
from graph.errors import CannotListen

CONNECTIONS = 200  # at once; more are answered with 503
HEAD_SECONDS = 10.0  # for them to arrive
IDLE_SECONDS = 5  # between two requests of a connection
STUCK_SECONDS = 60  # for which a client may take nothing of what it is sent
TRIM_SECONDS = 10.0  # between two times that freed memory is given back to the system
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
STOP_SECONDS = 10  # for requests under way when the service is stopped


class Guarded(H11Protocol):
    """uvicorn's own waits without end for the first request of a connection, and for the rest of one that began; and it answers
    what is no HTTP by itself, without our headers and with a line of its own in the log."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._time_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._time_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_timer()

    def send_400_response(self, msg: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete:  # it is the body of a request, which is logged as one whose client left
            self.cycle.disconnected = True
            self.transport.close()
            return
        headers, body = answer_to_malformed(self.config.app.state.metrics)
        for event in (h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request"), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing: what the line would advise to install is left out on purpose."""

    def _time_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_timer()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


def _is_ours_to_tell(record: logging.LogRecord) -> bool:
    return record.msg != "Invalid HTTP request received."  # has a line with its number


def config_of(app: FastAPI, **options: Any) -> uvicorn.Config:
    """How the service is run; `options` are uvicorn's own."""
    logging.getLogger("uvicorn.error").addFilter(_is_ours_to_tell)
    return uvicorn.Config(
        app, http=Guarded, ws="none", limit_concurrency=CONNECTIONS, h11_max_incomplete_event_size=HEAD_BYTES, timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS, server_header=False, access_log=False, log_config=None, **options)


def serve_app(url: str, host: str, port: int, say: Callable[[], None]) -> None:
    """Serve a graph until interrupted; `say` is called when the port is taken. Raises CannotListen."""
    app = create_app(url, is_loopback(host))
    # With its protocol named: asyncio sends without waiting (TCP_NODELAY) only then, and a short answer would take 40 ms more.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections have it from the socket that takes them
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_SECONDS * 1000)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(host, port, error.strerror or error) from None
    _log_requests()
    _give_back_memory()
    say()
    uvicorn.Server(config_of(app)).run(sockets=[listener])


def _give_back_memory() -> None:
    """glibc gives each thread a heap of its own and keeps what is freed in it: after a while a service holds twice what it uses."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "malloc_trim"):  # another C library
        return
    libc.mallopt(_ARENA_MAX, 2)

    def trim() -> None:
        while True:
            time.sleep(TRIM_SECONDS)
            libc.malloc_trim(0)

    threading.Thread(target=trim, daemon=True, name="trim").start()


def _log_requests() -> None:
    """Lines on standard error: one a request, and what goes wrong."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING)
    logging.getLogger("api").setLevel(logging.INFO)
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # its warnings hold bytes of what was sent
