"""``--kind``, ``--from`` and ``--to``: what the user says about the repetitions of a recording."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.coaching.drills.session import Choice

KINDS: Final = (
    "sprint", "fly", "ins-outs", "hops", "bounds", "run", "walk", "rest", "false start"
)  # fmt: skip


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The three options, as ``kind``, ``from_s`` and ``to_s``."""
    kind = click.option(
        "--kind", type=click.Choice(KINDS),
        help="Take the repetitions that were found as this kind; or, with times, call the part so.",
    )  # fmt: skip
    low = click.option(
        "--from",
        "from_s",
        type=common.AnyNumber(),
        help="One repetition begins at this time, s. (In `session`, without --kind: list only "
        "what lies between.)",
    )
    high = click.option(
        "--to", "to_s", type=common.AnyNumber(), help="... and ends at this time, s."
    )
    return kind(low(high(command)))


def choice_of(kind: str | None, from_s: float | None, to_s: float | None) -> "Choice":
    """The options as the drills take them."""
    from gaitlab.coaching.drills.session import Choice

    return Choice(kind, from_s, to_s)  # type: ignore[arg-type]  # one of KINDS
