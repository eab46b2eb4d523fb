"""All sprints from standing of a recording; one that cannot be timed does not cost the others."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.drills.session import (
    NO_CHOICE,
    Choice,
    chosen_repetitions,
    contacts_of,
    found_instead,
)
from gaitlab.coaching.sprint.evidence import Anchors
from gaitlab.coaching.sprint.recorded import RecordedSprint, sprint_of
from gaitlab.coaching.sprint.timed import Setting
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError, UsageError
from gaitlab.model.gait import RUN, Contacts

SLOWEST_TOP_MPS: Final = 3.5  # assumption


@dataclass(frozen=True, slots=True)
class Search:
    """What was found.

    sprints : in order;  refused : why others could not be timed, by name
    """

    sprints: tuple[RecordedSprint, ...]
    refused: dict[str, AnalysisError | UsageError]


def sprints_of(
    analysis: Analysis,
    setting: Setting,
    anchors: Anchors | None = None,
    choice: Choice = NO_CHOICE,
) -> tuple[RecordedSprint, ...]:
    """The sprints of :func:`search_sprints` alone."""
    return search_sprints(analysis, setting, anchors, choice).sprints


def search_sprints(
    analysis: Analysis,
    setting: Setting,
    anchors: Anchors | None = None,
    choice: Choice = NO_CHOICE,
    rep: int | None = None,
) -> Search:
    """The sprints from standing of a recording.

    choice : what the user says about the repetitions;  rep : only this one, from 1

    Raises
    ------
    AnalysisError : none was found, and what was found instead; or why the only one was refused
    UsageError : gates or a course length that are not of the only sprint; no sprint ``rep``
    """
    anchors = anchors or Anchors()
    chosen = chosen_repetitions(analysis, ("sprint",), choice)
    if not chosen:
        raise _none_found(analysis, choice)
    places = list(range(1, len(chosen) + 1))
    if rep is not None:
        places = _only(rep, len(chosen))
    if anchors.gates and len(places) > 1:
        raise UsageError(
            f"--gate is one sprint's, and the recording has {len(places)}",
            "the times of the gates differ from sprint to sprint",
            "say which: --rep 1; or give the gates as marks in the recording",
        )
    found: list[RecordedSprint] = []
    refused: dict[str, AnalysisError | UsageError] = {}
    for place in places:
        name = f"sprint {place}"
        part = _running(contacts_of(analysis, chosen[place - 1]))
        try:
            one = sprint_of(analysis, part, setting, anchors, name)
            _refuse_slow(one)
            found.append(one)
        except (AnalysisError, UsageError) as error:
            refused[name] = error
    if not found:
        raise next(iter(refused.values()))
    return Search(tuple(found), refused)


def _refuse_slow(one: RecordedSprint) -> None:
    """A part that the user named may be anything; nobody sprints as slowly as that."""
    top_mps = float(np.nanmax(one.steps.speed_mps, initial=0.0))
    if top_mps < SLOWEST_TOP_MPS:
        raise AnalysisError(
            "this is no sprint",
            f"its fastest step went at {top_mps:.1f} m/s",
            "`gaitlab session` lists what was found; --from and --to take another part",
        )


def _only(rep: int, n: int) -> list[int]:
    if rep > n:
        raise UsageError(
            f"there is no sprint {rep}",
            f"{n} were found" if n != 1 else "only 1 was found",
            "--rep counts sprints from standing alone; leave it out to see them all",
        )
    return [rep]


def _none_found(analysis: Analysis, choice: Choice) -> AnalysisError:
    kind = choice.kind or "sprint"
    return AnalysisError(
        f"no {'sprint from standing' if kind == 'sprint' else kind} in this recording",
        found_instead(analysis),
        "--from and --to say where it is; `gaitlab drill flying` is for sprints with a run-up",
    )


def _running(contacts: Contacts) -> Contacts:
    return contacts.where(contacts.activity == RUN)
