"""
Which themes does a machine see in the tasks?
zh: 机器从任务文本中能看出哪些主题？
Exploratory: groups that share words, not categories that somebody decided on. Read their tasks, name them, and write codes.csv
before counting. One row: a theme of three or more tasks, the largest first; number 0 is the tasks in none. Tasks are joined
where their character pairs are alike (cosine of TF-IDF over headings and text; each task with its ten nearest), and parted into
themes by the Louvain method. Beside each share stands how far it can be trusted: the same is done with 20 seeds at each of 3
cuts (0.8, 1 and 1.25 times `cut`), and `stability` is the mean likeness (Jaccard) of the theme with its best match in those runs.
param scope: str = null          only plans of this body or place
param year: int = null           a year that the plan covers
param since: int = null          only plans that cover this year or a later one
param until: int = null          only plans that cover this year or an earlier one
param plan: str = null           one plan: id, title or number
param code: str = null           only tasks with this code; (none): tasks without any
param cut: float = 0.08          0 to 1: tasks less alike than this are not joined; a higher one gives more and smaller themes
param resolution: float = 1.0    of the Louvain method: a higher one gives more and smaller themes
column number: int         1 for the largest theme; 0 for tasks in no theme
column tasks: int          its tasks
column share: float        of all tasks asked for
column stability: float    0 to 1; a theme under 0.6 is not there to be quoted
column share_low: float    lowest share of its best match in the 60 runs
column share_high: float   highest share of its best match in the 60 runs
column words: list[str]    words that more of its tasks hold than of the others, the most telling first
column plans: int          plans that its tasks stand in
column years: list[str]    first year of the plans: tasks
column example: str        the task that is most like the others of its theme
column task: str           that task's id
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

from graph.errors import BadParameter, TooManyTasks
from graph.store import Store
from ingest.background import character_pairs, rarity
from ingest.terms import Terms

if TYPE_CHECKING:
    import networkx
    import numpy as np
    from scipy.sparse import csr_matrix

LIMIT = 20_000  # tasks; these take about four minutes
SEEDS = 20
CUTS = (0.8, 1.0, 1.25)  # times `cut`
# The usual cut was chosen on four sets of plans: lower ones give larger and more stable themes (mean stability .83 at 0.06, .80 at
# 0.08, .77 at 0.1, .78 at 0.12), higher ones tell more apart.
NEIGHBOURS = 10  # nearest tasks that a task is joined with: without a limit large graphs are joined by what is common to all
SMALLEST = 3  # tasks of a theme
TRUSTED = 0.6  # C. Hennig, Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52 (2007): below it a cluster should not be trusted
GROUPED = 0.3  # M. E. J. Newman, Fast algorithm for detecting community structure in networks, Physical Review E 69 (2004): modularity from which there are groups
WORDS = 8
_BLOCK = 200  # rows of the similarity matrix at a time: 20,000 tasks would fill it with 400,000,000 numbers

_TASKS = (
    "MATCH (p:Plan)-[:HAS_TASK]->(t:Task) "
    "WHERE CASE WHEN $scope IS NULL THEN true ELSE p.issuer = $scope OR p.place = $scope END "
    "AND CASE WHEN $year IS NULL THEN true ELSE $year IN p.years END "
    "AND CASE WHEN $since IS NULL THEN true ELSE p.last_year >= $since END AND CASE WHEN $until IS NULL THEN true ELSE p.first_year <= $until END "
    "AND CASE WHEN $plan IS NULL THEN true ELSE p.id = $plan END "
    "AND CASE WHEN $code IS NULL THEN true WHEN $code = '(none)' THEN size(t.codes) = 0 ELSE $code IN t.codes END "
    "RETURN t.id AS task, t.heading AS heading, t.text AS text, p.id AS plan, p.first_year AS year, p.issuer AS body, p.place AS place "
    "ORDER BY coalesce(p.first_year, 0), plan, t.position, task")
_PROGRAMMES = "MATCH (p:Plan)-[:HAS_TASK]->(:Task)-[:NAMES]->(r:Programme) WHERE p.id IN $plans RETURN DISTINCT r.name AS name ORDER BY name"


def rows(store: Store, cut: float, resolution: float, **chosen: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """The themes of the chosen tasks, and what to know of them. The same tasks and parameters give the same themes."""
    for name, value, right in (("cut", cut, 0 < cut * CUTS[-1] < 1), ("resolution", resolution, resolution > 0)):
        if not right:
            raise BadParameter("themes", name, value, "above 0" + (" and below 0.8" if name == "cut" else ""))
    tasks = store.read(_TASKS, **chosen)
    if len(tasks) > LIMIT:
        raise TooManyTasks("themes", len(tasks), LIMIT)
    if not tasks:
        return [], []
    edges = _joined(_vectors([_words_of(task) for task in tasks]), cut * CUTS[0])
    graphs = [_graph(len(tasks), edges, cut * times) for times in CUTS]
    runs = [[_parted(graph, resolution, seed) for seed in range(SEEDS)] for graph in graphs]
    shown = _best(graphs[1], runs[1], resolution)
    themes = sorted((sorted(theme) for theme in runs[1][shown] if len(theme) >= SMALLEST), key=lambda theme: (-len(theme), theme))
    others = [_labels(run, len(tasks)) for k, of_cut in enumerate(runs) for seed, run in enumerate(of_cut) if (k, seed) != (1, shown)]
    spoken = _spoken(store, tasks)
    found = [_theme(number, theme, tasks, graphs[1], others, spoken) for number, theme in enumerate(themes, 1)]
    rest = sorted(set(range(len(tasks))) - {member for theme in themes for member in theme})
    if rest:
        found.append(_facts(0, rest, tasks) | dict.fromkeys(("stability", "share_low", "share_high", "example", "task")) | {"words": []})
    return found, _notes(found, len({task["plan"] for task in tasks}), graphs[1], cut, shown, _modularity(graphs[1], runs[1][shown]))


def _words_of(task: dict[str, Any]) -> str:
    return f"{task['heading'] or ''}\n{task['text']}"


def _vectors(texts: list[str]) -> csr_matrix:
    """One row a text, of length 1: its character pairs, each weighed by how rare it is in tasks of any plan and in these."""
    import numpy as np
    from scipy.sparse import csr_matrix, diags

    counts = [character_pairs(text) for text in texts]
    holding = Counter(pair for count in counts for pair in count)
    # The geometric mean: neither what every plan says nor what all of these say joins two tasks. A pair of one text joins it with none.
    weights = {pair: math.sqrt(rarity(pair) * math.log(len(texts) / n)) for pair, n in holding.items() if n > 1}
    columns = {pair: k for k, pair in enumerate(sorted(weights))}
    values, places, ends = array("d"), array("i"), [0]
    for count in counts:
        for pair, n in sorted(count.items()):
            if pair in columns:
                values.append((1 + math.log(n)) * weights[pair])
                places.append(columns[pair])
        ends.append(len(places))
    vectors = csr_matrix((values, places, ends), shape=(len(texts), len(columns)), dtype=float)
    lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / np.where(lengths > 0, lengths, 1)) @ vectors)


def _joined(vectors: csr_matrix, cut: float) -> list[tuple[int, int, float]]:
    """Pairs of texts alike by `cut` or more, of which one is among the other's nearest, with their likeness."""
    import numpy as np

    edges: dict[tuple[int, int], float] = {}
    other = vectors.T.tocsr()
    for begin in range(0, vectors.shape[0], _BLOCK):
        block = (vectors[begin:begin + _BLOCK] @ other).tocsr()
        for row in range(block.shape[0]):
            near, alike = (part[block.indptr[row]:block.indptr[row + 1]] for part in (block.indices, block.data))
            alike = alike.round(6)  # sums of floats end otherwise on other machines
            kept = (alike >= cut) & (near != begin + row)
            near, alike = near[kept], alike[kept]
            for k in np.lexsort((near, -alike))[:NEIGHBOURS]:
                a, b = sorted((begin + row, int(near[k])))
                edges[a, b] = float(alike[k])
    return [(a, b, value) for (a, b), value in sorted(edges.items())]


