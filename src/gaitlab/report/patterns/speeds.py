"""A metric against speed, and a metric along the distance with speed taken out."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from gaitlab.coaching.numbers.regress import robust_line
from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.metrics.catalog import Metric, metric
from gaitlab.metrics.drift import DRIFT_METRICS, Drift, at_one_speed, drift_points, drifts
from gaitlab.model.gait import ACTIVITIES
from gaitlab.model.units import METRES_PER_KM
from gaitlab.report.figures.cloud import SpeedCloud
from gaitlab.report.figures.drifting import Drifting
from gaitlab.report.figures.speed import Cloud
from gaitlab.report.panels import SPEED_BIN_MPS, against_speed, band_curve
from gaitlab.report.patterns.subjects import Missing, Subject
from gaitlab.report.points import by_foot, medians_along, shown
from gaitlab.report.style import athlete_colour

POINTS_EACH, POINTS_ALONE = 500, 1200


def speed_clouds(subjects: Sequence[Subject], name: str = "") -> tuple[SpeedCloud | Missing, ...]:
    """One metric against speed, equal axes, published values behind."""
    name = name or "contact_time_s"
    most = POINTS_ALONE if len(subjects) == 1 else POINTS_EACH
    speeds = np.concatenate([one.contacts.speed_mps for one in subjects])
    values = np.concatenate([shown(one.contacts, name) for one in subjects])
    both = np.isfinite(speeds) & np.isfinite(values)
    if not both.any():
        return tuple(_no_cloud(one, name) for one in subjects)
    sex = subjects[0].part.analysis.recording.athlete.sex
    whole = against_speed(name, (), speeds[both], values[both], sex)
    curves = (band_curve(band, name) for band in subjects[0].bands)
    whole = replace(whole, bands=tuple(curve for curve in curves if curve is not None))
    found: list[SpeedCloud | Missing] = []
    for one in subjects:
        cloud = _cloud(one, name, most)
        if not cloud.series:
            found.append(_no_cloud(one, name))
            continue
        notes = _cloud_notes(one, name)
        found.append(SpeedCloud(one.label, one.colour, replace(whole, clouds=(cloud,)), notes))
    return tuple(found)


def _no_cloud(subject: Subject, name: str) -> Missing:
    known = np.isfinite(getattr(subject.contacts, name)).any()
    return subject.without("speed_mps" if known else name)


def _cloud(subject: Subject, name: str, most: int) -> Cloud:
    speeds, values = subject.contacts.speed_mps, shown(subject.contacts, name)
    looks = {look.label: look for look in subject.looks}
    series = tuple(
        replace(one, look=looks[one.look.label])
        for one in by_foot(subject.contacts, speeds, values, most)
    )
    medians = medians_along(speeds, values, SPEED_BIN_MPS)
    return Cloud(subject.label, subject.colour, series, medians)


def _cloud_notes(subject: Subject, name: str) -> tuple[str, ...]:
    """n of each foot, and how far single contacts lie from the runner's own line."""
    contacts, item = subject.contacts, metric(name)
    both = np.isfinite(contacts.speed_mps) & np.isfinite(getattr(contacts, name))
    counted = " ".join(
        f"{look.label} {int((both & subject.of_foot(code)).sum())}"
        for code, look in enumerate(subject.looks)
        if (both & subject.of_foot(code)).any()
    )
    low, high = np.percentile(contacts.speed_mps[both], [5, 95])
    line = robust_line(contacts.speed_mps[both], getattr(contacts, name)[both])
    spread = (
        f" · spread at a speed ± {item.spread_text(line.residual_sd)} {item.unit}" if line else ""
    )
    return (f"n {counted}{spread}", f"mostly run at {low:.1f} to {high:.1f} m/s")


def drifting(subjects: Sequence[Subject], name: str = "") -> tuple[Drifting | Missing, ...]:
    """Change of one metric along the distance at one speed; equal axes for all."""
    name = name or "contact_time_s"
    found = [_drift(one, name) for one in subjects]
    known = [one for one in found if isinstance(one, Drifting)]
    item = metric(name)
    least = 3.0 * item.resolution
    top = max((float(np.percentile(np.abs(one.change), 99)) for one in known), default=least)
    top = max(1.3 * top, least, *(float(np.abs((one.low, one.high)).max()) for one in known), least)
    first = min((float(one.distance_km.min()) for one in known), default=0.0)
    last = max((float(one.distance_km.max()) for one in known), default=1.0)
    room = 0.03 * (last - first)
    return tuple(
        replace(one, limits_km=(first - room, last + room), limits=(-top, top))
        if isinstance(one, Drifting)
        else one
        for one in found
    )


def _drift(subject: Subject, name: str) -> Drifting | Missing:
    activity = ACTIVITIES.index(RUNNING)
    result = next((d for d in drifts(subject.contacts, activity) if d.metric == name), None)
    if result is None:
        return subject.without("speed_mps")
    item = metric(name)
    if not isfinite(result.per_km):
        return subject.missing(f"No drift of {item.label}: {result.reason}.")
    same, distance_m, _ = at_one_speed(subject.contacts, activity)
    along_m, change = drift_points(same, distance_m, name, result.per_km)
    ends = np.array([along_m.min(), np.median(along_m), along_m.max()]) / METRES_PER_KM
    from_middle = ends - ends[1]
    edges = np.sort(np.outer((result.low_per_km, result.high_per_km), from_middle), axis=0)
    alone = subject.looks[0].colour != subject.colour
    return Drifting(
        subject.label, athlete_colour(0) if alone else subject.colour, along_m / METRES_PER_KM,
        item.factor * change, ends, item.factor * result.per_km * from_middle,
        item.factor * edges[0], item.factor * edges[1],
        f"change of {item.label} [{item.unit}]", (0.0, 1.0), (-1.0, 1.0),
        _drift_notes(item, result),
    )  # fmt: skip


def _drift_notes(item: Metric, result: Drift) -> tuple[str, ...]:
    slope, low, high = (
        f"{item.factor * value:+.{max(item.decimals, 1)}f}".replace("-", "−")
        for value in (result.per_km, result.low_per_km, result.high_per_km)
    )
    told = "" if result.clear else ": no clear change"
    speed = result.speed_mps
    return (
        f"n {result.n} contacts within 10 % of {speed:.1f} m/s, speed taken out",
        f"{slope} {item.unit} per km (90 %: {low} to {high}){told}",
    )


def refuse_no_drift(name: str) -> str:
    """Why a metric has no drift, empty when it has one."""
    return "" if name in DRIFT_METRICS else f"drift is worked out for {', '.join(DRIFT_METRICS)}"
