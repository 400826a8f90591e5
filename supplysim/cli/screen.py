"""Where the command line writes: a terminal, pipe or file that may know few letters, be full, closed or gone.

What cannot be encoded is written in plainer letters, what a name contains is never taken for markup, and a stream
that fails swallows the rest and says so in the end: no answer is lost because of the place it is shown in.
"""

from __future__ import annotations

import codecs
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from supplysim.packs.words import said

if TYPE_CHECKING:
    from rich.console import Console

PLAIN = {
    **{"±": "+/-", "−": "-", "–": "-", "—": "-", "…": "...", "≤": "<=", "≥": ">=", "×": "x", "→": "->", "≈": "~"},
    **{"‘": "'", "’": "'", "“": '"', "”": '"', "•": "*", "━": "-", "╸": "-", "╺": "-", "·": ".", "\u00a0": " "},
}
NARROWEST = 40  # columns: below, a table would lose its numbers, and a terminal wraps lines by itself
WIDEST = 4  # digits of a number of columns
GONE = (errno.EPIPE, errno.ESHUTDOWN, errno.EINVAL)  # who was reading has had enough; Windows says EINVAL


def plainer(error: UnicodeError) -> tuple[str, int]:
    """Return plainer letters for what an encoding lacks: an error handler as `codecs.register_error` takes it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    told = "".join(PLAIN.get(letter) or letter.encode("ascii", "backslashreplace").decode() for letter in found)
    return told, error.end


codecs.register_error("supplysim.plainer", plainer)


class Screen:
    """A text stream that never fails; the one it stands for does the work.

    Attributes
    ----------
    lost : OSError or None
        Why nothing more can be written; None while all is well, and for a pipe whose reader has had enough.
    gone : bool
        Whether anything was not written.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.lost: OSError | None = OSError(errno.EBADF, "it is closed") if stream is None else None
        self.gone = False
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="supplysim.plainer")

    def write(self, text: str) -> int:
        """Write text in the words of the world pack, or nothing once that has failed; JSON stays as it is."""
        read = "supplysim.evidence" in sys.modules  # before, the world is not chosen yet
        self._try("write", said(text) if read and not text.startswith("{") else text)
        return len(text)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._try("flush")

    def isatty(self) -> bool:
        """Return whether a person is there."""
        return bool(not self.gone and self._stream is not None and self._stream.isatty())

    def __getattr__(self, name: str) -> Any:
        if self._stream is None:
            raise AttributeError(name)
        return getattr(self._stream, name)

    def _try(self, what: str, *given: str) -> None:
        if self._stream is None:
            self.gone = self.gone or bool(given)
            return
        if self.gone:
            return
        try:
            try:
                getattr(self._stream, what)(*given)
            except UnicodeEncodeError:  # a stream that cannot be told to write plainer letters
                code = getattr(self._stream, "encoding", None) or "ascii"
                getattr(self._stream, what)(*(text.encode(code, "supplysim.plainer").decode(code) for text in given))
        except (OSError, ValueError) as error:  # ValueError: closed by somebody
            self.gone = True
            if not isinstance(error, OSError) or error.errno not in GONE:
                self.lost = error if isinstance(error, OSError) else OSError(errno.EBADF, "it is closed")
            self._silence()

    def _silence(self) -> None:
        """Let what is still buffered go nowhere, so that Python does not fail over it at the end."""
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextmanager
def screens() -> Iterator[tuple[Screen, Screen]]:
    """Put screens in the place of standard output and error, and take them away again."""
    for number in (0, 1, 2):  # one that is closed would be the number of the next file that is opened
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if not os.environ.get("COLUMNS", "80")[:5].isdecimal() or len(os.environ.get("COLUMNS", "")) > WIDEST:
        del os.environ["COLUMNS"]  # no width at all: every library that draws tables would take it at its word
    before = sys.stdout, sys.stderr
    out, err = Screen(sys.stdout), Screen(sys.stderr)
    sys.stdout, sys.stderr = out, err
    try:
        yield out, err
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before


def console(stderr: bool = False) -> Console:
    """Return a console for which `[brackets]` and `:names:` in a text are letters like others."""
    from rich.console import Console

    screen = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if screen.width < NARROWEST:
        screen.width = NARROWEST
    return screen
