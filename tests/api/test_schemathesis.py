"""The OpenAPI document holds: no request that it allows or forbids, however odd, is answered in a way of which it says nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from live import running

# Every value may be of its type and the request mean nothing (from_year after to_year, a name of two units): OpenAPI has
# no words for that, and the service says 400. That is all that is taken out of the checks.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "429", "5xx"]
"""


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("token", "options"), [(None, ()), ("right", ("--include-method", "POST"))], ids=["read-only", "with a token that is not sent"])
def test_every_operation_keeps_its_word(live_graph, tmp_path, monkeypatch, token, options):
    """A client made from the document would meet a status, a form or an error that it does not know."""
    monkeypatch.delenv("POLICYGRAPH_TOKEN", raising=False)
    if token:
        monkeypatch.setenv("POLICYGRAPH_TOKEN", token)
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    with running(live_graph, local=False) as address:
        done = subprocess.run(
            [Path(sys.executable).with_name("schemathesis"), "--config-file", config, "run", f"{address}/openapi.json", "--checks", "all", "--max-examples", "5",
             "--phases", "examples,coverage,fuzzing", "--generation-deterministic", "--no-color", *options],
            cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"})
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    count = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert count and count[1] == count[2] and int(count[1]) > 100, done.stdout[-2000:]
