"""The service as a browser meets it: uvicorn on a free port of this machine, and a page that fails its test on anything that the browser complains of.

`tests/conftest.py` takes the fixtures over: a conftest of a folder would hide that one from `from conftest import …`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# A page of the explorer that is whole: nothing of it is still looked up.
DRAWN = "main:not([aria-busy], :has([aria-busy])) > h1"


@contextmanager
def running(url: str, local: bool = True) -> Iterator[str]:
    """The address of a service over the graph at `url`, until the block is left; `local` as of create_app."""
    import uvicorn

    from api.app import create_app
    from api.serving import config_of

    server = uvicorn.Server(config_of(create_app(url, local), host="127.0.0.1", port=0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        time.sleep(0.02)
    yield "http://127.0.0.1:{}".format(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def live_graph(tmp_path_factory):
    """The path of the graph that is served: the samples, with the paths at which their files are found again."""
    from api import jobs
    from api.demo import SAMPLES

    url = str(tmp_path_factory.mktemp("live") / "graph.lbug")
    jobs.ingest_files(jobs.list_files([str(SAMPLES)]), url, False, jobs.Failures(), lambda path: None)
    return url


@pytest.fixture(scope="session")
def live_url(live_graph):
    """The address of a service over the samples."""
    with running(live_graph) as address:
        yield address


@pytest.fixture
def live_store(live_graph):
    """What is served, to be read."""
    from graph.store import open_store

    with open_store(live_graph) as opened:
        yield opened


@pytest.fixture
def page(browser, live_url, request):
    """A page that knows the service's address, so that `page.goto("/units")` will do; `page.expected` takes words of complaints that a test means to cause.

    An indirect parameter is a dict of options of the browser's context.
    """
    options = {"base_url": live_url, "viewport": {"width": 1360, "height": 900}, "locale": "en-GB", "accept_downloads": True} | getattr(request, "param", {})
    context = browser.new_context(**options)
    opened = context.new_page()
    complaints: list[str] = []
    opened.expected = []
    opened.on("console", lambda message: message.type in ("error", "warning") and complaints.append(f"{message.text} {message.location.get('url', '')}"))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda sent: sent.url.startswith((live_url, "data:", f"blob:{live_url}")) or complaints.append(f"another host was asked: {sent.url}"))
    opened.add_init_script("addEventListener('securitypolicyviolation', event => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))")
    yield opened
    context.close()
    unexpected = [line for line in complaints if not any(words in line for words in opened.expected)]
    assert unexpected == [], "\n".join(unexpected)
