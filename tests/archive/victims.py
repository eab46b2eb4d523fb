"""Workers that misbehave; imported by name in other processes."""

import os
from pathlib import Path

from gaitlab.batch.work import Outcome


def dies(task):
    """A process that ends without a word, as one that ran out of memory."""
    if task.path.startswith("deadly"):
        os._exit(9)
    return Outcome(task.path, key=task.path)


def dies_once(task):
    """Dies at the first try of a task, and does it at the second."""
    mark = Path(task.url)
    if task.path.startswith("shaky") and not mark.exists():
        mark.touch()
        os._exit(9)
    return Outcome(task.path, key=task.path)