def _graph(n: int, edges: list[tuple[int, int, float]], cut: float) -> networkx.Graph:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(edge for edge in edges if edge[2] >= cut)
    return graph


def _parted(graph: networkx.Graph, resolution: float, seed: int) -> list[set[int]]:
    from networkx.algorithms.community import louvain_communities

    return louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)


def _best(graph: networkx.Graph, runs: list[list[set[int]]], resolution: float) -> int:
    """The seed whose themes part the graph best; of equals the first."""
    found = [_modularity(graph, run, resolution) for run in runs]
    return found.index(max(found))


def _modularity(graph: networkx.Graph, run: list[set[int]], resolution: float = 1) -> float:
    from networkx.algorithms.community import modularity

    return round(modularity(graph, run, weight="weight", resolution=resolution), 6) if graph.number_of_edges() else 0.0


def _labels(run: list[set[int]], n: int) -> np.ndarray:
    """For each task the place of its theme in a run."""
    import numpy as np

    labels = np.empty(n, dtype=int)
    for k, theme in enumerate(run):
        labels[list(theme)] = k
    return labels


def _theme(number: int, theme: list[int], tasks: list[dict[str, Any]], graph: networkx.Graph, others: list[np.ndarray], spoken: list[set[str]]) -> dict[str, Any]:
    import numpy as np

    matches = []
    for labels in others:
        shared, sizes = np.bincount(labels[theme]), np.bincount(labels)
        likeness = shared / (len(theme) + sizes[:len(shared)] - shared)
        k = int(likeness.argmax())
        matches.append((float(likeness[k]), int(sizes[k])))
    sizes = [len(theme), *(size for _, size in matches)]
    members = set(theme)
    middle = max(theme, key=lambda task: (sum(edge["weight"] for near, edge in graph[task].items() if near in members), -task))
    return _facts(number, theme, tasks) | {
        "stability": round(sum(likeness for likeness, _ in matches) / len(matches), 3),
        "share_low": round(min(sizes) / len(tasks), 3), "share_high": round(max(sizes) / len(tasks), 3),
        "words": _telling(theme, spoken), "example": tasks[middle]["text"], "task": tasks[middle]["task"]}


