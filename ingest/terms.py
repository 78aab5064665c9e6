"""The words of a task, for counting which of them set one set of plans apart from another.

Words are jieba's. What a plan calls a programme is one word; names of units and places, numbers, single characters and
function words are none. The same text gives the same words in every process: jieba's own dictionary as it ships, the
gazetteer and the table of places, and the names that the caller gives.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.gazetteer import gazetteer
from ingest.numbers import COUNTERS
from ingest.places import find_place, place_names

# What holds sentences of any subject together, stands around numbers and dates, or says whose plan it is (全市);
# verbs of plans (推进, 加强) are words.
FUNCTION_WORDS = frozenset(
    "以及 及其 及时 或者 或是 还是 并且 而且 同时 此外 另外 其中 其他 其它 其余 等等 例如 比如 包括 因此 所以 因为 由于 如果 不过 然后 从而 以便 以免 只有 只要 无论 不仅 虽然 但是 既有 "
    "按照 通过 关于 对于 根据 依据 依照 针对 经过 为了 围绕 随着 作为 以此 有关 相关 所在 之一 之间 之外 之后 之前 之家 之内 "
    "各地 各级 各类 各项 各区 各县 各市 各省 各镇 各村 各校 各方 每个 每年 每月 每日 每周 每天 每期 每季 每季度 每家 每户 每人 每支 每半年 全年 自身 自己 本地 本级 本省 本市 本区 本县 我省 我市 我区 我县 我国 "
    "全国 全省 全市 全区 全县 全镇 任何 一切 一些 这些 那些 这个 那个 该项 上述 以下 如下 所有 单个 同一 若干 多个 多种 第一 "
    "以上 以内 左右 以外 以来 以前 以后 不少 不少于 不低于 不超过 至少 最多 超过 低于 高于 达到 为期 "
    "年底 年内 年初 年末 月底 月初 日前 今年 上年 去年 明年 当年 上半年 下半年 季度 一季度 二季度 三季度 四季度 年度 期间 期内 "
    "一是 二是 三是 四是 五是 进一步 不断 逐步 分别 一律 必须 可以 应当 可能 不得 未经 不再 已经 正在 尤其 特别 更加 十分 比较 相对 由市 由区 由县 由省 是否".split())
_NUMERAL = "0-9０-９.．,，%％‰〇零一二两三四五六七八九十百千万亿几数半首多余"
_NUMBER = re.compile(rf"(?!十[一二三四五]五$)第?[{_NUMERAL}]+(?:{COUNTERS}|年|月|日|天|周|分钟|小时|年级|等|类|者|多)?")  # 一批, 万人次, 第三期; near misses: 一体化, 十四五
_MEANS = re.compile(r"[\u3400-\u9fffA-Za-z]")
_MASK = re.compile(r"[xX×某]+")
_BREAK = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")  # a line of a PDF ends in the middle of a word
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Term:
    """One word where it stands: `text[start:end]`, of which `word` is the NFKC form without white space."""

    word: str
    start: int
    end: int


class Terms:
    """Finds the words of texts that know the same names."""

    def __init__(self, programmes: Iterable[str] = (), units: Iterable[str] = (), places: Iterable[str] = ()) -> None:
        """`programmes`: names, each one word wherever it stands; `units` and `places`: further names that are no words,
        beside the gazetteer's and the table's. A place's name also without the word for its tier: 临澜 of 临澜市."""
        self._programmes: dict[str, list[str]] = {}
        for name in sorted({_even(name)[0] for name in programmes}, key=lambda name: (-len(name), name)):
            if len(name) > 2:  # two characters stand inside other words
                self._programmes.setdefault(name[:2], []).append(name)
        parts = {part for place in places if (found := find_place(place)) for part in found.parts}
        own = {name for name in units if _PLAIN.fullmatch(name)} | parts | {part[:-1] for part in parts if len(part) > 2}
        self._left_out = _names() | own
        self._cut = _tokenizer(own - _names()).tokenize

    def of(self, text: str) -> list[Term]:
        """The words in the order of the text, each time that they stand in it.

        They do not overlap: 网络安全 is one word and not also 网络 and 安全 (jieba's search mode gives all three), so that one
        difference between two sides is one row. Words that the dictionary lacks are put together by jieba's hidden Markov
        model: without it 算力, 托育 and 碳达峰, the words by which one knows a plan's year, would fall to pieces.
        """
        even, places = _even(text)
        found, begin, at = [], 0, 0
        while at < len(even):
            name = next((name for name in self._programmes.get(even[at:at + 2], ()) if even.startswith(name, at)), None)
            if name:
                found += [*self._between(even, begin, at), (name, at, at + len(name))]
                begin = at + len(name)
            at += len(name) if name else 1
        found += self._between(even, begin, len(even))
        return [Term(word, places[start], places[end - 1] + 1) for word, start, end in found]

    def _between(self, even: str, begin: int, end: int) -> list[tuple[str, int, int]]:
        return [(word, begin + start, begin + stop) for word, start, stop in self._cut(even[begin:end]) if self._counts(word)]

    def _counts(self, word: str) -> bool:
        return (len(word) > 1 and word not in FUNCTION_WORDS and word not in self._left_out and bool(_MEANS.search(word))
                and not _NUMBER.fullmatch(word) and not _MASK.fullmatch(word))


def _even(text: str) -> tuple[str, list[int]]:
    """The text in NFKC without white space, save between letters or digits, and for each character its place in the text."""
    space = {at for match in _BREAK.finditer(text) for at in range(*match.span())}
    places = [at for at in range(len(text)) if at not in space]
    # Character by character, for the places' sake: what would become several stays as it is.
    return "".join(even if len(even := unicodedata.normalize("NFKC", text[at])) == 1 else text[at] for at in places), places


@cache
def _names() -> frozenset[str]:
    """The gazetteer's spellings and the places of the table."""
    book = gazetteer()
    units = {*book.ministry_spellings, *book.complete, *book.bureaus, *book.bureaus.values(), *(spelling for _, spelling in book.divisions)}
    return frozenset(units) | place_names()


def _tokenizer(names: Iterable[str]) -> Any:
    """A tokenizer that knows these names besides; what it learns stays with it."""
    known, tokenizer = _dictionary(), _jieba().Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = dict(known.FREQ), known.total, True
    _teach(tokenizer, names)
    return tokenizer


@cache
def _dictionary() -> Any:
    """jieba's dictionary with the names of `_names`, for copying.

    It is read anew in each process (0.6 s). jieba itself would keep it as `jieba.cache` in the folder for temporary files
    and trust whatever file of that name is there: another version's, another user's, one that cannot be replaced. It would
    also say so on stderr. Nothing of that happens where a tokenizer is given its words.
    """
    tokenizer = _jieba().Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    _teach(tokenizer, _names())
    return tokenizer


def _teach(tokenizer: Any, names: Iterable[str]) -> None:
    for name in sorted(names):  # a name's frequency depends on those before it
        if not tokenizer.FREQ.get(name):
            tokenizer.add_word(name)


def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of jieba's source about its own escapes and pkg_resources
        import jieba
    return jieba
