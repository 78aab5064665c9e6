"""Damaged files of every format, as long as asked: a reader ends in text or in one of our errors, in bounded time.

    make soak                      # ten minutes
    python tests/soak/fuzz_readers.py 60 7     # a minute, seed 7

What it finds is written to tests/data/found, where tests/ingest/test_found.py reads it again for ever.
"""

from __future__ import annotations

import contextlib
import io
import random
import sys
import tempfile
import time
import zipfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]

import formats
from browser import chromium_path

from ingest.errors import InputError
from ingest.pipeline import extract
from ingest.readers import READERS, iter_files, read_source

ROOT = Path(__file__).parent.parent.parent
FOUND = ROOT / "tests" / "data" / "found"
SECONDS_A_FILE = 20  # a sound file of this size takes under two


def seeds() -> list[tuple[str, bytes]]:
    """One sound file a format: (suffix, bytes); the .pdf is left out, with a word, where there is no Chromium to print it."""
    sample = ROOT / "ingest" / "samples" / "ministry-2022.txt"
    words, plain = formats.paragraphs_of(sample), sample.read_bytes()
    page = formats.as_page(words)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("计划/a.txt", plain)
        archive.writestr("b.html", page)
    found = [(".txt", plain), (".txt", plain.decode().encode("gb18030")), (".txt", plain.decode().encode("utf-16")), (".md", formats.as_markdown(words)), (".html", page),
             (".docx", formats.as_docx(words)), (".zip", packed.getvalue())]
    if path := chromium_path():
        found += [(".pdf", formats.print_pages(path, {"plan": formats.as_print(words)})["plan"])] * 2
    else:
        print("no Chromium here: .pdf is left out")
    return found


def damage(draw: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Bytes flipped, cut out, doubled, moved, or taken from another file."""
    data = bytearray(data)
    for _ in range(draw.choice((1, 2, 5, 20, 200))):
        at = draw.randrange(len(data) or 1)
        kind = draw.randrange(6)
        length = draw.choice((1, 2, 16, 300, 5_000))
        if kind == 0 and data:
            data[at] = draw.randrange(256)
        elif kind == 1:
            del data[at:at + length]
        elif kind == 2:
            data[at:at] = data[at:at + length]
        elif kind == 3:
            other = draw.choice(others)
            begin = draw.randrange(len(other))
            data[at:at] = other[begin:begin + length]
        elif kind == 4:
            data[at:at] = draw.choice((b"\0", b"\xff\xfe", "（".encode(), b"<table>", b"<w:p>", b"endobj", "责任单位：".encode(), b"\xf0\x9f\x98\x80")) * draw.choice((1, 50, 2_000))
        else:
            data = data[:at] + data[:length] + data[at:]
    return bytes(data[:3_000_000])


def read_all(path: Path) -> None:
    """Read and extract what a file, or an archive's files, hold; our own errors are what should come of damage."""
    for name in iter_files([path]):
        with contextlib.suppress(InputError):
            extract(read_source(name))


def main(seconds: float, seed: int) -> int:
    draw = random.Random(seed)
    sound = seeds()
    others = [data for _, data in sound]
    end = time.monotonic() + seconds
    tried, bad, slowest = 0, 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            suffix, data = draw.choice(sound)
            data = damage(draw, data, others)
            if draw.random() < 0.1:
                suffix = draw.choice([*READERS, ".zip"])
            path = Path(folder, f"damaged{suffix}")
            path.write_bytes(data)
            begin = time.process_time()
            problem = ""
            try:
                read_all(path)
            except Exception as error:  # noqa: BLE001  any other error is what is looked for
                problem = type(error).__name__
            taken = time.process_time() - begin
            slowest = max(slowest, taken)
            if taken > SECONDS_A_FILE:
                problem = "slow"
            if problem:
                bad += 1
                FOUND.mkdir(exist_ok=True)
                kept = FOUND / f"{problem}-{seed}-{tried}{suffix}"
                kept.write_bytes(data)
                print(f"{problem}: kept as {kept.relative_to(ROOT)}", flush=True)
            tried += 1
    print(f"{tried:,} damaged files in {seconds:.0f} s (seed {seed}): {bad} read badly, the slowest took {slowest:.1f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600, int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())))
