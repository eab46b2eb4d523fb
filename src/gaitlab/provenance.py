"""Which program made a result, and with which tuning numbers."""

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
from gaitlab.signal import period
from gaitlab.strides import foot, trajectory

STAGES = (
    period,
    alignment,
    cycles,
    initial_contact,
    terminal_contact,
    agreement,
    contacts,
    activity,
    foot_strike,
    trajectory,
    foot,
)


def program_version() -> str:
    """Version of the installed package; "unknown" when run from a bare source tree."""
    try:
        return version("gaitlab-running")
    except PackageNotFoundError:
        return "unknown"


def parameters() -> dict[str, float]:
    """Every tuning number of the analysis, as ``stage.NAME``: what a result rests on."""
    return {
        f"{stage.__name__.removeprefix('gaitlab.')}.{name}": float(value)
        for stage in STAGES
        for name, value in vars(stage).items()
        if name.isupper() and isinstance(value, float | int)
    }
