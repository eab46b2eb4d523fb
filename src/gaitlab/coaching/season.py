"""A season of one athlete: top speed, easy pace as a share of it, contact at one speed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from gaitlab.coaching.comparison.compare import Value, compare
from gaitlab.coaching.drills.flying import best_of, flying
from gaitlab.coaching.drills.session import find_repetitions
from gaitlab.coaching.numbers.select import Part, part_of
from gaitlab.coaching.numbers.trend import Series, Trend, trend_of
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError

ZONE_M: Final = 30.0
SHORTEST_EASY_S: Final = 40.0
EASY_BELOW: Final = 0.60  # assumption: of the season's top speed; faster running is no easy pace
TOP_SPEED_WITHIN_DAYS: Final = 42  # an easy run takes its share of a top speed this near
SPEED_SHARE: Final = 0.02  # assumption: standard uncertainty of unanchored speeds


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """What one recording says about the season; NaN where it says nothing.

    top_mps, top_sd_mps : mean of the best flying 30 m;  run_mps, run_n : median over long runs
    part : its running contacts (without signals)
    """

    day: date
    name: str
    top_mps: float
    top_sd_mps: float
    run_mps: float
    run_n: int
    part: Part
    simulated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """The three series of a season with their trends, and the answer.

    matched_mps : the speed at which contact times are compared, None when there is none
    easy_below_mps : faster runs were left out of the easy pace
    """

    sessions: tuple[Session, ...]
    series: tuple[Series, ...]
    trends: tuple[Trend, ...]
    matched_mps: float | None
    easy_below_mps: float
    answer: str
    notes: tuple[str, ...]


def session_of(analysis: Analysis, day: date) -> Session:
    """Top speed (best flying zone) and running pace of one recording."""
    top, sd = _top_speed(analysis)
    slow = replace(analysis, signals=())
    run_mps, n = _running_pace(slow)
    return Session(
        day, analysis.recording.name, top, sd, run_mps, n, part_of(slow),
        analysis.recording.simulated,
    )  # fmt: skip


def _top_speed(analysis: Analysis) -> tuple[float, float]:
    try:
        flies = flying(analysis, ZONE_M)
    except AnalysisError:
        return float("nan"), float("nan")
    best = flies[best_of(flies)]
    return best.v_mean_mps, best.v_mean_mps * best.band_s / (1.96 * best.time_s)


def _running_pace(analysis: Analysis) -> tuple[float, int]:
    """Median speed of the long running stretches, and the strides behind it."""
    runs = [
        analysis.contacts.speed_mps[one.contacts][analysis.contacts.valid[one.contacts]]
        for one in find_repetitions(analysis, ("run",))
        if one.duration_s >= SHORTEST_EASY_S
    ]
    speeds = np.concatenate(runs) if runs else np.empty(0)
    speeds = speeds[np.isfinite(speeds)]
    return (float(np.median(speeds)), len(speeds)) if len(speeds) else (float("nan"), 0)


def season_of(sessions: Sequence[Session]) -> Season:
    """Series, trends and the answer, from the sessions of one athlete.

    Raises
    ------
    AnalysisError : no session.
    """
    if not sessions:
        raise AnalysisError(
            "no session to compare",
            "no recording with a date could be used",
            "put the date into the names: 2026-05-12-fly.gait.parquet",
        )
    ordered = tuple(sorted(sessions, key=lambda one: one.day))
    day = np.array([float((one.day - ordered[0].day).days) for one in ordered])
    names = tuple(one.name for one in ordered)
    top = Series(
        "top_speed_mps", "top speed", day, np.array([one.top_mps for one in ordered]),
        np.array([one.top_sd_mps for one in ordered]), names,
    ).known()  # fmt: skip
    fastest = float(top.value.max()) if len(top.value) else float("nan")
    limit = EASY_BELOW * fastest if np.isfinite(fastest) else float("inf")
    runs = np.array([one.run_mps for one in ordered])
    easy_mask = np.isfinite(runs) & (runs < limit)
    easy = np.where(easy_mask, runs, np.nan)
    pace = Series("easy_mps", "easy pace", day, easy, SPEED_SHARE * easy, names).known()
    share = _shares(pace, top)
    parts = [one for one, keep in zip(ordered, easy_mask, strict=True) if keep]
    contact, matched = _contact(parts, ordered[0].day)
    series = (top, pace, share, contact)
    trends = tuple(trend_of(one) for one in series)
    return Season(
        ordered, series, trends, matched, limit, answer_of(trends), _notes(ordered, easy_mask)
    )


def times_series(
    rows: Sequence[tuple[date, str, float]], first: date
) -> tuple[tuple[Series, Trend], ...]:
    """Race times of every event over the season, from (day, event, s)."""
    found = []
    for event in dict.fromkeys(name for _, name, _ in rows):
        mine = sorted((day, time_s) for day, name, time_s in rows if name == event)
        day = np.array([float((one - first).days) for one, _ in mine])
        value = np.array([time_s for _, time_s in mine])
        one = Series(f"time_{event}", event, day, value, np.zeros(len(value)))
        found.append((one, trend_of(one)))
    return tuple(found)


def _shares(pace: Series, top: Series) -> Series:
    """Easy pace over the top speed measured nearest in time; NaN when none is near."""
    value = np.full(len(pace.day), np.nan)
    sd = value.copy()
    if len(top.day) and len(pace.day):
        apart = np.abs(pace.day[:, None] - top.day)
        nearest = apart.argmin(axis=1)
        near = apart.min(axis=1) <= TOP_SPEED_WITHIN_DAYS
        value = np.where(near, pace.value / top.value[nearest], np.nan)
        relative = np.hypot(pace.sd / pace.value, top.sd[nearest] / top.value[nearest])
        sd = value * relative
    return Series("easy_share", "easy pace of top speed", pace.day, value, sd, pace.names).known()


def _contact(sessions: Sequence[Session], first: date) -> tuple[Series, float | None]:
    """Contact time of the easy runs at one common speed."""
    label = "contact time at one speed"
    empty = Series("contact_time_s", label, np.empty(0), np.empty(0), np.empty(0))
    if len(sessions) < 2:
        return empty, None
    found = compare([one.part for one in sessions])
    matched = found.matched_speed_mps
    row = next((row for row in found.rows if row.metric.name == "contact_time_s"), None)
    if matched is None or row is None:
        return empty, None
    day = np.array([float((one.day - first).days) for one in sessions])
    value, sd = (np.array([_number(one, name) for one in row.values]) for name in NAMES)
    names = tuple(one.name for one in sessions)
    return Series("contact_time_s", label, day, value, sd, names).known(), matched


NAMES: Final = ("value", "uncertainty")


def _number(one: Value, name: str) -> float:
    number: float = getattr(one, name)
    return number


def answer_of(trends: Sequence[Trend]) -> str:
    """Whether the usual pace got easier as top speed rose, in one sentence."""
    top, pace, share, contact = trends
    if not np.isfinite(top.change) or not np.isfinite(share.change):
        why = top.reason if not np.isfinite(top.change) else share.reason
        return f"Is the usual pace getting easier as top speed rises? Not answerable yet: {why}."
    question = "Is the usual pace getting easier as top speed rises?"
    if not (top.clear and top.change > 0.0):
        return f"{question} Top speed did not clearly rise, so the question is open."
    shorter = contact.clear and contact.change < 0.0
    if share.clear and share.change < 0.0:
        kept = "" if not (pace.clear and pace.change < 0.0) else ", but the pace got slower too"
        also = "; contacts at one speed got shorter as well" if shorter else ""
        return (
            f"{question} In these sessions it is a smaller share of top speed{kept}{also}. A share "
            "falls by arithmetic alone when top speed rises, and which caused which is not in the "
            "data: contact time at one speed and the effort the runner tells are the check."
        )
    return (
        f"{question} Top speed rose, but the share of the usual pace did not clearly fall: "
        "not shown."
    )


def _notes(sessions: Sequence[Session], easy: np.ndarray) -> tuple[str, ...]:
    notes = []
    fast = [one.name for one, keep in zip(sessions, easy, strict=True) if not keep and one.run_n]
    if fast:
        share = f"{100 * EASY_BELOW:.0f} %"
        notes.append(f"faster than {share} of top speed, so no easy run: {', '.join(fast)}")
    if any(one.simulated for one in sessions):
        notes.append("some recordings are SIMULATED: nobody ran them")
    return tuple(notes)
