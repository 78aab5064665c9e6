"""An OpenAI-compatible chat endpoint, asked over HTTP with the standard library: time-outs, tries, what a failure means."""

from __future__ import annotations

import http.client
import ipaddress
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from graph.settings import VERSION
from ingest.errors import BadJudge, JudgeRefused, JudgeSilent

TRIES = 4
_LONGEST_PAUSE = 60.0  # seconds between two tries, whatever the server asks for
_LARGEST = 4_000_000  # bytes of a reply: a hundred times the longest that makes sense
_ERROR = 4_000  # bytes that are read of what comes with an error
_AGAIN = {408, 425, 429}  # and all from 500: worth another try
_FOR_ALL = {401, 403, 404, 405, 407}  # and all redirects: the next request would meet the same


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply, and the tokens that the endpoint counted; None where it does not say."""

    text: str
    tokens_in: int | None
    tokens_out: int | None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """urllib would send the key on to whatever address a redirect names."""

    def redirect_request(self, *_: Any) -> None:
        return None


class ChatEndpoint:
    """One model behind an address. Safe to ask from several threads. `stop` ends waiting between tries."""

    def __init__(self, url: str, model: str, key: str | None = None, timeout: float = 120.0, pause: float = 1.0, stop: Event | None = None) -> None:
        self.url = address_of(url)
        self._model, self._timeout, self._pause, self._stop = model, timeout, pause, stop or Event()
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": f"policygraph/{VERSION}"}
        self._key = _checked(key)
        if self._key:
            self._headers["Authorization"] = f"Bearer {self._key}"
        proxies = urllib.request.ProxyHandler({} if is_local(url) else None)
        self._opener = urllib.request.build_opener(_NoRedirect, proxies)
        self._temperature: float | None = 0.0

    def complete(self, messages: list[dict[str, str]]) -> Completion:
        """The reply to messages. Raises JudgeSilent where this request failed after all tries, JudgeRefused where every other would, too."""
        for attempt in range(1, TRIES + 1):
            pause, temperature = min(self._pause * 2 ** (attempt - 1), _LONGEST_PAUSE), self._temperature
            try:
                return _completion(self._send(messages, temperature), self._hidden)
            except urllib.error.HTTPError as error:
                said = self._said(error)
                if error.code == 400 and "temperature" in said and temperature is not None:
                    self._temperature = None  # some models take none but their own
                    return self.complete(messages)
                problem = f"HTTP {error.code}{f': {said}' if said else ''}"
                if error.code in _FOR_ALL or 300 <= error.code < 400:
                    raise JudgeRefused(shown(self.url), problem, error.code, bool(self._key)) from None
                if error.code not in _AGAIN and error.code < 500:
                    raise JudgeSilent(shown(self.url), problem, attempt) from None
                pause = _asked_pause(error, pause)
            except ValueError as error:  # an answer, but no completion
                raise JudgeSilent(shown(self.url), str(error), attempt) from None
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", None) or error
                problem = f"no answer within {self._timeout:g} s" if isinstance(reason, TimeoutError) else f"{type(reason).__name__}: {reason}".removesuffix(": ")
            if attempt == TRIES or self._stop.wait(pause):
                break
        raise JudgeSilent(shown(self.url), problem, attempt)

    def _send(self, messages: list[dict[str, str]], temperature: float | None) -> bytes:
        body = {"model": self._model, "messages": messages} | ({} if temperature is None else {"temperature": temperature})
        request = urllib.request.Request(self.url, json.dumps(body).encode(), self._headers, method="POST")
        end = time.monotonic() + self._timeout  # urllib's own time-out begins anew with every piece that arrives
        found = bytearray()
        with self._opener.open(request, timeout=self._timeout) as response:
            while piece := response.read1(65_536):
                found += piece
                if time.monotonic() > end:
                    raise TimeoutError
                if len(found) > _LARGEST:
                    raise ValueError(f"a reply of more than {_LARGEST:,} bytes")
        return bytes(found)

    def _hidden(self, words: str) -> str:
        """Servers repeat a key that they do not know. To be called before anything is cut: of half a key nothing would be hidden."""
        return words.replace(self._key, "…") if self._key else words

    def _said(self, error: urllib.error.HTTPError) -> str:
        """What a server says about an error, on one line."""
        try:
            data = error.read(_ERROR).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return ""
        try:
            found = json.loads(data)
            said = found["error"]["message"] if isinstance(found["error"], dict) else found["error"]
        except (ValueError, RecursionError, KeyError, TypeError):
            said = self._hidden(data)
            if len(data.encode()) >= _ERROR:  # more would have come: the end may be the beginning of the key
                said = said[:-len(self._key or " ")]
        words = " ".join("".join(character if character.isprintable() else " " for character in str(said)).split())
        return self._hidden(words)[:200]


def address_of(url: str) -> str:
    """Where completions are asked for: `http://localhost:8000/v1` → `http://localhost:8000/v1/chat/completions`. Raises BadJudge."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError as error:
        raise BadJudge(f"--judge {url!r} is no address ({error})") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadJudge(f"--judge is {url!r}, expected the address of an OpenAI-compatible endpoint such as http://localhost:8000/v1")
    if "@" in parts.netloc:
        raise BadJudge("--judge holds a name or password; leave it out and set POLICYGRAPH_JUDGE_KEY")
    path = parts.path.rstrip("/") or "/v1"
    return urlunsplit((parts.scheme, parts.netloc, path if path.endswith("/chat/completions") else f"{path}/chat/completions", parts.query, ""))


def shown(url: str) -> str:
    """An address to show: what stands behind ? may be secret."""
    return url.partition("?")[0]


def is_local(url: str) -> bool:
    """Whether an address is on this machine: no proxy, and nothing leaves it."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked(key: str | None) -> str | None:
    key = (key or "").strip()
    if not all("!" <= character <= "~" for character in key):  # http.client would name it in its error
        raise BadJudge("POLICYGRAPH_JUDGE_KEY holds white space or characters that no key has; copy it anew")
    return key or None


def _completion(data: bytes, hidden: Callable[[str], str]) -> Completion:
    """Raises ValueError that tells what came instead, the key `hidden`."""
    try:
        found = json.loads(data)
        text = found["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, KeyError, IndexError, TypeError):
        begin = hidden(" ".join(data.decode("utf-8", "replace").split()))[:120]
        raise ValueError(f"what came is no chat completion: {begin or '(nothing)'}") from None
    usage = found.get("usage") if isinstance(found.get("usage"), dict) else {}
    counts = [n if isinstance(n := usage.get(f"{side}_tokens"), int) else None for side in ("prompt", "completion")]
    return Completion(text if isinstance(text, str) else "", *counts)


def _asked_pause(error: urllib.error.HTTPError, pause: float) -> float:
    asked = (error.headers.get("Retry-After") or "").strip()
    return min(float(asked), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else pause
