"""A file that changes while it is read: somebody saves it, or a download goes on."""

from __future__ import annotations

import hashlib
import shutil

import pytest
from conftest import SAMPLES

from api import jobs
from graph.fingerprint import fingerprint
from graph.store import open_store
from ingest.readers import READERS, decode

pytestmark = pytest.mark.slow


def ingest(url: str, path) -> jobs.LoadReport:
    failures = jobs.Failures()
    report = jobs.ingest_files([str(path)], url, False, failures, lambda path: None)
    assert failures.errors == []
    return report


def test_what_is_stored_is_one_state_of_the_file(tmp_path, monkeypatch):
    """The old text under the hash of the new file would never be read again: the next run would take it for unchanged."""
    path, url = tmp_path / "plan.txt", str(tmp_path / "graph.lbug")
    shutil.copy(SAMPLES / "ministry-2025.txt", path)
    old = path.read_bytes()
    new = old.replace("推进".encode(), "深化".encode())
    assert new != old

    def saved_in_between(name: str, data: bytes) -> str:
        path.write_bytes(new)
        return decode(name, data)

    with monkeypatch.context() as patch:
        patch.setitem(READERS, ".txt", saved_in_between)
        ingest(url, path)
    with open_store(url) as store:
        stored = store.read("MATCH (d:Document) RETURN d.sha256 AS sha256, d.text AS text")
    assert [row["sha256"] for row in stored] == [hashlib.sha256(old).hexdigest()]
    assert stored[0]["text"] == decode("", old)
    report = ingest(url, path)
    assert (report.replaced, report.unchanged) == (1, 0)
    never = str(tmp_path / "never.lbug")
    ingest(never, path)
    with open_store(url) as store, open_store(never) as other:
        assert fingerprint(store) == fingerprint(other)
