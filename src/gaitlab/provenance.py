"""Which program made a result, and with which tuning numbers."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from gaitlab.events import (
    activity,
    agreement,
    alignment,
    contacts,
    cycles,
    foot_strike,
    initial_contact,
    terminal_contact,
)
from gaitlab.metrics import mechanics, temporal
from gaitlab.signal import clipping, period, stamps, timebase
from gaitlab.strides import blocks, foot, trajectory

STAGES = (
    timebase, stamps, clipping, period, alignment, cycles, initial_contact, terminal_contact,
    agreement, contacts, activity, foot_strike, trajectory, foot, blocks, temporal, mechanics,
)  # fmt: skip


@cache
def program_version() -> str:
    """Version of the installed package; "unknown" when run from a bare source tree."""
    try:
        return version("gaitlab-running")
    except PackageNotFoundError:
        return "unknown"


def parameters() -> dict[str, float]:
    """Tuning numbers of clocks, events, strides and times: ``stage.NAME`` or ``stage.NAME.0``."""
    return dict(_parameters())


@cache
def _parameters() -> dict[str, float]:
    return {
        f"{stage.__name__.removeprefix('gaitlab.')}.{name}": value
        for stage in STAGES
        for variable, given in vars(stage).items()
        if variable.isupper()
        for name, value in _numbers(variable, given)
    }


def _numbers(name: str, given: object) -> list[tuple[str, float]]:
    if isinstance(given, float | int):
        return [(name, float(given))]
    if not isinstance(given, tuple):
        return []
    named = [(f"{name}.{place}", value) for place, value in enumerate(given)]
    return [(one, float(value)) for one, value in named if isinstance(value, float | int)]
