"""The command line: verbs in the order in which help lists them, and the program's entry."""

import os

from supplysim.cli.program import app
from supplysim.cli.verbs import looking, running, scoring, serving

__all__ = ["app", "looking", "main", "running", "scoring", "serving"]
# Linear algebra here is of small matrices: more threads wait for each other longer than they reckon. Read by NumPy when
# it is loaded, which no verb has done yet; what the user has set counts.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : list of str, optional
        Words after the program's name; those of the process if left out.

    Returns
    -------
    int
        0 done; 1 ran, and a check fell short; 2 the input, or what the machine has to offer, is wrong: one line on
        standard error; 130 stopped by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.
    """
    from supplysim.cli.outcome import status

    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    return status(lambda: app(arguments, prog_name="supplysim", standalone_mode=False))
