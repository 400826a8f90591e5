"""``python -m supplysim``: the command line."""

import sys

from supplysim.cli import main

if __name__ == "__main__":
    sys.exit(main())
