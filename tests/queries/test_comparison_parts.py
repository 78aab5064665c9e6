"""What a comparison computes over tasks and links: classes, band and equal size, targets, units, stages, programmes."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from queries.comparison.classes import class_of, count_side, sentences_alone, thin
from queries.comparison.material import Comparands, Link, Target, Task, Unit, standing_of
from queries.comparison.programmes import programme_changes
from queries.comparison.sides import Group, Plan
from queries.comparison.strength import find_stage, stage_changes
from queries.comparison.targets import likeness, pair_targets
from queries.comparison.units import unit_changes

ids = count()


def plan(title="计划", role_scheme="marked") -> Plan:
    return Plan(title, title, "某部", None, "national", [2020], role_scheme, {})


BEFORE, AFTER = plan("前"), plan("后")


def task(text="推进工作。", of=BEFORE, number=1, **facts) -> Task:
    sentences, at = [], 0
    for part in text.split("。")[:-1]:
        sentences.append((at, at + len(part) + 1))
        at += len(part) + 1
    return Task(**{"id": f"t{next(ids)}", "plan": of, "number": number, "heading": None, "text": text, "start": 0, "words": text[:30], "sentences": sentences} | facts)


def link(later: Task, earlier: Task, standing="continued", score=0.9, **facts) -> Link:
    plain = Link(later, earlier, standing, True, score, False, "continues", "rules", later.text, earlier.text, [], (0, len(later.text)), (0, len(earlier.text)), [], [], None)
    return replace(plain, **facts)


def comparands(links: list[Link], earlier=None, later=None, relation="continues", reforms=frozenset(), heirs=None, counterparts=None) -> Comparands:
    group = Group(relation, "", [BEFORE], [AFTER], reforms)
    sides = [list({each.id: each for each in [*(given or []), *(getattr(one, side) for one in links)]}.values()) for side, given in (("earlier", earlier), ("later", later))]
    return Comparands(group, *sides, links, 0, heirs or {}, counterparts)


@pytest.mark.parametrize(("kept", "method", "score", "said"), [
    (True, "rules", 0.8, "continued"), (True, "rules", 0.75, "continued"), (True, "rules", 0.74, "perhaps"), (False, "rules", 0.3, "perhaps"), (False, "rules", 0.2, None),
    (True, "judge", 0.1, "perhaps"), (True, "hand", 0.0, "continued"), (False, "hand", 0.99, "not")])
def test_the_standing_of_a_link(kept, method, score, said):
    """A person's word stands whatever the score; a score within the band is never more than perhaps."""
    assert standing_of(kept, method, score, 0.25, 0.75) == said


def test_a_task_has_the_class_of_its_best_link():
    a, b = task(), task()
    assert class_of([]) == "none"
    assert class_of([link(a, b, "perhaps")]) == "perhaps"
    assert class_of([link(a, b, "perhaps"), link(a, b)]) == "continued"


def test_what_has_no_link_is_a_band():
    """One number would hide that it depends on where the cut is drawn."""
    later = [task(of=AFTER) for _ in range(5)]
    earlier = [task() for _ in range(5)]
    found = comparands([link(later[0], earlier[0]), link(later[1], earlier[1], "perhaps", 0.5, kept=False), link(later[2], earlier[0], "perhaps", 0.6)], earlier, later)
    counted = count_side(found, "later", {})
    assert (counted.tasks, counted.continued, counted.perhaps, counted.none, counted.most, counted.without_kept) == (5, 1, 2, 2, 4, 3)
    counted = count_side(found, "earlier", {})
    assert (counted.continued, counted.perhaps, counted.none, counted.most) == (1, 1, 3, 4)


