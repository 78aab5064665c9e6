"""Plain text (.txt, .md) in the encodings that Chinese offices save it in."""

from __future__ import annotations

from ingest.errors import NotText, WrongEncoding


def decode(path: str, data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with or without BOM, else GB18030 where that gives Chinese text.

    Line ends stay as they stand. Raises NotText or WrongEncoding, which name the byte.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise WrongEncoding(path, error.start) from None
    if (zero := data.find(b"\0")) >= 0:
        if text := _decode_bare_utf16(data):
            return text
        raise NotText(path, zero)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad_byte = error.start
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise WrongEncoding(path, bad_byte) from None
    if not _is_chinese(text):
        raise WrongEncoding(path, bad_byte)
    return text


def _decode_bare_utf16(data: bytes) -> str | None:
    """UTF-16 that lost its BOM: the zeros are the upper bytes of line ends and digits, so most stand on one side."""
    lower = data[::2].count(0)
    upper = data[1::2].count(0)
    try:
        text = data.decode("utf-16-le" if upper > lower else "utf-16-be")
    except UnicodeDecodeError:
        return None
    return text if "\0" not in text and _is_chinese(text) else None


def _is_chinese(text: str) -> bool:
    """Whether the characters are mostly the 3,755 common ones of GB 2312's first level.

    UTF-8 with one bad byte, read as GB18030, gives characters too, but rare ones (鏁欒偛 for 教育).
    """
    sample = [c for c in text[:20_000] if "\u4e00" <= c <= "\u9fff"]
    foreign = sum(1 for c in text[:20_000] if ord(c) > 0x7F) - len(sample)
    common = sum(1 for c in sample if 0xB0 <= c.encode("gb18030")[0] <= 0xD7 and len(c.encode("gb18030")) == 2
                 and c.encode("gb18030")[1] >= 0xA1)
    return bool(sample) and common >= 0.85 * len(sample) and foreign <= 2 * len(sample)
