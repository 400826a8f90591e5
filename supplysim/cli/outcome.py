"""How a command ends: what it did is shown, what went wrong is one line, and the exit status says which."""

from __future__ import annotations

import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from supplysim.cli.screen import screens
from supplysim.environment import reason
from supplysim.errors import INPUT_IS_WRONG, INTERRUPTED, InputError, RunFailed, one_line


def status(command: Callable[[], int | None]) -> int:
    """Run a command and return its exit status, see `supplysim.cli.main`."""
    with screens() as (out, _), heard() as signals, calm():
        ended = _ended(command, signals)
        out.flush()
        if out.gone and out.lost is not None and ended in (0, 1):
            print(f"supplysim: the result cannot be shown ({reason(out.lost)}); repeat the command", file=sys.stderr)
            return INPUT_IS_WRONG
        return ended


def _ended(command: Callable[[], int | None], signals: Heard) -> int:
    """Run a command; what goes wrong outside the program becomes one line, what is wrong in the program does not."""
    try:
        ended = command() or 0
        return signals.status if ended == INTERRUPTED else ended
    except (InputError, RunFailed) as error:
        message = one_line(str(error))
    except typer.TyperException as error:  # the words themselves are wrong: unknown verb, option, number
        context = getattr(error, "ctx", None)
        verb = context.command_path if context is not None else "supplysim"
        message = one_line(f"{error.format_message().rstrip('.').replace('Value error, ', '')}; see {verb} --help")
    except (KeyboardInterrupt, typer.Abort):
        print("Stopped. What was finished is kept; the same command goes on from there.", file=sys.stderr)
        return signals.status
    except MemoryError:
        message = "the machine has not enough memory for this; use --workers 1, fewer pairs or a smaller scenario"
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        message = one_line(f"{place}{reason(error)}; finished runs are kept, and the same command goes on from there")
    print(f"supplysim: {message}", file=sys.stderr)
    return INPUT_IS_WRONG


@contextmanager
def calm() -> Iterator[None]:
    """Let no warning end a command: who asks for warnings as errors means the code that he is writing."""
    with warnings.catch_warnings():
        if any("error" in option for option in sys.warnoptions):
            warnings.simplefilter("ignore")
        yield


# SIGTERM (systemd, Docker, Slurm, timeout) and SIGHUP do what Ctrl-C does.
STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")  # those that a system has


class Heard:
    """Which signal came, if any.

    Attributes
    ----------
    number : int
        The first one's; SIGINT until one comes.
    """

    def __init__(self) -> None:
        self.number = int(signal.SIGINT)
        self.came = False

    @property
    def status(self) -> int:
        """Exit status by the custom of shells: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP."""
        return 128 + self.number

    def take(self, number: int, frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt in the main thread, wherever it is."""
        if not self.came:
            self.number, self.came = number, True
        raise KeyboardInterrupt


@contextmanager
def heard() -> Iterator[Heard]:
    """Let the signals that stop a command raise KeyboardInterrupt; one that the caller ignores (nohup) stays ignored.

    Outside the main thread signals are not ours to hear, and nothing changes.
    """
    told = Heard()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {}
    for name in STOPPING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, told.take)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