def _facts(number: int, theme: list[int], tasks: list[dict[str, Any]]) -> dict[str, Any]:
    years = Counter(tasks[task]["year"] for task in theme)
    return {
        "number": number, "tasks": len(theme), "share": round(len(theme) / len(tasks), 3), "plans": len({tasks[task]["plan"] for task in theme}),
        "years": [f"{year or 'no year'}: {years[year]}" for year in sorted(years, key=lambda year: year or 0)]}


def _spoken(store: Store, tasks: list[dict[str, Any]]) -> list[set[str]]:
    """The words of each task, without names of bodies and places."""
    bodies, places = ({task[name] for task in tasks if task[name]} for name in ("body", "place"))
    programmes = [row["name"] for row in store.read(_PROGRAMMES, plans=sorted({task["plan"] for task in tasks}))]
    terms = Terms(programmes, bodies, bodies | places)
    return [{term.word for term in terms.of(_words_of(task))} for task in tasks]


def _telling(theme: list[int], spoken: list[set[str]]) -> list[str]:
    """Words of at least two of the theme's tasks and of a larger share of them than of the others, by log-likelihood (G²)."""
    everywhere, here = (Counter(word for task in chosen for word in spoken[task]) for chosen in (range(len(spoken)), theme))
    weighed = {}
    for word, n in here.items():
        expected = everywhere[word] * len(theme) / len(spoken)
        if n > 1 and n > expected:
            elsewhere = everywhere[word] - n
            weighed[word] = n * math.log(n / expected) + (elsewhere * math.log(elsewhere / (everywhere[word] - expected)) if elsewhere else 0)
    return sorted(weighed, key=lambda word: (-round(weighed[word], 6), word))[:WORDS]


def _notes(found: list[dict[str, Any]], plans: int, graph: networkx.Graph, cut: float, seed: int, modularity: float) -> list[str]:
    themes = [row for row in found if row["number"]]
    shaky = [str(row["number"]) for row in themes if row["stability"] < TRUSTED]
    notes = ["exploratory: themes are groups of tasks that share words; read them and code them (codes.csv) before counting",
             f"{graph.number_of_nodes()} tasks, {graph.number_of_edges()} pairs of them joined at cut {cut:g}; shown are the themes of seed {seed}, the best of {SEEDS} by modularity, which is {modularity:.3f}",
             f"stability and the range of shares are over {SEEDS} seeds at each of the cuts {', '.join(f'{cut * times:g}' for times in CUTS)}: they say what hangs on chance and on the cut, not what other plans would change"]
    if themes and modularity < GROUPED:
        notes.append(f"a modularity under {GROUPED} says that these tasks hardly fall into groups at all")
    if shaky:
        notes.append(f"not to be quoted, their stability being under {TRUSTED}: theme{'s' if len(shaky) > 1 else ''} {', '.join(shaky)}")
    if (single := [str(row["number"]) for row in themes if row["plans"] == 1]) and plans > 1:
        notes.append(f"of one plan alone, and perhaps of its style: theme{'s' if len(single) > 1 else ''} {', '.join(single)}")
    return notes
