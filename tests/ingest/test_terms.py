"""The words of a task: what is one word, what is none, where each stands, and that jieba is left as it was found."""

from __future__ import annotations

import marshal
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Terms

PLAIN = Terms()


def words(text: str, terms: Terms = PLAIN) -> list[str]:
    return [term.word for term in terms.of(text)]


# What is a word, beside what is none.
CASES = {
    "long compounds are one word": ("强化网络安全和人工智能", ["强化", "网络安全", "人工智能"]),
    "words that no dictionary of 2012 has": ("布局算力，发展托育", ["布局", "算力", "发展", "托育"]),
    "a unit is none, 教育部门 is two words": ("教育部、市教育局会同教育部门", ["会同", "教育部门"]),
    "an office is none, 改革办法 is no office": ("省改革办印发改革办法", ["印发", "改革", "办法"]),
    "a place is none, 新城区 is a word": ("上海市黄浦区和浙江建设新城区", ["建设", "新城区"]),
    "a county that is no word of jieba's": ("双流区建设公园", ["建设", "公园"]),
    "numbers are none": ("新增1200万人次、三年建成第二批20个，达到95%以上，2.0行动计划", ["新增", "建成", "行动计划"]),
    "words with a number's sign are": ("一体化推进十四五规划，布局千兆光网和5G", ["一体化", "推进", "十四五", "规划", "布局", "千兆", "光网", "5G"]),
    "function words and single characters are none": ("按照有关要求，进一步对其中的各类学校抓好及以上", ["要求", "学校", "抓好"]),
    "whose plan it is, is none": ("在全市开展，我省全域旅游", ["开展", "全域", "旅游"]),
    "full-width letters": ("推广ＡＩ应用", ["推广", "AI", "应用"]),
    "masked places": ("xx市建设某某平台", ["建设", "平台"]),
    "a line that ends within a word": ("建设数据平\n 台，用 open data", ["建设", "数据", "平台", "open", "data"]),
    "nothing": ("", []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_a_word(case):
    """A table would be headed by names of offices, by numbers or by halves of words."""
    text, expected = CASES[case]
    assert words(text) == expected


def test_a_programme_is_one_word_wherever_it_stands():
    """Half of 智慧渔港 would be counted as 智慧, and none of it as what the ministry calls it."""
    text = "落实“智慧渔港”行动，全市智慧渔港达到6个；开展“一师一优课,一课一名师”活动"
    assert words(text, Terms(["智慧渔港", "一师一优课，一课一名师"])) == ["落实", "智慧渔港", "行动", "智慧渔港", "开展", "一师一优课,一课一名师", "活动"]
    assert words(text) == ["落实", "智慧", "渔港", "行动", "智慧", "渔港", "开展", "一师", "一优课", "一课", "名师", "活动"]


def test_of_two_programmes_the_longer_is_taken():
    """智慧渔港示范 would be counted as 智慧渔港 and a rest."""
    assert words("推进智慧渔港示范和智慧渔港", Terms(["智慧渔港", "智慧渔港示范"])) == ["推进", "智慧渔港示范", "智慧渔港"]


def test_a_programme_of_two_characters_is_no_word_by_force():
    """“大脑” as a name would be cut out of 最强大脑袋 and the like."""
    assert words("建设城市大脑", Terms(["市大"])) == ["建设", "城市", "大脑"]


def test_units_and_places_of_the_plans_are_no_words():
    """The later plan would be told from the earlier by its own town and its offices, which the clause names anyway."""
    text = "临澜市渔技中心在临澜和青屿县牵头建设渔技平台"
    terms = Terms(units=["渔技中心", "市渔技中心"], places=["临澜市", "青屿县渔业局"])
    assert words(text, terms) == ["牵头", "建设", "渔技", "平台"]
    assert {"临澜市", "青屿县"} & set(words(text)), "without the names they are words like others"


@given(st.lists(st.sampled_from(["智慧渔港", "市教育局", "浙江", "网络安全", "算力", "5G", " ", "\n", "，", "（", "ＡＩ", "㎡", "①", "百", "的", "ﬁ", "x"]), max_size=12).map("".join))
def test_every_word_stands_where_it_says(text):
    """An example would be cut out of the wrong sentence."""
    end = 0
    for term in Terms(["智慧渔港"]).of(text):
        assert end <= term.start < term.end <= len(text)
        assert "".join(unicodedata.normalize("NFKC", text[term.start:term.end]).split()) == term.word
        end = term.end


def test_what_one_caller_knows_no_other_learns(tmp_path, monkeypatch):
    """An answer would hang on what was asked before it, and another library's words on ours."""
    import jieba

    monkeypatch.setattr(jieba, "dt", jieba.Tokenizer())
    jieba.dt.tmp_dir = str(tmp_path)
    text = "智慧渔港和渔技中心平台，归海局"
    before = list(jieba.dt.cut(text)), words(text)
    mine = Terms(["智慧渔港"], ["渔技中心", "归海局"], ["渔技市"])
    assert words(text, mine) == ["智慧渔港", "平台"]
    assert (list(jieba.dt.cut(text)), words(text)) == before
    assert words(text, mine) == ["智慧渔港", "平台"]


# What a process of its own prints of a text's words.
_ASK = "import sys; from ingest.terms import Terms; print('/'.join(term.word for term in Terms(['智慧渔港'], ['渔技中心']).of('渔技中心建设智慧渔港，强化网络安全和算力')))"


@pytest.mark.slow
def test_no_file_is_written_or_trusted_and_nothing_is_said(tmp_path):
    """jieba keeps its dictionary in the folder for temporary files, which others share: a file that somebody left there would
    decide what a word is, and two processes could meet."""
    left = tmp_path / "jieba.cache"
    left.write_bytes(marshal.dumps(({"网络安": 9_000_000, "网络": 0, "网": 0}, 9_000_000)))
    before = left.read_bytes()
    env = {"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "PYTHONWARNINGS": "default", "PYTHONIOENCODING": "utf-8"}
    asked = [subprocess.Popen([sys.executable, "-c", _ASK], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for process in asked:
        out, said = process.communicate(timeout=60)
        assert (out.decode().strip(), said.decode()) == ("建设/智慧渔港/强化/网络安全/算力", "")
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"] and left.read_bytes() == before
