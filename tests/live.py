"""The service as a browser meets it: uvicorn on a free port of this machine, over a graph of the samples."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from api.app import create_app


@contextmanager
def running(url: str) -> Iterator[str]:
    """The address of a service over the graph at `url`, until the block is left."""
    server = uvicorn.Server(uvicorn.Config(create_app(url, local=True), host="127.0.0.1", port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        time.sleep(0.02)
    yield "http://127.0.0.1:{}".format(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join()
