"""The notebook runs from the first cell to the last, and shows what its words say."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("notebook")]  # run once, not once a worker
TUTORIAL = Path(__file__).with_name("tutorial.ipynb")


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory):
    """The notebook after it ran, in a folder of its own."""
    import nbformat
    from matplotlib import font_manager
    from nbclient import NotebookClient

    assert font_manager.fontManager.ttflist  # the list of fonts is made here, once on a machine: matplotlib says on stderr when that takes long
    notebook = nbformat.read(TUTORIAL, as_version=4)
    folder = str(tmp_path_factory.mktemp("notebook"))
    NotebookClient(notebook, kernel_name="python3", timeout=240, resources={"metadata": {"path": folder}}).execute()
    return notebook


def outputs(notebook, kind: str) -> list[str]:
    """Data of one media type, in order."""
    return [output.data[kind] for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs if kind in output.get("data", {})]


def streams(notebook, name: str) -> str:
    return "".join(output.text for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs if output.output_type == "stream" and output.name == name)


def tables(notebook) -> list[list[dict]]:
    import pandas

    return [pandas.read_html(io.StringIO(html), index_col=0)[0].to_dict("records") for html in outputs(notebook, "text/html")]


def test_the_notebook_is_committed_without_outputs():
    import nbformat

    notebook = nbformat.read(TUTORIAL, as_version=4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)] == []


def test_the_tables_hold_what_the_samples_say(tutorial):
    """Read in the samples: 渔业信息中心 stands in 7 clauses of the ministry's plan of 2025 and leads none."""
    plans, workload, continued, ends, central, groups, led = tables(tutorial)
    assert [(plan["level"], plan["role_scheme"], plan["tasks"]) for plan in plans] == [("national", "flat", 24), ("national", "marked", 22), ("prefecture", "positional", 16)]
    assert [(row["department"], row["tasks"], row["lead"], row["support"]) for row in workload[:3]] == [("渔业信息中心", 7, 0, 3), ("财务司", 6, 1, 3), ("渔船渔港司", 5, 3, 0)]
    assert continued[0] == {"later_number": 3, "earlier_number": 6, "score": 1.0, "evidence_later": "船长12米以上渔船船载终端安装比例达到98%", "evidence_earlier": "船长12米以上渔船船载终端安装比例达到85%"}
    assert [(row["standing"], row["number"]) for row in ends] == [("dropped", n) for n in (8, 10, 16, 20, 21, 24)] + [("new", n) for n in (6, 9, 13, 16, 19)]
    assert {row["name"]: (row["tasks"], row["strength"]) for row in central[:2]} == {"渔业信息中心": (7, 7.0), "财务司": (6, 6.0)}
    assert len(groups) == len(central) == 18 and all(0 <= row["steady"] <= 1 for row in groups)
    assert led[0] == {"lead": "海岸司", "other": "海岸监测中心", "tasks": 3, "weight": pytest.approx(4 / 3, abs=1e-5)}


def test_what_is_printed_says_of_how_many_tasks(tutorial):
    printed = streams(tutorial, "stdout")
    for words in ("3 plans with 62 tasks, 62 links between them; could not be read: nothing", "22 tasks, 69 responsibilities, 0 tasks without a stated unit",
                  "of 22 tasks 14 continue an earlier one for sure, 3 perhaps, 5 not", "22 tasks, 22 of two or more units; 18 units, 42 pairs",
                  "15 of 22 tasks have a marked lead", "渔船渔港司牵头，科技司、渔业信息中心按职责分工负责", "graph fingerprint"):
        assert words in printed, printed


def test_two_charts_are_drawn_and_nothing_warns(tutorial):
    from matplotlib.image import imread

    charts = [imread(io.BytesIO(base64.b64decode(chart))) for chart in outputs(tutorial, "image/png")]
    assert len(charts) == 2
    for chart in charts:
        assert len({tuple(pixel) for pixel in chart.reshape(-1, chart.shape[-1])[::7]}) > 10, "an empty chart"
    assert streams(tutorial, "stderr") == ""
