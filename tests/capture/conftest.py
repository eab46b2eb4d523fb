"""The command line in this process."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from gaitlab.cli.app import run

sys.path.insert(0, str(Path(__file__).parent))  # made_journal


class Result(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def gaitlab(capsys) -> Callable[..., Result]:
    """``gaitlab("replay", path)`` -> status, out, err."""

    def call(*arguments: object) -> Result:
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return call
