"""A judge on this machine: an HTTP server that answers as a test tells it, well or badly, and remembers what it was asked."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """One request. `candidates` is number to text; `again` where it holds a reply that could not be used."""

    path: str
    headers: dict[str, str]
    body: dict
    later: str
    candidates: dict[int, str]

    @property
    def again(self) -> bool:
        return len(self.body["messages"]) > 2


@dataclass
class Sent:
    """What goes back; `text` is the model's words, `raw` the whole body instead. `cut` closes in the middle, `drop` at once."""

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: bool = False
    drop: bool = False
    pieces: tuple[int, float] = (1, 0.0)  # how many the body is sent in, and the seconds between them


def answers(asked: Asked, continues: Callable[[str, str], bool], **changed) -> dict:
    """A good answer: what `continues(later, earlier)` says, with the first words of both as evidence; `changed` goes into the first row."""
    rows = []
    for number, text in asked.candidates.items():
        yes = continues(asked.later, text)
        rows.append({"candidate": number, "continues": yes, "confidence": 0.9, "evidence_later": asked.later[:8] if yes else "",
                     "evidence_earlier": text[:8] if yes else "", "why": "the same work" if yes else "other work"})
    rows[0] |= changed
    return {"answers": rows}


class StubJudge:
    """`reply(asked)` makes each answer; a dict is sent as JSON. Use as a context manager."""

    def __init__(self, reply: Callable[[Asked], Sent | dict | str]) -> None:
        self.reply = reply
        self.asked: list[Asked] = []
        self.most = 0  # requests at one time
        self._now, self._lock = 0, threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> StubJudge:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()

    def count(self, step: int) -> None:
        with self._lock:
            self._now += step
            self.most = max(self.most, self._now)


class _Handler(BaseHTTPRequestHandler):
    stub: StubJudge

    def do_POST(self) -> None:
        self.stub.count(1)
        try:
            asked = _read(self)
            self.stub.asked.append(asked)
            found = self.stub.reply(asked)
        finally:
            self.stub.count(-1)
        sent = found if isinstance(found, Sent) else Sent(json.dumps(found, ensure_ascii=False) if isinstance(found, dict) else found)
        if sent.drop:
            return
        body = sent.raw if sent.raw is not None else json.dumps({"choices": [{"message": {"role": "assistant", "content": sent.text}}], "usage": {"prompt_tokens": 70, "completion_tokens": 30}}).encode()
        try:
            self.send_response(sent.status)
            for name, value in sent.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            count, pause = sent.pieces
            size = -(-len(body) // count)
            for at in range(0, len(body) // 2 if sent.cut else len(body), size):
                self.wfile.write(body[at:at + size])
                self.wfile.flush()
                threading.Event().wait(pause)
        except OSError:
            pass  # the asker has gone

    def do_GET(self) -> None:
        self.stub.asked.append(Asked(self.path, dict(self.headers), {"messages": []}, "", {}))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


def _read(handler: _Handler) -> Asked:
    body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
    later, *rest = re.split(r"^CANDIDATE \d+$", body["messages"][1]["content"], flags=re.M)
    texts = [re.search(r"^text: (.*)", part, re.M | re.S)[1].strip() for part in (later, *rest)]
    return Asked(handler.path, dict(handler.headers), body, texts[0], dict(enumerate(texts[1:], 1)))
