"""What a unit is there for, by its name: the words that mean one function, and those that only look like it."""

from __future__ import annotations

import pytest

from ingest.counterparts import PATH, functions_of, places_of, read_functions
from ingest.errors import BadGazetteer

HEADER = "function,sort,field,words,note\n"


@pytest.mark.parametrize(("one", "other", "function"), [
    (("科技司", "教育部"), ("科技处", "青岛市教育局"), "教育/科技"),
    (("基教司", "教育部"), ("普教处", "青岛市教育局"), "教育/基础教育"),
    (("基教司", "教育部"), ("基础教育处", "山东省教育厅"), "教育/基础教育"),
    (("财务司", "教育部"), ("计财处", "上海市教育委员会"), "教育/财务"),
    (("办公厅", "水利部"), ("办公室", "青岛市水务局"), "水利/办公"),
    (("教师司", "教育部"), ("人事与教师处", "青岛市教育局"), "教育/教师"),
    (("社会组织管理局", "民政部"), ("社会组织管理科", "昆山市民政局"), "民政/社会组织"),
    (("基层政权建设和社区治理司", "民政部"), ("基层政权科", "昆山市民政局"), "民政/基层政权"),
    (("农水司", "水利部"), ("市水务局农水科", "青岛市"), "水利/农村水利"),
    (("教育部", "全国"), ("省教育厅", "山东省"), "教育"),
    (("教育部", "全国"), ("市教委", "上海市"), "教育"),
    (("省水利厅", "山东省"), ("市水务局", "青岛市"), "水利"),
    (("国家旅游局", "全国"), ("市文化旅游局", "青岛市"), "旅游"),
    (("中央组织部", "全国"), ("市委组织部", "青岛市"), "组织"),
    (("共青团中央", "全国"), ("团市委", "青岛市"), "共青团"),
    (("国务院办公厅", "全国"), ("市政府办公室", "青岛市"), "政府办公"),
    (("中国疾控中心", "全国"), ("市疾控中心", "青岛市"), "疾控中心"),
    (("最高人民法院", "全国"), ("区法院", "黄浦区"), "法院"),
])
def test_names_of_one_function(one, other, function):
    assert function in functions_of(*one) and function in functions_of(*other)


@pytest.mark.parametrize(("one", "other"), [
    (("科技司", "教育部"), ("科技处", "青岛市水务局")),  # the same word in another field
    (("科技司", "教育部"), ("市科技局", "青岛市")),  # a division and a department
    (("财务司", "教育部"), ("市财政局", "青岛市")),
    (("民族司", "教育部"), ("民族处", "青岛市民宗局")),
    (("国家旅游局", "全国"), ("市文化局", "青岛市")),  # both went into one department later
    (("市政府办公室", "青岛市"), ("市委办公室", "青岛市")),
    (("省水利厅", "山东省"), ("市水文局", "青岛市")),
    (("市疾控局", "青岛市"), ("中国疾控中心", "全国")),
    (("教育部", "全国"), ("市体育局", "青岛市")),
])
def test_near_misses_have_none_in_common(one, other):
    first, second = functions_of(*one), functions_of(*other)
    assert first and second and not set(first) & set(second)


@pytest.mark.parametrize(("name", "scope"), [("市人民政府", "青岛市"), ("国家电网", "全国"), ("南京路街道", "黄浦区"), ("高新区管委会", "青岛市"), ("青岛市", "青岛市"), ("各区政府", "青岛市")])
def test_what_is_not_compared_has_none(name, scope):
    assert functions_of(name, scope) == ()


def test_a_body_that_does_not_say_its_field():
    """科技处 in a plan that names no bureau may be of any: the lines of work must say."""
    assert functions_of("科技处", "xx市") == ("?/科技",)
    assert functions_of("科技司", "海岸与渔业部") == ("海岸渔业/科技", "?/科技")
    assert functions_of("市技装中心", "xx市") == ("技装中心", "?/电化教育与装备") and "?/电化教育与装备" in functions_of("中央电教馆", "全国")
    assert functions_of("区划地名科", "xx市") == ("?/区划地名",)  # no tier's 区


def test_places_lead_upwards():
    assert places_of("昆山市水利局") == ("昆山市", "苏州市", "江苏省")
    assert places_of("上海市黄浦区") == places_of("黄浦区") == ("黄浦区", "上海市")
    assert places_of("云川省泽阳市水务局") == ("泽阳市", "云川省")
    assert places_of("xx市") == ("xx市",) and places_of("教育部") == places_of("全国") == ()


def test_the_shipped_table_is_right():
    rows = read_functions(PATH.read_text(encoding="utf-8"))
    assert len(rows) > 100 and {row.sort for row in rows} == {"body", "unit"}
    assert {row.field for row in rows} >= {"", "教育", "卫生健康", "民政", "水利"}


@pytest.mark.parametrize(("rows", "problem"), [
    ("", "line 1: the columns are not function,sort,field,words,note"),
    ("function,sort,field,words\n", "line 1: the columns are not"),
    (HEADER + "财务,unit,,财务 计财\n", "line 2: 4 cells, but there are 5 columns"),
    (HEADER + "财务,division,,财务 计财,\n", "line 2: the sort 'division' is neither body nor unit"),
    (HEADER + ",unit,,财务,\n", "line 2: the function '' is none"),
    (HEADER + "教育/财务,unit,,财务,\n", "line 2: the function '教育/财务' is none"),
    (HEADER + "财务,unit,,,\n", "line 2: 财务 has no words"),
    (HEADER + "财务,unit,,财务 计财 财务,\n", "line 2: 财务: the word 财务 stands here twice"),
    (HEADER + "财务,unit,,财务与审计,\n", "line 2: 财务: write the word '财务与审计' without 与"),
    (HEADER + "财务,unit,教学,财务,\n", "line 2: the field '教学' is none"),
    (HEADER + "水利,body,水利,水务局,\n", "line 2: 水利: a row of the sort body has no field"),
    (HEADER + "水利,body,,水务厅,\n", "line 2: '水务厅' is not in units.yaml; give it an entry among the ministries or bureaus"),
    (HEADER + "教育,body,,教育委员会,\n", "line 2: '教育委员会' is another spelling of 教委; write 教委"),
    (HEADER + "财务,unit,,财务,\n财务,unit,,计财,\n", "line 3: 财务 stands here a second time; add the words to line 2"),
])
def test_wrong_row_is_named(rows, problem):
    with pytest.raises(BadGazetteer) as refused:
        read_functions(rows)
    assert str(refused.value).startswith("counterparts.csv: ") and problem in str(refused.value)