def uneven(sure: bool = True) -> Comparands:
    """Three later tasks, each linked with three of nine earlier ones."""
    later, earlier = [task(of=AFTER) for _ in range(3)], [task() for _ in range(9)]
    return comparands([link(later[k // 3], earlier[k], "continued" if sure else "perhaps") for k in range(9)], earlier, later)


def test_equal_size_says_what_the_size_alone_does():
    """Every later task has a partner among nine; among three of the nine drawn, (6·5·4)/(9·8·7) = 24 % have none."""
    expected = thin(uneven())
    assert count_side(uneven(), "later", {}).none == 0
    assert expected["later"].tasks == expected["earlier"].tasks == 3
    assert expected["later"].least == expected["later"].most == pytest.approx(20 / 84, abs=0.06)
    assert expected["later"].low <= expected["later"].least <= expected["later"].high
    assert expected["earlier"].least == expected["earlier"].high == 0


def test_equal_size_is_a_band_too():
    """Where no link is sure, no task has one for sure, and some have none at all."""
    expected = thin(uneven(sure=False))["later"]
    assert (expected.most, expected.high) == (1, 1) and expected.least < 0.4


def test_the_draws_are_the_same_every_time():
    assert thin(uneven()) == thin(uneven())
    assert thin(uneven()) != thin(uneven(), seed=1)


def test_plans_of_one_size_are_not_thinned():
    a, b = task(of=AFTER), task()
    assert thin(comparands([link(a, b)])) == {} == thin(comparands([], [task()], []))


def test_the_sentences_that_do_not_go_on():
    """A task of three sentences of which one goes on is not simply continued."""
    earlier = task("改造池塘。培训渔民。举办展会。")
    later = task("继续培训渔民。", of=AFTER)
    by_sentence = link(later, earlier, sentences_earlier=[(5, 10)], place_earlier=(5, 9))
    assert sentences_alone(earlier, [by_sentence], "earlier") == ["改造池塘。", "举办展会。"]
    other = link(later, earlier, "perhaps", sentences_earlier=[(10, 15)], place_earlier=(10, 14))
    assert sentences_alone(earlier, [by_sentence, other], "earlier") == ["改造池塘。"]
    assert sentences_alone(later, [replace(by_sentence, sentences_later=[(0, 7)])], "later") == []


def test_a_link_that_rests_on_a_heading_says_nothing_of_sentences():
    """But a sentence with the heading's words goes on where others do."""
    earlier = replace(task("推进政务系统整合。建立台账。加强培训。"), start=100)
    earlier.sentences = [(100, 109), (109, 114), (114, 119)]
    by_heading = link(task(of=AFTER), earlier, evidence_earlier="一、政务系统整合", place_earlier=(80, 88))
    assert sentences_alone(earlier, [by_heading], "earlier") is None
    assert sentences_alone(earlier, [replace(by_heading, sentences_earlier=[(114, 119)])], "earlier") == ["建立台账。"]


def target(quote: str, value: float, unit: str, object: str, comparator="=", change=False, year=2020) -> Target:
    return Target(f"i{next(ids)}", quote, value, comparator, unit, object, change, year)


@pytest.mark.parametrize(("a", "b", "agree"), [
    ("渔船终端安装比例", "渔船终端安装比例", True), ("“数字校园” 覆盖率", "数字校园覆盖率", True), ("合格率", "尾水合格率", True),
    ("中小学教师培训", "教师", False), ("教师培训平台", "教师", False), ("渔港", "渔船", False), ("", "渔船", False), ("老旧小区改造面积", "老旧小区改造户数", False)])
def test_objects_that_agree(a, b, agree):
    """A number of one thing is no change of another's."""
    assert likeness(a, b)[1] is likeness(b, a)[1] is agree


def pairs_of(earlier: tuple[str, list[Target]], later: tuple[str, list[Target]], standing="continued", relation="continues"):
    a, b = task(earlier[0], targets=earlier[1]), task(later[0], of=AFTER, targets=later[1])
    return [(pair.standing, pair.earlier and pair.earlier.value, pair.later and pair.later.value) for pair in pair_targets(comparands([link(b, a, standing)], relation=relation))]


def test_a_target_that_changed():
    rate = "渔船终端安装比例达到80%。", [target("达到80%", 80, "%", "渔船终端安装比例")]
    assert pairs_of(rate, ("渔船终端安装比例达到90%。", [target("达到90%", 90, "%", "渔船终端安装比例", ">=")])) == [("changed", 80, 90)]
    assert pairs_of(rate, ("渔船终端安装比例达到80%。", [target("达到80%", 80, "%", "渔船终端安装比例")])) == [("same", 80, 80)]


@pytest.mark.parametrize("later", [
    ("渔船终端安装比例降到90%以下。", target("90%以下", 90, "%", "渔船终端安装比例", "<")), ("渔船终端安装90台。", target("90台", 90, "台", "渔船终端安装比例")),
    ("渔船终端安装比例提高10%。", target("提高10%", 10, "%", "渔船终端安装比例", change=True)), ("近海渔船终端比例达到90%。", target("达到90%", 90, "%", "近海渔船终端比例"))])
def test_what_only_looks_alike_is_to_be_checked(later):
    """Another direction, counter, measure or object: called changed, it would be a false finding."""
    earlier = "渔船终端安装比例不低于80%。", [target("不低于80%", 80, "%", "渔船终端安装比例", ">=")]
    assert [standing for standing, *_ in pairs_of(earlier, (later[0], [later[1]]))] == ["similar object, check"]


def test_a_short_object_needs_like_words_around_it():
    """渔港 is counted in both, but what is done with them is another thing."""
    boats = pairs_of(("年底前接入渔船6万艘以上。", [target("6万艘以上", 60000, "艘", "渔船", ">=")]), ("接入渔船达到11万艘以上。", [target("达到11万艘以上", 110000, "艘", "渔船", ">=")]))
    ports = pairs_of(("组织机构对200个渔港开展环境评估。", [target("200个", 200, "个", "渔港")]), ("支持45个渔港完成数字化改造。", [target("45个", 45, "个", "渔港")]))
    assert (boats, ports) == ([("changed", 60000, 110000)], [("similar object, check", 200, 45)])


def test_counts_of_two_bodies_are_no_change_of_each_other():
    """The ministry's 180 kilometres are not reduced to a city's 7.5; a rate can be compared."""
    length = ("全年修复岸线180公里。", [target("180公里", 180, "公里", "修复岸线")]), ("修复岸线7.5公里。", [target("7.5公里", 7.5, "公里", "修复岸线")])
    rate = ("终端安装比例达到80%。", [target("达到80%", 80, "%", "终端安装比例")]), ("终端安装比例达到90%。", [target("达到90%", 90, "%", "终端安装比例")])
    assert pairs_of(*length, relation="takes_up") == [("of two bodies", 180, 7.5)] and pairs_of(*length) == [("changed", 180, 7.5)]
    assert pairs_of(*rate, relation="takes_up") == [("changed", 80, 90)]


def test_each_target_has_one_partner_and_the_others_stand_alone():
    earlier = "培训渔民2万人次，编写通俗教材8种。", [target("2万人次", 20000, "人次", "培训渔民"), target("8种", 8, "种", "编写通俗教材")]
    later = "培训渔民5万人次，上线课程40门。", [target("5万人次", 50000, "人次", "培训渔民"), target("40门", 40, "门", "上线课程")]
    assert pairs_of(earlier, later) == [("changed", 20000, 50000), ("only in the earlier task", 8, None), ("only in the later task", None, 40)]
    assert pairs_of(earlier, later, "perhaps") == [("changed", 20000, 50000)]  # of what perhaps goes on, a missing target is no news


def unit(name: str, role="responsible", scope="某部") -> Unit:
    return Unit(f"d-{scope}-{name}", name, role, scope)


def test_units_joined_and_left_over_all_the_partners():
    """财务司 did not leave where the task was split and the other part has it."""
    earlier = task(units=[unit("科技司"), unit("财务司"), unit("办公厅")])
    first, second = task(of=AFTER, units=[unit("科技司"), unit("养殖司")]), task(of=AFTER, units=[unit("财务司")])
    changes = unit_changes(comparands([link(first, earlier), link(second, earlier)]))
    assert [(change.stayed, change.joined, change.left) for change in changes] == [(["科技司"], ["养殖司"], ["办公厅"]), (["财务司"], [], ["办公厅"])]
    changes = unit_changes(comparands([link(first, earlier), link(second, earlier, "perhaps", 0.3, kept=False)]))
    assert changes[0].left == ["财务司", "办公厅"]  # what is only perhaps a part of it keeps no unit


def test_a_reform_makes_no_unit_leave():
    """市环保局 became 市生态环境局, and its 大气处 is still the 大气处; near miss: a 大气处 of any other body."""
    before, after = unit("市环保局", scope="某市"), unit("市生态环境局", scope="某市")
    division, its_heir, stranger = unit("大气处", scope="某市环境保护局"), unit("大气处", scope="某市生态环境局"), unit("大气处", scope="某市气象局")
    found = comparands([link(task(of=AFTER, units=[after, its_heir, stranger]), task(units=[before, division]))],
                       reforms=frozenset({("某市环境保护局", "某市生态环境局")}), heirs={before.id: {after.id}})
    (change,) = unit_changes(found)
    assert (change.stayed, change.joined, change.left) == (["市环保局 → 市生态环境局", "大气处"], ["大气处"], [])


def test_units_of_two_bodies_are_not_compared_by_name():
    """Each of them would have left, and each of the other body's joined."""
    here, there = unit("科技司"), unit("科技处", scope="某市")
    one = link(task(of=AFTER, units=[there]), task(units=[here]))
    (change,) = unit_changes(comparands([one], relation="takes_up"))
    assert (change.stayed, change.joined, change.left, change.lead_changed) == ([], None, None, None) and "two bodies" in change.note
    (change,) = unit_changes(comparands([one], relation="takes_up", counterparts={here.id: {there.id}, there.id: {here.id}}))
    assert (change.stayed, change.left) == (["科技司 → 科技处"], None) and "counterparts" in change.note


@pytest.mark.parametrize(("earlier", "later", "changed"), [
    (["lead", "support"], ["lead", "support"], False), (["lead", "support"], ["support", "lead"], True), (["lead", "lead"], ["lead", "support"], True), (["responsible", "responsible"], ["lead", "support"], None)])
def test_a_lead_that_changed(earlier, later, changed):
    """Where one of both tasks has no lead marked nothing can be said."""
    sides = [[unit(name, role) for name, role in zip(("科技司", "财务司"), roles, strict=True)] for roles in (earlier, later)]
    (change,) = unit_changes(comparands([link(task(of=AFTER, units=sides[1]), task(units=sides[0]))]))
    assert change.lead_changed is changed


def test_no_lead_is_read_into_a_plan_that_marks_none():
    (change,) = unit_changes(comparands([link(task(of=AFTER, units=[unit("科技司", "lead")]), task(of=plan("平", "flat"), units=[unit("科技司")]))]))
    assert (change.lead_earlier, change.lead_later, change.lead_changed) == (None, ["科技司"], None)


def test_tasks_without_a_stated_unit_tell_no_change():
    assert unit_changes(comparands([link(task(of=AFTER), task())])) == []
    (change,) = unit_changes(comparands([link(task(of=AFTER), task(units=[unit("科技司")]))]))
    assert (change.left, change.joined) == (None, []) and change.note == "no unit is stated for the later task"


@pytest.mark.parametrize(("words", "verb"), [
    ("开展近海5G信号覆盖试点", "试点"), ("推进数字校园建设全覆盖", "全覆盖"), ("启动实施“智慧渔港”行动", "启动"), ("探索推广机制", "探索"), ("有序推动人工智能等试点和普及", "普及"),
    ("开展规划研究", "开展"), ("探索规划研究", "探索"), ("研究制定数据标准，开展培训", "开展"), ("依托研究院开展示范性教学", "开展"), ("加快标准规范建设", None)])
def test_the_stage_that_governs(words, verb):
    """开展试点 is a trial and 推进全覆盖 is everywhere; 研究 and 示范 tell none, and what is explored is not yet spread."""
    stage = find_stage(words)
    assert (stage and stage.verb) == verb


def stages_of(earlier: str, later: str, **facts):
    return [(stage.change, stage.earlier.verb, stage.later.verb, stage.closely) for stage in stage_changes(comparands([link(task(later, of=AFTER), task(earlier), **facts)]))]


def test_a_line_of_work_that_went_up_or_down():
    assert stages_of("在三省开展试点。", "全面推开河长制。") == [("up", "试点", "全面推开", True)]
    assert stages_of("推广河长制。", "探索河长制。") == [("down", "推广", "探索", True)]
    assert stages_of("试点河长制。", "河长制试点。") == [("same", "试点", "试点", True)]
    assert stages_of("编制规划。", "全面推开河长制。") == []


@pytest.mark.parametrize(("earlier", "later"), [
    ("落实渔港经费。", "研究渔港经费。"), ("推广河长制。", "召开常态化经验交流会。"), ("试点养殖。", "发展规模化养殖。"), ("推广河长制。", "建设河湖示范区。")])
def test_words_that_tell_no_stage(earlier, later):
    """落实 to 研究 is no step back, and 常态化, 规模化 and 示范 say how or where, not how far."""
    assert stages_of(earlier, later) == []


def test_words_that_the_rest_of_the_sentence_outdoes_are_no_change():
    """The evidence says 推进 only, but the sentence that goes on has 普及 too: nothing went up."""
    earlier = "实施空间普及行动，加快推进空间建设。"
    assert stages_of(earlier, "推动空间应用普及。", evidence_earlier="加快推进空间建设", place_earlier=(9, 17), sentences_earlier=[(0, 18)]) == [("same", "普及", "普及", False)]


def test_a_heading_above_several_tasks_is_not_this_ones_stage():
    earlier = replace(task("清理港池沉船。"), start=100, sentences=[])
    one = link(task("扩大行动覆盖面。", of=AFTER), earlier, evidence_earlier="一、启动智慧渔港行动", place_earlier=(80, 90))
    assert stage_changes(comparands([one])) == []
    earlier.own_heading = True
    assert [stage.change for stage in stage_changes(comparands([one]))] == ["up"]


def standings(earlier: list[Task], later: list[Task], links=()) -> dict[str, str]:
    return {row.name: row.standing for row in programme_changes(comparands(list(links), earlier, later))}


def naming(text: str, *names: str, of=BEFORE) -> Task:
    return task(text, of=of, programmes=list(names))


def test_programmes_rise_in_number_and_in_share():
    """From 1 of 2 tasks to 2 of 6 is no rise: the plan grew."""
    one, other = naming("办好“净滩日”。", "净滩日"), naming("推进“智慧渔港”。", "智慧渔港")
    later = [naming("办好“净滩日”。", "净滩日", of=AFTER) for _ in range(2)] + [naming("推进“智慧渔港”。", "智慧渔港", of=AFTER) for _ in range(4)]
    assert standings([one, other], later) == {"净滩日": "held", "智慧渔港": "rose"}
    assert standings(later, [one, other]) == {"净滩日": "held", "智慧渔港": "fell"}


def test_programmes_that_came_and_went():
    """A name that one plan marks is looked for in the other's words; editions and the names of programmes.csv are one."""
    earlier = [naming("推进“三个课堂”。", "三个课堂"), naming("办好“鱼病云诊”。", "鱼病云诊"), naming("实施能力提升工程。", "能力提升工程")]
    later = [naming("推动专递课堂、名师课堂建设。", of=AFTER), naming("用好鱼病云诊，办好“云课堂”。", "云课堂", of=AFTER), naming("实施能力提升工程（第三轮）。", "能力提升工程（第三轮）", of=AFTER)]
    assert standings(earlier, later) == {"三个课堂": "held", "鱼病云诊": "held", "能力提升工程": "held", "云课堂": "new"}
    assert standings(earlier, later[2:]) == {"三个课堂": "gone", "鱼病云诊": "gone", "能力提升工程": "held"}


def test_a_programme_is_perhaps_renamed_where_a_linked_task_holds_most_of_its_name():
    """Called new and gone, one line of work would be counted as two."""
    earlier, later = naming("实施新周期教师能力提升工程。", "新周期教师能力提升工程"), naming("深入推进某市教师能力提升工程。", "某市教师能力提升工程", of=AFTER)
    assert set(standings([earlier], [later], [link(later, earlier)]).values()) == {"perhaps renamed"}
    assert set(standings([earlier], [later]).values()) == {"new", "gone"}
