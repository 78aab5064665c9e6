"""Characters that a font draws with one glyph, and of which a PDF's text layer often names the wrong one.

Chromium and others print 工 and the radical ⼯ (U+2F2F) alike and write down the radical; found by printing all of
GB 2312 in Noto Sans and Noto Serif CJK and reading it back. Only such look-alikes are put right: the full-width and
circled characters that NFKC would change too are the text's own.
"""

from __future__ import annotations

import unicodedata

# The radicals of the supplement (U+2E80) have no decomposition, save two; from Unicode's EquivalentUnifiedIdeograph.
_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺉刂⺊卜⺋㔾⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺨犭⺩王⺫罒⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺶羊"
    "⺹耂⺺肀⺼月⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀")
# 户, which NFKC makes 戶; signs of the same kind; and one character that Noto Sans draws as another (胶).
_SIGNS = "⼾户―—‒–〜～∕／㬵胶"


def _table() -> dict[int, str]:
    pairs = _SUPPLEMENT + _SIGNS
    table = {ord(wrong): right for wrong, right in zip(pairs[::2], pairs[1::2], strict=True)}
    # Kangxi radicals, the two of the supplement, and the compatibility ideographs
    for start, end in ((0x2F00, 0x2FE0), (0x2E80, 0x2F00), (0xF900, 0xFB00), (0x2F800, 0x2FA20)):
        for code in range(start, end):
            if code not in table and (right := unicodedata.normalize("NFKC", chr(code))) != chr(code) and len(right) == 1:
                table[code] = right
    return table


LOOKALIKES = _table()  # for str.translate
