"""Which of many plans may be one with one of a few: the short way finds those that holding each against each finds."""

from __future__ import annotations

from dataclasses import asdict
from random import Random

from generated_series import iter_families

from graph.twins import HeldPlan, may_be_one, read_possible_twins

NAMES = ["上海市教育局", "教育局", "市教育局", "上海市黄浦区教育局", "黄浦区教育局", "水利部", "海岸部", "部"]


def test_the_short_way_leaves_none_out():
    random = Random(3)
    record = next(iter_families(1, 1, 1)).records[0]
    left_out = 0
    for _ in range(3_000):
        few = []
        for _ in range(random.randint(1, 3)):
            one = type(record)(**{name: getattr(record, name) for name in record.__dataclass_fields__})
            one.series, one.years, one.issuers = "工作要点", random.choice([[], [2020], [2020, 2021]]), random.sample(NAMES, random.randint(0, 1))
            one.issuer, one.place, one.forwarded_by = random.choice([*NAMES] * 4 + [None]), random.choice([None, "上海市"]), random.choice([None] * 20 + ["海岸部"])
            few.append(one)
        held = [HeldPlan(f"p{n}", f"x{n}", "a.txt", "工作要点", random.choice([[], [2020], [2020, 2021]]), random.choice([*NAMES, None]), random.sample(NAMES, random.randint(0, 1)),
                         random.choice([None, "上海市"]), random.choice([None] * 9 + ["海岸部"])) for n in range(4)]
        found = read_possible_twins(lambda query, **given: [asdict(plan) for plan in held], few)
        assert found == [plan for plan in held if any(may_be_one(one, plan) for one in few)]
        left_out += len(held) - len(found)
    assert left_out > 1_000
