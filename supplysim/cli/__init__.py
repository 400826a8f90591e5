"""The command line: verbs in the order in which help lists them, and the program's entry."""

from supplysim.cli.program import app
from supplysim.cli.verbs import looking, running, scoring, serving

__all__ = ["app", "looking", "main", "running", "scoring", "serving"]


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

    return status(lambda: app(arguments, prog_name="supplysim", standalone_mode=False))
