"""The command line: parse, call, print. One file per command, imported when it is asked for."""

import sys
import warnings
from typing import NoReturn


def main() -> NoReturn:
    """Run ``gaitlab`` with the arguments of the process and leave with its exit status."""
    from gaitlab.cli.app import run

    if not sys.warnoptions and "--debug" not in sys.argv:
        warnings.simplefilter("ignore")  # they speak to programmers
    sys.exit(run(sys.argv[1:]))
