"""The command line: parse, call, print. One file per command, imported when it is asked for."""

import gc
import signal
import sys
import warnings
from contextlib import suppress
from typing import Final, NoReturn

INTERRUPTED: Final = 130


def main() -> NoReturn:
    """Run ``gaitlab`` with the arguments of the process and leave with its exit status."""
    status = INTERRUPTED
    with suppress(KeyboardInterrupt):  # while it is still starting
        gc.disable()  # imports leave no garbage: searching for it was a tenth of the start
        from gaitlab.cli.app import run

        gc.enable()
        if not sys.warnoptions and "--debug" not in sys.argv:
            warnings.simplefilter("ignore")  # they speak to programmers
        status = run(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: one more Ctrl-C changes nothing
    sys.exit(status)
