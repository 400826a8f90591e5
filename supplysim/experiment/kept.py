"""Small files that are kept between runs: found by the name of what was asked, and sound if their content says so.

A file is called ``<name>-<hash of its content><suffix>``, written aside and moved into place, so that it is there as a
whole or not at all and a damaged or foreign one is as good as none. What cannot be written is done without.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

WRITING = ".writing-"  # what a file is called until it is whole


def find(folder: Path, name: str, suffix: str) -> bytes | None:
    """Return what is kept under a name; None if nothing is, or it is not what was written."""
    for path in folder.glob(f"{name}-*{suffix}"):
        with suppress(OSError):
            content = path.read_bytes() if path.is_file() else b""  # a pipe would be waited for
            if path.name == _file(name, content, suffix):
                return content
    return None


def keep(folder: Path, name: str, suffix: str, content: bytes) -> None:
    """Keep something under a name, whole or not at all."""
    aside = folder / f"{WRITING}{uuid4().hex}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            aside.write_bytes(content)
            os.replace(aside, folder / _file(name, content, suffix))
        finally:
            aside.unlink(missing_ok=True)


def digest(content: bytes) -> str:
    """Return a hash of some bytes as 32 letters."""
    return blake2b(content, digest_size=16).hexdigest()


def _file(name: str, content: bytes, suffix: str) -> str:
    return f"{name}-{digest(content)}{suffix}"
