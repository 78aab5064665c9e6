"""A graph to export: the samples, and one task whose words break what is not quoted."""

from __future__ import annotations

from conftest import load, open_store

from ingest.continuity.links import Linker
from ingest.graph_rows import bundle_of

HOSTILE = '=SUM(A1)，"引号"\n第二行；\r\n\t反斜线\\，逗号,\x0c换页\r单独回车 𠮷😀 N/A\n'
CODES = ['数据；治理', '带"引号"，逗号,', "带\n换行"]


def hostile_graph(records: list, url: str) -> str:
    """Load the records and spoil the text, the clause and the codes of one task; returns its id."""
    with open_store(url, "create") as store:
        load(store, [bundle_of(record) for record in records], Linker())
        task = store.read("MATCH (p:Plan)-[:HAS_TASK]->(t:Task) WHERE p.first_year = 2022 AND t.position = 1 RETURN t.id AS id")[0]["id"]
        store.transact(lambda transaction: transaction.run(
            "MATCH (t:Task) WHERE t.id = $id SET t.text = $text, t.clause = '', t.codes = $codes", id=task, text=HOSTILE, codes=CODES))
    return task
