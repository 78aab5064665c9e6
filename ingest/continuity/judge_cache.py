"""A judge's answers on disk, one file a question, named by a hash of the model and all that is sent.

So a run that was interrupted goes on where it stopped, and a text that changes is asked about again. The address is no
part of the name: one model under two addresses gives one answer. The key stands nowhere.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from graph.errors import CannotWriteFile
from graph.settings import read_settings
from ingest.continuity.judge_prompt import Messages, Question, messages_of
from ingest.continuity.judge_replies import read_reply, written
from ingest.continuity.judged import Judgement


class JudgeCache:
    """The answers of one model. `folder` is made when the first one is kept."""

    def __init__(self, model: str, folder: Path | None = None) -> None:
        self._model = model
        self._folder = folder or Path(read_settings().cache) / "judge"

    def get(self, question: Question) -> dict[int, Judgement] | None:
        """The answers by candidate, maybe not to each; None where there are none, or none that can still be read."""
        try:
            kept = json.loads(self._path(messages_of(question)).read_text(encoding="utf-8"))
            reply = read_reply(kept["reply"], question, self._model, str(kept["date"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return reply.judged or None

    def put(self, question: Question, judged: dict[int, Judgement], date: str) -> None:
        """Keep answers, whole or not at all."""
        path = self._path(messages_of(question))
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({"model": self._model, "date": date, "reply": written(judged)}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            part.replace(path)
        except OSError as error:
            raise CannotWriteFile(part, error.strerror or error) from None

    def _path(self, messages: Messages) -> Path:
        name = hashlib.sha256(json.dumps([self._model, messages]).encode()).hexdigest()
        return self._folder / name[:2] / f"{name}.json"
