"""Fetch what a browser needs into `assets/cdn`: by name, version and integrity hash, with the npm client.

    python -m supplysim.viz.fetch

The folder is not part of the repository; the wheel carries it. Without it the app uses the public copies.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
PINS = HERE / "web.json"
FOLDER = HERE / "assets" / "cdn"
DONE = ".complete"
WAIT = 120  # seconds for one package


class CannotFetch(RuntimeError):
    """The files could not be had, or were not the pinned ones; the message says which and why."""


def packages() -> list[dict[str, Any]]:
    """Return the pinned packages."""
    return json.loads(PINS.read_text("utf-8"))["packages"]


def pinned() -> str:
    """Return what marks a folder as holding exactly these versions."""
    return hashlib.sha256(PINS.read_bytes()).hexdigest()


def complete(folder: Path = FOLDER) -> bool:
    """Return whether a folder holds the pinned files."""
    mark = folder / DONE
    return mark.is_file() and mark.read_text("utf-8").strip() == pinned()


def fetch(folder: Path = FOLDER, npm: str | None = None) -> int:
    """Fetch all packages; return the number of files. Nothing is left behind if one fails.

    Raises
    ------
    CannotFetch
        Without npm, without the registry, or when a package is not the one that was pinned.
    """
    npm = npm or shutil.which("npm")
    if npm is None:
        raise CannotFetch("npm is not installed")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".fetching-") as aside:
        tree = Path(aside) / "cdn"
        count = sum(_package(package, tree, Path(aside), npm) for package in packages())
        (tree / DONE).write_text(pinned() + "\n", "utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        tree.rename(folder)
    return count


def _package(package: dict[str, Any], tree: Path, aside: Path, npm: str) -> int:
    name = f"{package['name']}@{package['version']}"
    before = set(aside.glob("*.tgz"))
    command = [npm, "pack", name, "--silent", "--pack-destination", str(aside)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotFetch(f"npm pack {name}: {error}") from error
    archives = set(aside.glob("*.tgz")) - before
    if done.returncode or len(archives) != 1:
        raise CannotFetch(f"npm pack {name}: {done.stderr.strip().splitlines()[-1:] or 'no archive'}")
    archive = archives.pop()
    verify(archive.read_bytes(), package["integrity"], name)
    return unpack(archive, tree / name, package["files"], name)


def verify(content: bytes, integrity: str, name: str) -> None:
    """Raise CannotFetch unless the content has the pinned hash."""
    kind, _, expected = integrity.partition("-")
    if base64.b64encode(hashlib.new(kind, content).digest()).decode() != expected:
        raise CannotFetch(f"{name} is not the package that was pinned: its {kind} hash differs")


def unpack(archive: Path, target: Path, wanted: list[str], name: str) -> int:
    """Write the wanted files of an npm archive under a folder; return how many."""
    count = 0
    with tarfile.open(archive) as content:
        for member in content:
            path = member.name.partition("/")[2]
            if member.isfile() and ".." not in path.split("/") and any(fnmatch(path, want) for want in wanted):
                file = target / path
                file.parent.mkdir(parents=True, exist_ok=True)
                source = content.extractfile(member)
                assert source is not None
                file.write_bytes(source.read())
                count += 1
    if count < len(wanted):
        raise CannotFetch(f"{name} lacks some of {', '.join(wanted)}")
    return count


def main() -> int:
    """Fetch unless it is done; say what happened."""
    if complete():
        return 0
    try:
        count = fetch()
    except CannotFetch as error:
        print(f"The app will load its web files from their public copies: {error}.", file=sys.stderr)
        return 0
    print(f"Fetched {count} web files for the app; it now works without the internet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
