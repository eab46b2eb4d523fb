"""Which recordings of a comparison are a race with a kick and a fly of the same athlete.

The comparison of a kick with the own cruise and the own fly needs nobody else; what it is made of
is in :mod:`gaitlab.coaching.comparison.between`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gaitlab.coaching.comparison.between import Between, OwnSprint, between, own_sprint
from gaitlab.coaching.numbers.select import Part, runner_name
from gaitlab.coaching.race.kick import Kick
from gaitlab.coaching.race.laps import Race, race_of
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import GaitlabError

FASTER_MPS: Final = 0.3  # a fly that is not faster than the kick is no end of the scale
SHORTEST_RACE_S: Final = 90.0  # assumption: 600 m at 6.7 m/s; a sprint has no kick


@dataclass(frozen=True, slots=True, eq=False)
class OwnRange:
    """One athlete's kick, and where it lies between the own cruise and the own fly.

    found : None without a fly; ``missing`` says why
    """

    who: str
    kick: Kick
    found: Between | None
    missing: str = ""


def own_ranges(parts: Sequence[Part]) -> tuple[OwnRange, ...]:
    """One for every recording with a kick, in their order; stretches given by hand have none."""
    whole = [part.analysis for part in parts if part.stretch is None]
    found = (own_range(analysis, whole) for analysis in whole)
    return tuple(one for one in found if one is not None)


def own_range(analysis: Analysis, others: Sequence[Analysis]) -> OwnRange | None:
    """The range of one runner; None when the recording has no kick."""
    race = _race_with_kick(analysis)
    if race is None:
        return None
    who = runner_name(analysis)
    same = [one for one in others if one is not analysis and runner_name(one) == who]
    if not same:
        return OwnRange(who, race.kick, None, f"no other recording of {who}")
    try:
        sprint = own_sprint(same)
    except GaitlabError:
        return OwnRange(who, race.kick, None, f"no fly in the other recordings of {who}")
    if slow := _too_slow(race.kick, sprint):
        return OwnRange(who, race.kick, None, slow)
    return OwnRange(who, race.kick, between(analysis, race, sprint))


def _race_with_kick(analysis: Analysis) -> Race | None:
    contacts = analysis.contacts
    if not len(contacts) or contacts.ic_time_s[-1] - contacts.ic_time_s[0] < SHORTEST_RACE_S:
        return None
    try:
        race = race_of(analysis, None)
    except GaitlabError:
        return None  # no continuous run with known lengths: no kick to speak of
    return race if race.kick.found else None


def _too_slow(kick: Kick, sprint: OwnSprint) -> str:
    if sprint.fly.v_mean_mps > kick.v_kick_mps + FASTER_MPS:
        return ""
    return f"the fastest other 30 m ({sprint.fly.v_mean_mps:.1f} m/s) are not faster than the kick"
