"""Disks that take no more, for tests that fill one or make it read-only: a tmpfs of a given size, where this user may mount one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes at `folder`; the test is skipped, loudly, where none may be mounted."""
    folder.mkdir(exist_ok=True)
    if not shutil.which("mount") or _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)):
        pytest.skip("a full and a read-only disk: mounting a tmpfs is not permitted here (root in a container with CAP_SYS_ADMIN may)")
    try:
        yield folder
    finally:
        assert _run("umount", str(folder)) == 0, f"{folder} is still mounted"


def remount(folder: Path, option: str) -> None:
    """`size=…`, `ro` or `rw`."""
    assert _run("mount", "-o", f"remount,{option}", str(folder)) == 0


def _run(*command: str) -> int:
    return subprocess.run(command, capture_output=True).returncode
