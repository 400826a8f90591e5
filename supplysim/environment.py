"""What the environment sets: every `SUPPLYSIM_...` value, read here alone, checked, and named when it is wrong."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from supplysim.errors import InputError

CACHE, DATA = "SUPPLYSIM_CACHE", "SUPPLYSIM_DATA"


def whole(name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the environment; the default if it is not set, or empty.

    Raises
    ------
    InputError
        If it is no whole number from `low` to `high`.
    """
    told = os.environ.get(name, "").strip()
    if not told:
        return default
    with suppress(ValueError):
        if low <= int(told) <= high:
            return int(told)
    rule = f"it must be a whole number from {low} to {high}"
    raise InputError(f"environment variable {name}", told, rule, f"unset it, which means {default}")


def cache_root() -> Path:
    """Return the folder of all that is kept between runs: `SUPPLYSIM_CACHE`, or one in the user's cache.

    It need not exist, and may turn out to be closed to writing: who writes there does without then.

    Raises
    ------
    InputError
        If `SUPPLYSIM_CACHE` names something that can be no folder.
    """
    told = os.environ.get(CACHE)
    if told:
        return _named(told, CACHE)
    with suppress(OSError, RuntimeError):  # no home, or no working directory to reckon from
        folder = user_cache_path("supplysim", appauthor=False)
        if folder.is_absolute():  # else there is no home
            return folder
    return private_folder()


def data_root() -> Path:
    """Return the folder of what must outlast the cache, such as a class's room: `SUPPLYSIM_DATA`, or the user's own.

    Raises
    ------
    InputError
        If `SUPPLYSIM_DATA` names something that can be no folder.
    """
    told = os.environ.get(DATA)
    return _named(told, DATA) if told else user_data_path("supplysim", appauthor=False)


def writable_cache(name: str) -> Path:
    """Return a folder of the cache in which files can be made; a private one of this machine where that fails."""
    folder = cache_root() / name
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    return private_folder() / name


def private_folder() -> Path:
    """Return a folder for temporary files that this user alone may write, the same each time.

    Raises
    ------
    InputError
        If nothing can be written anywhere.
    """
    user = str(os.getuid()) if hasattr(os, "getuid") else "user"
    try:
        folder = Path(tempfile.gettempdir()) / f"supplysim-{user}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        about = folder.lstat()
        if not hasattr(os, "getuid") or (stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()):
            return folder
        return Path(tempfile.mkdtemp(prefix="supplysim-"))  # somebody else made it: what is in there is not ours
    except OSError as error:
        rule = f"neither the user's cache nor a folder for temporary files can be written ({reason(error)})"
        raise InputError(CACHE, None, rule, f"set {CACHE} to a folder that can be") from error


def reason(error: BaseException) -> str:
    """Return in a few words what the system says."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def _named(told: str, variable: str) -> Path:
    """Return the folder that a variable names, once it is known not to be something else."""
    place, remedy = f"environment variable {variable}", "name a folder, or unset it"
    try:
        folder = Path(told).absolute()
        existing = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
        is_folder = stat.S_ISDIR(existing.stat().st_mode)
    except (OSError, ValueError) as error:
        raise InputError(place, told, f"it can be no folder ({reason(error)})", remedy) from error
    if not is_folder:
        raise InputError(place, told, f"{existing} is no folder", remedy)
    return folder
