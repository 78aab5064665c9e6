"""Chinese numerals and dates as numbers: 二十三, 两, 〇, 1.5万, 二〇二四年二月四日."""

import re
import unicodedata

DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0, "Ｏ": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
CHINESE = "[〇零一二两三四五六七八九十百千万亿]"


def chinese_number(text: str) -> int | None:
    """二十三 is 23, 二〇二四 is 2024, 三千万 is 30,000,000; None where it is no number."""
    if not text:
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in _TENS:
            section += (digit or 1) * _TENS[c]
            digit = 0
        elif c in _MYRIADS:
            total = (total + section + digit) * _MYRIADS[c] if c == "亿" else total + (section + digit) * _MYRIADS[c]
            section = digit = 0
        else:
            return None
    return total + section + digit


def arabic_number(text: str) -> float | None:
    """1,000 and １０００ are 1000, 1.5万 is 15,000; None where it is no number."""
    text = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    factor = 1
    while text and text[-1] in "十百千万亿":
        factor *= _MYRIADS.get(text[-1]) or _TENS[text[-1]]
        text = text[:-1]
    try:
        return float(text) * factor
    except ValueError:
        return None


_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d|[一二][〇零○Ｏ九][〇零○Ｏ一二三四五六七八九]{2})\s*[年\-./]\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月\-./]"
    r"\s*(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?")


def iso_date(text: str) -> str | None:
    """The first date of the text as YYYY-MM-DD: 2024年2月4日, 2024-02-04, 二〇二四年二月四日."""
    match = _DATE.search(unicodedata.normalize("NFKC", text))
    if not match:
        return None
    year, month, day = (int(g) if g.isdigit() else chinese_number(g) for g in match.group("y", "m", "d"))
    return f"{year:04}-{month:02}-{day:02}" if year and 1 <= (month or 0) <= 12 and 1 <= (day or 0) <= 31 else None
