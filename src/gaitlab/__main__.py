"""``python -m gaitlab`` is the same as ``gaitlab``."""

from gaitlab.cli import main

main()
