"""The command line: parse, call, print. One file per command, imported when it is asked for."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run ``gaitlab`` with the arguments of the process and leave with its exit status."""
    from gaitlab.cli.app import run

    sys.exit(run(sys.argv[1:]))
