"""The same times asked about every event."""

from dataclasses import replace
from typing import Final

from gaitlab.coaching.potential.answer import Forecast, Question
from gaitlab.coaching.potential.chance import forecast
from gaitlab.coaching.potential.race_events import EVENTS

LADDER: Final = tuple(event for event in EVENTS if event.distance_m >= 800.0)


def every_event(question: Question) -> tuple[Forecast, ...]:
    """Forecasts from 800 m to the marathon, each from the times of the other events.

    The goal of ``question`` does not matter; events without another time are left out.
    """
    return tuple(
        forecast(replace(question, target=event, goal_s=None))
        for event in LADDER
        if any(time.event.key != event.key for time in question.times)
    )
