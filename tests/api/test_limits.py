"""Slow, huge and malformed requests over raw sockets: each is cut off, and the next one is answered."""

from __future__ import annotations

import json
import logging
import re
import socket
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from live import running
from served import assert_problem, serving

from api import limits, serving as server
from graph.store import open_store

pytestmark = pytest.mark.slow
TOKEN = "Authorization: Bearer right"


@pytest.fixture
def address(tmp_path, monkeypatch):
    """A service over an empty graph, with limits that a test can wait for."""
    monkeypatch.setenv("POLICYGRAPH_TOKEN", "right")
    for module, name, value in ((server, "HEAD_SECONDS", 0.5), (server, "CONNECTIONS", 12), (limits, "SECONDS", 1.0), (limits, "UPLOAD_SECONDS", 1.0), (limits, "SILENCE", 0.5)):
        monkeypatch.setattr(module, name, value)
    url = str(tmp_path / "graph.lbug")
    open_store(url, "create").close()
    with running(url) as address:
        yield address


@contextmanager
def connected(address: str):
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        yield connection


def head(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", TOKEN, *headers, "", ""]).encode()


def rest_of(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    found = b""
    try:
        while piece := connection.recv(1 << 16):
            found += piece
    except ConnectionResetError:
        pass
    return found


def answer_of(connection: socket.socket) -> tuple[int, dict]:
    """Status and problem of an answer after which the server closes."""
    top, _, body = rest_of(connection).partition(b"\r\n\r\n")
    assert b"connection: close" in top.lower() and b"x-request-id:" in top.lower() and b"content-security-policy:" in top.lower()
    return int(top.split()[1]), json.loads(body)


def assert_answers(address: str) -> None:
    with connected(address) as connection:
        connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert rest_of(connection).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("path", ["/api/verdicts", "/api/documents", "/api/nothing", "/api/plans"])
def test_a_body_that_is_told_to_be_huge(address, path):
    """It must be refused before the first byte of it is taken."""
    with connected(address) as connection:
        connection.sendall(head(path, f"Content-Length: {1 << 40}"))
        status, told = answer_of(connection)
    assert (status, told["status"], told["title"]) == (413, 413, "The request is too large")
    assert_answers(address)


def test_a_body_in_chunks_without_end(address, monkeypatch):
    """Without a length told the limit would be passed unseen, and the memory be full."""
    monkeypatch.setattr(limits, "BYTES", 1 << 20)
    with connected(address) as connection:
        connection.sendall(head("/api/verdicts", "Transfer-Encoding: chunked"))
        sent = 0
        try:
            while sent < 64 << 20:
                connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
                sent += 0x10000
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 64 << 20, "all of it was taken"
    assert_answers(address)


def test_a_chunked_body_over_the_limit_is_told_so(address, monkeypatch):
    """A client that stops there must read why."""
    monkeypatch.setattr(limits, "BYTES", 100)
    with connected(address) as connection:
        connection.sendall(head("/api/verdicts", "Transfer-Encoding: chunked") + b"80\r\n" + b" " * 0x80 + b"\r\n")
        assert answer_of(connection)[0] == 413


@pytest.mark.parametrize(("path", "kind", "begin"), [
    ("/api/verdicts", "application/json", b"{"), ("/api/documents", "multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n')])
def test_a_body_that_drips(address, path, kind, begin):
    """Hundreds of such requests would hold every connection for hours."""
    with connected(address) as connection:
        connection.sendall(head(path, "Content-Length: 1000").replace(b"application/json", kind.encode()) + begin)
        for _ in range(100):
            connection.settimeout(0.2)
            try:
                found = connection.recv(1 << 16)
                break
            except TimeoutError:
                connection.sendall(b"a")
        else:
            pytest.fail("it was never cut off")
        found += rest_of(connection)
    assert found.startswith(b"HTTP/1.1 408 ") and b"too slowly" in found
    assert_answers(address)


def test_a_body_that_stops(address):
    """The sender is gone, and nobody says so."""
    with connected(address) as connection:
        connection.sendall(head("/api/verdicts", "Content-Length: 1000") + b"{")
        assert answer_of(connection)[0] == 408


def test_who_may_not_upload_is_told_before_sending(address):
    """Two hundred megabytes of anybody's would be kept on disk, to be refused afterwards."""
    with connected(address) as connection:
        connection.sendall(head("/api/documents", "Content-Length: 100000000").replace(b"right", b"wrong"))
        status, _ = answer_of(connection)
    assert status == 401


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\nX-A: "])
def test_headers_that_do_not_come(address, sent):
    """Connections that ask for nothing would be all that the service has."""
    with connected(address) as connection:
        connection.sendall(sent)
        assert rest_of(connection) == b""
    assert_answers(address)


def test_a_second_head_that_does_not_come(address):
    """The wait for a connection's next request must end, too."""
    with connected(address) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /healthz HTTP/1.1\r\nX-A: ")
        assert b"HTTP/1.1" not in rest_of(connection)


@pytest.mark.parametrize("sent", [
    b"GET /" + b"a" * 200_000, b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 200_000, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-A: a\r\n" * 20_000,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n" * 3, b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    b"POST /api/verdicts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", b"POST /api/verdicts HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/verdicts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", b"HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"])
def test_what_is_no_request(address, sent, caplog):
    """It is refused as the client's fault and ends the connection, not the service, and what was sent is not in its log."""
    with connected(address) as connection:
        try:
            connection.sendall(sent)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = rest_of(connection)
    assert not answer or answer.split(b" ", 2)[1][:1] == b"4", answer[:200]
    if answer:
        top, _, body = answer.partition(b"\r\n\r\n")
        assert b"x-request-id: " in top.lower() and b"content-security-policy: " in top.lower() and b"content-type: application/problem+json" in top.lower()
        assert json.loads(body)["status"] == int(top.split()[1])
    assert_answers(address)
    assert "zz" not in caplog.text and "Error" not in caplog.text


@pytest.mark.parametrize("headers", [{"X-A": "a" * 40_000}, {f"X-{n}": "aaaaaaaa" for n in range(4_000)}, {}])
def test_a_head_that_arrives_whole_and_is_too_large(tmp_path, headers):
    """The limit would be what happens to fit into one piece of the network."""
    url = str(tmp_path / "graph.lbug")
    open_store(url, "create").close()
    response = serving(url).get("/healthz" if headers else f"/healthz?{'a' * 40_000}", headers=headers)
    assert "32 KB" in assert_problem(response, 431) and response.headers["connection"] == "close"
    assert serving(url).get("/healthz", headers={"X-A": "a" * 30_000}).status_code == 200


def test_what_is_no_request_is_counted_and_logged(address, caplog):
    """Nobody would know of those who try what is no HTTP."""
    caplog.set_level(logging.INFO, "api.observed")
    with connected(address) as connection:
        connection.sendall(b"GET /secret HTTP/1.1\r\nHost : a\r\n\r\n")
        top = rest_of(connection).partition(b"\r\n\r\n")[0].decode().lower()
    number = re.search(r"x-request-id: ([0-9a-f]{16})", top)[1]
    said = [record.getMessage() for record in caplog.records if record.name == "api.observed"]
    assert [line for line in said if "status=400" in line and line.endswith(f"id={number}")] and "secret" not in caplog.text
    assert "Invalid HTTP" not in caplog.text  # one line a request
    with connected(address) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b'policygraph_requests_total{method="other",route="other",status="400"} 1.0' in rest_of(connection)


def test_more_connections_than_there_are_places(address):
    """They are refused at once, and there is room again when they are gone."""
    parts = urlsplit(address)
    held = [socket.create_connection((parts.hostname, parts.port), timeout=20) for _ in range(20)]
    try:
        held[-1].sendall(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert rest_of(held[-1]).startswith(b"HTTP/1.1 503 ")
        assert all(rest_of(connection) == b"" for connection in held[:-1]), "they said nothing and were let go"
    finally:
        for connection in held:
            connection.close()
    assert_answers(address)
