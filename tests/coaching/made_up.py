"""Made-up analyses whose numbers are known, because they were put in."""

import numpy as np

from gaitlab.model.analysis import (
    Analysis,
    ClockFacts,
    FootFacts,
    MetricSummary,
    RecordingFacts,
)
from gaitlab.model.gait import RUN, Contacts, Flag, Segments
from gaitlab.model.recording import FEET, Athlete, Setup
from gaitlab.model.units import RAD_PER_DEG

METRICS = (
    "contact_time_s", "flight_time_s", "step_time_s", "stride_time_s", "swing_time_s",
    "cadence_spm", "duty_factor", "strike_angle_rad", "stride_length_m", "step_length_m",
    "speed_mps",
)  # fmt: skip


def contact_at(speed_mps):
    return 0.579 * speed_mps**-0.742


def cadence_at(speed_mps):
    return 140.0 + 8.5 * speed_mps


def steady(speed_mps, n=400):
    return np.full(n, speed_mps)


def race(n=700, cruise=6.4, kick=7.8):
    ramp = np.clip((np.arange(n) / n - 0.72) / 0.05, 0, 1)
    start = np.clip(np.arange(n) / 12, 0.55, 1)
    return start * (cruise + (kick - cruise) * ramp)


def strike_codes(angle_rad):
    degrees = angle_rad / RAD_PER_DEG
    codes = np.select([degrees > 7.4, degrees >= -0.8, degrees < -0.8], [0, 1, 2], 3)
    return codes.astype(np.int8)


def made_up_contacts(speed_mps, angle_deg, *, seed=1, foot_codes=(0, 1), lag_s=0.0, factor=1.0):
    rng = np.random.default_rng(seed)
    n = len(speed_mps)
    noise = lambda sd: rng.normal(0, sd, n)  # noqa: E731
    foot = np.resize(np.array(foot_codes, np.int8), n)
    speed = speed_mps + noise(0.05)
    steps = 2 / len(foot_codes)
    step_time = 60 / (cadence_at(speed_mps) + noise(1.0))
    contact = factor * contact_at(speed_mps) + noise(0.004) + lag_s * (foot == 1)
    ic = 5.0 + np.cumsum(steps * step_time) - steps * step_time
    angle = (
        angle_deg - 2.5 * (speed_mps - (np.median(speed_mps) if n else 0.0)) + noise(1.6)
    ) * RAD_PER_DEG
    known = np.isfinite(angle)
    strike = strike_codes(angle)
    p = np.where(known, 0.9, np.nan)
    low_p = np.where(known, 0.05, np.nan)
    return Contacts(
        foot=foot,
        ic_time_s=ic,
        tc_time_s=ic + contact,
        contact_time_s=contact,
        flight_time_s=step_time - contact,
        step_time_s=step_time,
        stride_time_s=2 * step_time,
        swing_time_s=2 * step_time - contact,
        cadence_spm=60 / step_time,
        duty_factor=contact / (2 * step_time),
        strike=strike,
        p_rearfoot=np.where(strike == 0, p, low_p),
        p_midfoot=np.where(strike == 1, p, low_p),
        p_forefoot=np.where(strike == 2, p, low_p),
        strike_angle_rad=angle,
        stride_length_m=speed * 2 * step_time,
        step_length_m=speed * step_time,
        speed_mps=speed,
        ic_sd_s=np.full(n, 0.004),
        tc_sd_s=np.full(n, 0.006),
        strike_angle_sd_rad=np.full(n, 3 * RAD_PER_DEG),
        stride_length_sd_m=np.full(n, 0.1),
        activity=np.full(n, RUN, np.int8),
        segment=np.zeros(n, np.int32),
        valid=np.ones(n, bool),
        flags=np.full(n, Flag.ONE_SIDED if len(foot_codes) == 1 else 0, np.int32),
    )


def summarise(contacts, metric, scope, systematic):
    mask = contacts.valid & np.isfinite(getattr(contacts, metric))
    if scope != "both":
        mask &= contacts.foot == FEET.index(scope)
    values = getattr(contacts, metric)[mask]
    if not len(values):
        nan = float("nan")
        return MetricSummary(
            metric, scope, "run", 0, *[nan] * 7, "not measurable", f"no {metric} in this recording"
        )
    median = float(np.median(values))
    mad = 1.4826 * float(np.median(np.abs(values - median)))
    low, high = np.percentile(values, [5, 95])
    uncertainty = float(np.hypot(1.2533 * mad / np.sqrt(len(values)), systematic))
    few = len(values) < 20
    return MetricSummary(
        metric, scope, "run", len(values), median, float(values.mean()), float(values.std()), mad,
        float(low), float(high), uncertainty, "poor" if few else "good",
        f"only {len(values)} contacts" if few else "",
    )  # fmt: skip


SYSTEMATIC = {
    "contact_time_s": 0.004, "flight_time_s": 0.004, "swing_time_s": 0.004,
    "strike_angle_rad": 2 * RAD_PER_DEG, "speed_mps": 0.1, "duty_factor": 0.005,
    "stride_length_m": 0.06, "step_length_m": 0.03,
}  # fmt: skip


def foot_facts(foot, contacts):
    gaps = np.array([[40.0, 40.2]]) if foot == "left" else np.empty((0, 2))
    clock = ClockFacts(400.0, 399.2, 0, 0, 0.0002, 0.001, gaps)
    duration = float(contacts.tc_time_s[-1]) if len(contacts) else 10.0
    return FootFacts(
        foot, int(duration * 399.2), duration, True, 16 * 9.80665, 34.9, 0.0012, 0.0, 9.82, clock,
        "gravity while standing, forward axis from the gyroscope", True, 0.93, 0.02, 0.99,
        "standing still before the run",
    )  # fmt: skip


def analysis_of(contacts, name="Runner A", *, simulated=True, warnings=(), sex="m"):
    codes = sorted({int(code) for code in contacts.foot})
    feet = tuple(foot_facts(FEET[code], contacts) for code in codes)
    scopes = ["both", *[foot.foot for foot in feet]]
    summaries = tuple(
        summarise(contacts, metric, scope, SYSTEMATIC.get(metric, 0.0))
        for metric in METRICS
        for scope in scopes
    )
    stop = float(contacts.tc_time_s[-1]) if len(contacts) else 1.0
    facts = RecordingFacts(
        f"{name} session", "0" * 64, "made up for tests", simulated,
        Athlete(name, sex, 65.0, 1.78, None),
        Setup("laces", "track", "spikes", "pod"), (), (),
    )  # fmt: skip
    segments = Segments(np.array([5.0]), np.array([stop]), np.array([RUN], np.int8))
    return Analysis(facts, contacts, segments, feet, summaries, tuple(warnings), "0.1.0")


def runner(name="Runner A", speed_mps=None, angle_deg=-4.0, **options):
    """An analysis of a made-up runner."""
    keys = ("simulated", "warnings", "sex")
    about = {key: options.pop(key) for key in keys if key in options}
    speed = race() if speed_mps is None else np.asarray(speed_mps, float)
    return analysis_of(made_up_contacts(speed, angle_deg, **options), name, **about)


def without(analysis, *names):
    """The same analysis with some numbers unknown."""
    from dataclasses import fields, replace

    contacts = analysis.contacts
    values = {item.name: getattr(contacts, item.name) for item in fields(contacts)}
    for name in names:
        values[name] = np.full(len(contacts), np.nan)
    blank = Contacts(**values)
    fresh = analysis_of(blank, analysis.recording.athlete.name)
    return replace(fresh, recording=analysis.recording, warnings=analysis.warnings)
