"""Speed as a share of each one's own top speed: the fairer match of a sprinter and a miler.

At 7 m/s a sprinter strolls and a miler kicks. Matched at the same share of what each can do, they
go at different speeds; so nothing published and no band stands beside them there. The top speed is
the one given, else that of the fastest flying 30 m of the same athlete among the recordings; a
runner without either cannot be matched so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gaitlab.coaching.comparison.between import own_sprint
from gaitlab.coaching.numbers.select import Part, runner_name
from gaitlab.metrics.catalog import metric
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import GaitlabError, UsageError

SLOWEST_TOP_MPS: Final = 3.0
FASTEST_TOP_MPS: Final = 13.0  # faster than anybody has run
NOT_TOP: Final = "still accelerating"  # such a zone ends below the top speed


@dataclass(frozen=True, slots=True)
class Top:
    """What one runner can do, m/s, and where it is known from."""

    label: str
    mps: float
    source: str

    @property
    def words(self) -> str:
        """Name, speed, source."""
        return f"{self.label} {metric('speed_mps').text(self.mps, with_unit=True)} ({self.source})"


@dataclass(frozen=True, slots=True, eq=False)
class Relative:
    """Parts whose speeds are matched as shares; or why they are not.

    tops : of the parts whose top speed is known;  reason : empty when all are
    """

    parts: tuple[Part, ...]
    tops: tuple[Top, ...]
    reason: str = ""


def relative_to_top(parts: Sequence[Part], given: Mapping[str, float]) -> Relative:
    """Every part with the top speed of its runner.

    given : m/s by name of the athlete or of the recording; '' for a single athlete

    Raises
    ------
    UsageError : a top speed that nobody runs, or for somebody who is not there.
    """
    _check(parts, given)
    flown: dict[str, Top | None] = {}
    found = [_top(part, parts, given, flown) for part in parts]
    lacking = list(dict.fromkeys(
        runner_name(part.analysis) for part, top in zip(parts, found, strict=True) if top is None
    ))  # fmt: skip
    tops = tuple(top for top in found if top is not None)
    if lacking:
        reason = (
            f"no comparison: no top speed of {', '.join(lacking)} is known (no flying 30 m among "
            "the recordings)"
        )
        return Relative(tuple(parts), tops, reason)
    told = tuple(replace(part, top_mps=top.mps) for part, top in zip(parts, tops, strict=True))
    return Relative(told, tops)


def _names(part: Part) -> tuple[str, ...]:
    named = (runner_name(part.analysis), part.analysis.recording.name, part.label)
    return tuple(name.strip().casefold() for name in named)


def _check(parts: Sequence[Part], given: Mapping[str, float]) -> None:
    known = {name for part in parts for name in _names(part)}
    athletes = {runner_name(part.analysis) for part in parts}
    for name, speed in given.items():
        if not SLOWEST_TOP_MPS <= speed <= FASTEST_TOP_MPS:
            raise UsageError(
                f"a top speed of {speed:g} m/s",
                f"runners reach {SLOWEST_TOP_MPS:g} to {FASTEST_TOP_MPS:g} m/s",
                "give the speed of a flying sprint in m/s",
            )
        if name and name.strip().casefold() not in known:
            raise UsageError(
                f"a top speed for {name}",
                f"the runners are {', '.join(sorted(athletes))}",
                "name one of them, or the recording",
            )
    if "" in given and len(athletes) > 1:
        raise UsageError(
            f"one top speed for {len(athletes)} runners",
            "every runner has a top speed of their own",
            "give each of them one, by name: NAME=M/S",
        )


def _top(
    part: Part, parts: Sequence[Part], given: Mapping[str, float], flown: dict[str, Top | None]
) -> Top | None:
    """Given or flown; ``flown`` remembers each athlete's fastest 30 m."""
    wanted = {name.strip().casefold(): speed for name, speed in given.items()}
    said = next((wanted[name] for name in (*_names(part), "") if name in wanted), None)
    if said is not None:
        return Top(part.label, said, "as given")
    who = runner_name(part.analysis)
    if who not in flown:
        same = [one.analysis for one in parts if runner_name(one.analysis) == who]
        flown[who] = _fastest(who, list({id(one): one for one in same}.values()))
    top = flown[who]
    return replace(top, label=part.label) if top is not None else None


def _fastest(label: str, analyses: Sequence[Analysis]) -> Top | None:
    try:
        sprint = own_sprint(analyses)
    except GaitlabError:
        return None
    fly = sprint.fly
    if fly.state == NOT_TOP:
        return None
    band = fly.v_mean_mps * fly.band_s / fly.time_s
    source = f"fastest 30 m of {sprint.analysis.recording.name}, ± {band:.2f} (95 %)"
    return Top(label, fly.v_mean_mps, source)
