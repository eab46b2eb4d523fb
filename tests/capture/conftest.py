"""The command line in this process."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from gaitlab.cli.app import run


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
