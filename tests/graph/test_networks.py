"""Networks of units: weights worked out by hand, what they rest on, and that a filter takes what it says."""

from __future__ import annotations

import networkx
import pytest
from conftest import load, open_store
from marked_plans import Nothing, plan

from graph.errors import BadParameter, UnknownCode, UnknownThing
from graph.networks import centrality, communities, leading, units_and_tasks, working_together
from ingest.graph_rows import bundle_of

MINISTRY = [
    ("建设平台一。", "科技司牵头，财务司、规划司配合"),  # n = 3: each pair 1/2
    ("建设平台二。", "科技司牵头，财务司配合"),  # n = 2: the pair 1
    ("建设平台三。", "规划司牵头"),  # alone
    ("建设平台四。", "科技司、财务司牵头，规划司、人事司配合"),  # n = 4, two leads: each pair 1/3
    ("建设平台五。", "科技司牵头，各地教育行政部门配合"),  # a collective: 科技司 alone without it
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = str(tmp_path_factory.mktemp("networks") / "graph.lbug")
    records = [plan("教育部2019年工作要点", MINISTRY, "教育部", "2019年3月1日"),
               plan("青岛市教育局2020年工作要点", [("建设平台六。", "科技处、财务处"), ("建设平台七。", "科技处")], "青岛市教育局", "2020年4月1日")]
    records[1].tasks[0].codes = ["data"]
    with open_store(url, "create") as opened:
        load(opened, [bundle_of(record) for record in records], Nothing())
    with open_store(url) as opened:
        yield opened


def by_name(network, attribute: str) -> dict:
    name = dict(network.nodes(data="name"))
    ends = (lambda one, other: (name[one], name[other])) if network.is_directed() else lambda one, other: frozenset((name[one], name[other]))
    return {ends(one, other): value for one, other, value in network.edges(data=attribute)}


def own(network, attribute: str) -> dict:
    return {unit["name"]: unit[attribute] for _, unit in network.nodes(data=True)}


def test_a_task_of_many_units_counts_no_more_than_one_of_two(store):
    """Newman's weights by hand: task 1 gives each of its 3 pairs 1/2, task 2 its pair 1, task 4 each of its 6 pairs 1/3."""
    together = working_together(units_and_tasks(store, year=2019))
    assert by_name(together, "weight") == {
        frozenset(("科技司", "财务司")): pytest.approx(1 / 2 + 1 + 1 / 3), frozenset(("科技司", "规划司")): pytest.approx(1 / 2 + 1 / 3),
        frozenset(("财务司", "规划司")): pytest.approx(1 / 2 + 1 / 3), frozenset(("科技司", "人事司")): pytest.approx(1 / 3),
        frozenset(("财务司", "人事司")): pytest.approx(1 / 3), frozenset(("规划司", "人事司")): pytest.approx(1 / 3)}
    assert by_name(together, "tasks")[frozenset(("科技司", "财务司"))] == 3
    assert (own(together, "tasks"), own(together, "alone")) == ({"科技司": 4, "财务司": 3, "规划司": 3, "人事司": 1}, {"科技司": 1, "财务司": 0, "规划司": 1, "人事司": 0})
    strength = {together.nodes[unit]["name"]: value for unit, value in together.degree(weight="weight")}
    assert strength == pytest.approx({"科技司": 3, "财务司": 3, "规划司": 2, "人事司": 1})  # tasks less those alone


def test_weights_are_those_that_networkx_knows_as_newmans(store):
    network = units_and_tasks(store)
    units = [node for node, mode in network.nodes(data="bipartite") if mode == 0]
    assert networkx.is_bipartite(network)
    theirs = networkx.bipartite.collaboration_weighted_projected_graph(network, units)
    ours = {frozenset(pair): weight for *pair, weight in working_together(network).edges(data="weight")}
    assert ours == pytest.approx({frozenset(pair): weight for *pair, weight in theirs.edges(data="weight")})


def test_leads_point_to_the_others_and_not_to_each_other(store):
    led = leading(units_and_tasks(store, year=2019))
    assert by_name(led, "weight") == {
        ("科技司", "财务司"): pytest.approx(3 / 2), ("科技司", "规划司"): pytest.approx(1 / 2 + 1 / 3), ("科技司", "人事司"): pytest.approx(1 / 3),
        ("财务司", "规划司"): pytest.approx(1 / 3), ("财务司", "人事司"): pytest.approx(1 / 3)}
    assert (led.graph["tasks"], led.graph["tasks_led"], own(led, "alone")["规划司"]) == (5, 3, 1)


def test_a_plan_that_marks_no_leads_has_no_edge_and_says_of_how_many_tasks(store):
    led = leading(units_and_tasks(store, year=2020))
    assert (led.number_of_edges(), led.graph["tasks_led"], led.graph["tasks_shared"], led.graph["tasks"]) == (0, 0, 1, 2)


def test_collectives_are_in_only_when_asked_for(store):
    without, with_them = (units_and_tasks(store, year=2019, collectives=asked) for asked in (False, True))
    assert "地方各级教育行政部门" not in {name for _, name in without.nodes(data="name")}
    assert by_name(leading(with_them), "weight")["科技司", "地方各级教育行政部门"] == 1
    assert (without.graph["filters"], with_them.graph["filters"]) == ("year=2019；collectives out", "year=2019；collectives in")


@pytest.mark.parametrize(("filters", "units", "tasks", "with_units"), [
    ({}, {"科技司", "财务司", "规划司", "人事司", "科技处", "财务处"}, 7, 7),
    ({"year": 2020}, {"科技处", "财务处"}, 2, 2),
    ({"year": 2031}, set(), 0, 0),
    ({"plan": "教育部2019年工作要点"}, {"科技司", "财务司", "规划司", "人事司"}, 5, 5),
    ({"level": "national"}, {"科技司", "财务司", "规划司", "人事司"}, 5, 5),
    ({"role": "lead"}, {"科技司", "财务司", "规划司"}, 7, 5),
    ({"role": "support", "year": 2019}, {"财务司", "规划司", "人事司"}, 5, 3),
    ({"code": "data"}, {"科技处", "财务处"}, 1, 1),
    ({"code": "(none)", "year": 2020}, {"科技处"}, 1, 1)])
def test_a_filter_takes_what_it_says_and_the_network_says_of_how_many_tasks(store, filters, units, tasks, with_units):
    network = units_and_tasks(store, **filters)
    assert {node["name"] for _, node in network.nodes(data=True) if node["bipartite"] == 0} == units
    assert (network.graph["tasks"], network.graph["tasks_with_units"]) == (tasks, with_units)
    assert all(f"{name}={value}" in network.graph["filters"] for name, value in filters.items())


def test_a_filter_with_a_typing_error_is_no_empty_network(store):
    for error, filters in ((BadParameter, {"role": "leads"}), (BadParameter, {"level": "city"}), (UnknownThing, {"plan": "教育部2018年工作要点"}), (UnknownCode, {"code": "date"})):
        with pytest.raises(error):
            units_and_tasks(store, **filters)


def test_every_network_can_be_sent_to_gephi(store, tmp_path):
    network = units_and_tasks(store, year=2019)
    for name, each in (("two", network), ("one", working_together(network)), ("directed", leading(network))):
        networkx.write_graphml(each, tmp_path / name)
        back = networkx.read_graphml(tmp_path / name)
        assert dict(back.nodes(data=True)) == dict(each.nodes(data=True)) and back.graph["plans"] == "教育部2019年工作要点"


def weighted(*edges: tuple[str, str, float]) -> networkx.Graph:
    network = networkx.Graph(tasks=9)
    network.add_weighted_edges_from(edges)
    for node in network:
        network.nodes[node].update(name=node, scope="", tasks=1, alone=0)
    return network


def test_a_strong_tie_is_a_short_way():
    """From a to c the way through b is shorter, 1/3 + 1/3 against 2; with the weights as lengths nobody would be between."""
    frame = centrality(weighted(("a", "b", 3), ("b", "c", 3), ("a", "c", 0.5)))
    assert frame.set_index("name")["betweenness"].to_dict() == {"a": 0, "b": 1, "c": 0}
    assert list(frame["name"]) == ["b", "a", "c"] and list(frame["strength"]) == [6, 3.5, 3.5] and frame.attrs["tasks"] == 9


def test_communities_say_how_far_they_are_chance():
    """Two triangles with one weak tie come apart the same way each time; a ring of seven like ties does not."""
    apart = communities(weighted(*((one, other, 1) for side in ("abc", "xyz") for one, other in (side[:2], side[1:], side[::2])), ("c", "x", 0.1)))
    assert apart.groupby("community")["name"].apply("".join).to_list() == ["abc", "xyz"] and set(apart["steady"]) == {1}
    assert (apart.attrs["seed"], apart.attrs["runs"]) == (0, 50)
    ring = communities(weighted(*((str(n), str((n + 1) % 7), 1) for n in range(7))))
    assert ring["steady"].max() < 1


def test_a_unit_by_itself_is_a_community_of_nothing_steady():
    network = weighted(("a", "b", 1))
    network.add_node("c", name="c", scope="", tasks=1, alone=1)
    frame = communities(network).set_index("name")
    assert frame["community"].to_dict() == {"a": 1, "b": 1, "c": 2} and frame["steady"].isna().to_dict() == {"a": False, "b": False, "c": True}
    assert communities(networkx.Graph()).empty and centrality(networkx.Graph()).empty
