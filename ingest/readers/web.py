"""Saved web pages (.html): the article's paragraphs as lines, what the page says about it as front matter."""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from ingest.errors import DamagedFile, WrongEncoding
from ingest.readers.lines import as_text
from ingest.readers.web_body import find_body
from ingest.readers.web_front import front_matter
from ingest.readers.web_lines import element_lines

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,20})""", re.I)
_DECLARED_WITHIN = 8_192  # bytes; the standard says 1,024, saved pages put a comment and scripts before it


def read_html(path: str, data: bytes) -> str:
    """The page's text: front matter, title, main text."""
    text = decode_page(path, data)
    tree = _parse(text)
    try:
        body, is_chosen = find_body(tree, text) if tree is not None else (None, False)
        lines = element_lines(body, whole=is_chosen) if body is not None else []
    except RecursionError:
        raise DamagedFile(path, "web page", "its elements are nested too deeply") from None
    except etree.LxmlError as error:
        raise DamagedFile(path, "web page", error) from None
    if not lines:
        raise DamagedFile(path, "web page", "it holds no words of its own: where a script puts them in, save it from a browser when they show")
    front, title = front_matter(tree, body, lines)
    return front + as_text([*title, *lines])


def decode_page(path: str, data: bytes) -> str:
    """A page's characters. UTF-8 that is valid is believed before what the page declares, since saving may change
    one and not the other; gb2312 means the whole of GB18030."""
    for bom, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    match = _CHARSET.search(data[:_DECLARED_WITHIN])
    declared = (match[1] or match[2]).decode().lower() if match else ""
    if declared in ("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936"):
        declared = "gb18030"
    bad_byte = 0
    for encoding in ("utf-8", declared, "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            bad_byte = bad_byte or error.start
        except LookupError:
            continue
    # A page is not lost for one bad byte: a browser shows a sign in its place.
    text = min((data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")), key=lambda text: text.count("\ufffd"))
    if text.count("\ufffd") > len(text) / 200:
        raise WrongEncoding(path, bad_byte)
    return text


def _parse(text: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, huge_tree=True)
    # Bytes, since lxml refuses a str that declares an encoding of its own.
    return etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
