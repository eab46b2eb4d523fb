"""Everything that gaitlab raises on purpose.

    GaitlabError                     exit 1   analysis failed
    ├── UsageError                   exit 2   the request makes no sense
    ├── InputError                   exit 3   a file cannot be read, is corrupt or not a recording
    │   ├── UnitsError               exit 3   readable, but evidently in other units
    │   └── RateError                exit 3   readable, but too slow to analyse
    ├── AnalysisError                exit 1   readable, but nothing can be measured in it
    ├── OutputError                  exit 1   the result cannot be written
    └── DeviceError                  exit 4   pod not found or lost

An error says what it is, why, and what to do: three short lines, no traceback.
"""


class GaitlabError(Exception):
    """An error with its reason and the next step.

    what : the first line, what went wrong
    why : the reason, with the numbers
    todo : what the user can do about it
    """

    exit_status = 1

    def __init__(self, what: str, why: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        return "\n".join(line for line in (self.what, self.why, self.todo) if line)


class UsageError(GaitlabError):
    """The request makes no sense: an option, a combination, a path that does not exist."""

    exit_status = 2


class InputError(GaitlabError):
    """A file that cannot be read, is corrupt, or is not a recording."""

    exit_status = 3


class UnitsError(InputError):
    """A recording that is evidently not in m/s^2 and deg/s."""


class RateError(InputError):
    """A recording whose sampling rate is too low for any running analysis."""


class AnalysisError(GaitlabError):
    """A readable recording in which nothing can be measured."""


class OutputError(GaitlabError):
    """A result that cannot be written."""


class DeviceError(GaitlabError):
    """A pod that is not found, not reachable or lost."""

    exit_status = 4
