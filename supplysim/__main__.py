"""``supplysim`` and ``python -m supplysim``: the command line, which a signal ends with its status from here on.

Loading the command line takes a while. Until it listens itself (`cli/outcome.py`) there is nothing to keep, so a signal
ends the process at once; one that the caller ignores (nohup) stays ignored.
"""

import os
import signal
import sys


def _end(number: int, frame: object) -> None:
    os._exit(128 + number)


def _listen() -> None:
    """End with 130, 143 or 129 on Ctrl-C, SIGTERM or SIGHUP."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, _end)


def main() -> int:
    """Run the command line with the words of this process and return its exit status."""
    _listen()
    from supplysim.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
