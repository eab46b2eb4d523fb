"""Is it a recording at all? Refusals with their reason; nothing is repaired here.

A check either passes, raises an InputError, or leaves a note about what the analysis will
have to cope with (a restarted clock, repeated samples).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from gaitlab.model.errors import InputError, RateError, UnitsError
from gaitlab.model.recording import FootStream, Recording
from gaitlab.model.units import DEG_PER_RAD, STANDARD_GRAVITY_MPS2, Bools, Floats
from gaitlab.model.words import some
from gaitlab.signal.stamps import ClockRepairs, in_order
from gaitlab.signal.timebase import LONGEST_S

ABSURD, ABSURD_TIME = 1e9, 1e20  # beyond anything in any unit (nanoseconds since 1970: 2e18)
MOST_MPS2 = 1000.0 * STANDARD_GRAVITY_MPS2  # the widest accelerometers for impacts: 400 g
MOST_RADPS = 20_000.0 / DEG_PER_RAD  # the widest gyroscopes: 8000 deg/s
IMPOSSIBLE_SHARE = 0.01
SHORTEST_S = 2.0
LOWEST_RATE_HZ = 49.5  # a 50 Hz pod whose clock is 1 % slow
HIGHEST_RATE_HZ = 5000.0
BACKWARD_SHARE = 0.2  # more backward steps than that are not late packets
QUIET_WINDOW_S = 0.5
QUIET_SPREAD = 0.03  # SD of the norm over its mean, in any unit
QUIET_WINDOWS = 2
REST_TOLERANCE = 0.15  # 1.2 m/s^2 of sensor bias is legal, and no wrong unit comes so close
MEDIAN_NORM_MPS2: Final = (8.0, 200.0)  # seen: 9.6 (walking) to 71 (sprinting)
MOVING_FROM = 1.5  # 99th percentile of the norm over its median
SLOWEST_MOVING_DPS = 40.0  # a foot that moves turns faster (seen: 435 to 1865 at most)
FASTEST_DPS = 6000.0
#: how many of that unit make 9.81 m/s^2
_REST_IN: Final = {"g": 1.0, "mg": 1000.0}


class _EmptyFootError(InputError):
    """A foot without anything to analyse; the other foot can go without it."""


def checked(recording: Recording) -> Recording:
    """``recording`` with notes about its streams; raises InputError for what cannot be analysed.

    A pod that recorded nothing, or only a moment, is left out with a note as long as the other
    foot is there.
    """
    feet: list[FootStream] = []
    notes = list(recording.notes)
    empty: list[_EmptyFootError] = []
    for raw in recording.feet:
        try:
            _check_finite(raw)
            stream, said = _without_impossible(raw)
            notes += [*said, *_check_stream(stream)]
        except _EmptyFootError as error:
            empty.append(error)
            notes.append(f"{raw.foot}: left out, {error.what} ({error.why})")
        else:
            feet.append(stream)
    if empty and not feet:
        raise empty[0]
    notes += _apart(feet)
    return replace(recording, feet=tuple(feet), notes=tuple(notes))


def _check_stream(stream: FootStream) -> Iterator[str]:
    ordered, repairs = in_order(stream)
    yield from _clock_notes(stream, repairs)
    _check_clock(ordered, repairs)
    _check_signal(ordered)
    _check_acc_units(ordered)
    _check_gyr_units(ordered)


def _foot(stream: FootStream) -> str:
    return "the foot" if stream.foot == "unknown" else f"the {stream.foot} foot"


def _check_finite(stream: FootStream) -> None:
    for column, values, limit in (
        ("time", stream.time_s, ABSURD_TIME),
        ("acceleration", stream.acc_mps2, ABSURD),
        ("rotation", stream.gyr_radps, ABSURD),
    ):
        absurd = int(np.count_nonzero(np.abs(values) > limit))
        if absurd:
            raise InputError(
                f"the {column} of {_foot(stream)} is infinite or absurd in {some(absurd, 'place')}",
                "no sensor measures that: the file was written wrongly",
                "export the recording again; leave lost samples empty",
            )
        if column != "rotation" and not np.isfinite(values).any():
            raise _EmptyFootError(
                f"the {column} of {_foot(stream)} is empty",
                f"none of its {len(values)} samples holds a number",
                "check the export; a pod that recorded nothing can be left out",
            )
    _check_axes("acc", stream, np.isfinite(stream.acc_mps2))
    _check_axes("gyr", stream, np.isfinite(stream.gyr_radps))


def _check_axes(column: str, stream: FootStream, there: Bools) -> None:
    """Refuse a foot of which one or two axes hold nothing; there : (n, 3), where a number is."""
    held = np.asarray(there.any(axis=0))
    names = [f"{column}_{axis}" for axis, has in zip("xyz", held.tolist(), strict=True) if not has]
    if 0 < len(names) < 3:
        raise _EmptyFootError(
            f"{' and '.join(names)} of {_foot(stream)} {'are' if len(names) > 1 else 'is'} empty",
            f"none of the {stream.n_samples} samples holds a number there, the other axes do",
            "check the export: all three axes are needed",
        )


def _without_impossible(stream: FootStream) -> tuple[FootStream, list[str]]:
    """The stream without what no sensor on a foot can read, and a note that counts it.

    Other units put many samples beyond these limits: the checks of the units speak of them. What
    is left is a handful, and is taken as lost.
    """
    beyond = (np.abs(stream.acc_mps2) > MOST_MPS2) | (np.abs(stream.gyr_radps) > MOST_RADPS)
    wrong = np.asarray(beyond.any(axis=1))
    n = int(np.count_nonzero(wrong))
    if not n:
        return stream, []
    if n > IMPOSSIBLE_SHARE * stream.n_samples:
        _check_units_of_many(stream, n)
    lost = np.where(wrong[:, None], np.nan, 0.0)
    cleaned = replace(
        stream, acc_mps2=stream.acc_mps2 + lost, gyr_radps=stream.gyr_radps + lost
    )  # fmt: skip
    return cleaned, [
        f"{stream.foot}: {some(n, 'sample')} beyond any sensor (1000 g, 20,000 deg/s) "
        f"{'is' if n == 1 else 'are'} taken as missing"
    ]


def _check_units_of_many(stream: FootStream, n: int) -> None:
    """Refuse a stream with many impossible samples: for its units, where that is the reason."""
    ordered, repairs = in_order(stream)
    _check_clock(ordered, repairs)
    _check_acc_units(ordered)
    _check_gyr_units(ordered)
    raise InputError(
        f"{_foot(stream)} reads what no sensor can in {some(n, 'sample')} of {stream.n_samples:,}",
        "more than 1000 g, or 20,000 deg/s: the file was written wrongly, or the sensor is broken",
        "export the recording again; leave lost samples empty",
    )


def _apart(feet: list[FootStream]) -> list[str]:
    """A note when the two feet were not recorded at the same time."""
    spans = {foot.foot: np.nanpercentile(foot.time_s, [1, 99]) for foot in feet}
    if not {"left", "right"} <= spans.keys():
        return []
    (left, left_end), (right, right_end) = spans["left"], spans["right"]
    if max(left, right) < min(left_end, right_end):
        return []
    return [
        f"the two feet do not overlap in time: left {left:.0f} to {left_end:.0f} s, right "
        f"{right:.0f} to {right_end:.0f} s; flight, step and left against right cannot be "
        "told from them"
    ]


def _clock_notes(stream: FootStream, repairs: ClockRepairs) -> Iterator[str]:
    foot, late = stream.foot, repairs.backward_steps - repairs.restarts
    no_time = int(np.count_nonzero(np.isnan(stream.time_s)))
    if no_time:
        yield f"{foot}: {some(no_time, 'sample')} without a time left out"
    if repairs.duplicates:
        yield f"{foot}: {some(repairs.duplicates, 'repeated sample')} left out"
    if repairs.glitches:
        yield f"{foot}: {some(repairs.glitches, 'sample')} with a stray time left out"
    if repairs.restarts:
        often = "once" if repairs.restarts == 1 else f"{repairs.restarts} times"
        yield (
            f"{foot}: the clock started again {often}; what follows is placed "
            "1 s behind what came before, and does not match the other foot's clock"
        )
    if late > 0 and not repairs.glitches:
        yield f"{foot}: {some(late, 'time')} a sample arrived late and was sorted in"
    if repairs.packet_stamps:
        yield f"{foot}: one time stamp per packet, spread over its samples"


def _check_clock(ordered: FootStream, repairs: ClockRepairs) -> None:
    time_s, foot = ordered.time_s, _foot(ordered)
    n = len(time_s)
    if repairs.backward_steps > BACKWARD_SHARE * max(n - 1, 1):
        raise InputError(
            f"the time of {foot} runs backwards",
            f"{repairs.backward_steps} of {n - 1} steps go back",
            "sort the rows by time, or check that the right column is called time",
        )
    step_s = np.diff(time_s)
    step_s = step_s[step_s > 0]
    if len(step_s) < 2:
        raise _too_short(foot, n, float(step_s.sum()))
    rate_hz = 1.0 / float(np.median(step_s))
    for unit, factor in (("ms", 1e3), ("us", 1e6), ("ns", 1e9)):
        if rate_hz < 2 and LOWEST_RATE_HZ <= rate_hz * factor <= 2000:
            raise UnitsError(
                f"the time of {foot} is not in seconds",
                f"its samples are {1 / rate_hz:g} apart; that would be {rate_hz * factor:.0f} Hz "
                f"in {unit}",
                f"if it is in {unit}, {_assume(unit)}",
            )
    if rate_hz > HIGHEST_RATE_HZ:
        raise UnitsError(
            f"the time of {foot} is not in seconds",
            f"in seconds it would be {rate_hz:,.0f} samples a second",
            "convert the column time to seconds",
        )
    _check_span(foot, n, float(time_s[-1] - time_s[0]))
    if rate_hz < LOWEST_RATE_HZ:
        raise RateError(
            f"{foot} was sampled too slowly: {rate_hz:.1f} times a second",
            f"a ground contact of 0.2 s is {0.2 * rate_hz:.0f} samples then; "
            "50 samples a second are the least, 200 are good",
            "record with a higher rate; it cannot be added afterwards",
        )


def _check_span(foot: str, n: int, duration_s: float) -> None:
    if duration_s > LONGEST_S:
        raise InputError(
            f"{foot} spans {duration_s / 3600:.4g} hours",
            "no run lasts longer than 24 hours: the time is wrong, or in another unit",
            "check the column time",
        )
    if duration_s < SHORTEST_S:
        raise _too_short(foot, n, duration_s)


def _too_short(foot: str, n: int, duration_s: float) -> _EmptyFootError:
    return _EmptyFootError(
        f"{foot} is too short to analyse",
        f"{some(n, 'sample')} over {duration_s:.2f} s; at least {SHORTEST_S:g} s are needed",
        "record a few strides, better twenty or more",
    )


def _check_signal(ordered: FootStream) -> None:
    acc = ordered.acc_mps2
    if np.fmax.reduce(np.nanmax(acc, axis=0) - np.nanmin(acc, axis=0)) > 0:
        return
    raise InputError(
        f"the acceleration of {_foot(ordered)} never changes",
        f"all {len(acc)} samples are the same; even a resting sensor trembles",
        "the pod hung or was not recording: record again",
    )


def rest_norm(stream: FootStream, norm: Floats) -> float | None:
    """Median acceleration norm over the quiet half-seconds, None without two of them.

    Quiet is judged by the norm's spread relative to its mean, so it holds in any unit.
    """
    period_s = float(np.median(np.diff(stream.time_s)))
    width = max(2, round(QUIET_WINDOW_S / period_s)) if period_s > 0 else len(norm) + 1
    count = len(norm) // width
    window = norm[: count * width].reshape(count, width)
    window = window[np.isfinite(window).all(axis=1)]
    if len(window) < QUIET_WINDOWS:
        return None
    mean = window.mean(axis=1)
    quiet = (mean > 0) & (window.std(axis=1) < QUIET_SPREAD * mean)
    return float(np.median(mean[quiet])) if np.count_nonzero(quiet) >= QUIET_WINDOWS else None


def _check_acc_units(ordered: FootStream) -> None:
    norm = np.sqrt(np.einsum("ij,ij->i", ordered.acc_mps2, ordered.acc_mps2))
    rest = rest_norm(ordered, norm)
    if rest is not None:
        if abs(rest / STANDARD_GRAVITY_MPS2 - 1) > REST_TOLERANCE:
            raise _wrong_acc(ordered, f"its norm at rest is {rest:.4g}, expected 9.81 m/s^2", rest)
        return
    middle = float(np.nanmedian(norm))
    low, high = MEDIAN_NORM_MPS2
    if not low <= middle <= high:
        detail = f"its norm is {middle:.4g} in the middle; a running foot has {low:g} to {high:g}"
        raise _wrong_acc(ordered, detail, middle / 2)


def _assume(unit: str) -> str:
    return f'pass assume_units="{unit}" in Python, or add --assume-units {unit}'


def _wrong_acc(ordered: FootStream, why: str, about_one_g: float) -> UnitsError:
    unit = next((u for u, one in _REST_IN.items() if 0.4 * one < about_one_g < 2.5 * one), None)
    todo = f"if it is in {unit}, {_assume(unit)}" if unit else "scale it to m/s^2"
    todo += "; without gravity in it, it cannot be used"
    return UnitsError(f"the acceleration of {_foot(ordered)} is not in m/s^2", why, todo)


def _check_gyr_units(ordered: FootStream) -> None:
    if not ordered.has_gyroscope:
        return
    fastest_dps = float(np.nanmax(np.abs(ordered.gyr_radps))) * DEG_PER_RAD
    norm = np.sqrt(np.einsum("ij,ij->i", ordered.acc_mps2, ordered.acc_mps2))
    usual, high = np.nanpercentile(norm, [50, 99])
    if fastest_dps < SLOWEST_MOVING_DPS and high > MOVING_FROM * usual:
        raise UnitsError(
            f"the rotation of {_foot(ordered)} is not in deg/s",
            f"it never exceeds {fastest_dps:.3g} although the foot moves",
            f"if it is in rad/s, {_assume('rad/s')}",
        )
    if fastest_dps > FASTEST_DPS:
        raise UnitsError(
            f"the rotation of {_foot(ordered)} is not in deg/s",
            f"it reaches {fastest_dps:,.0f}; no foot turns faster than {FASTEST_DPS:,.0f} deg/s",
            f"if it is in mdeg/s, {_assume('mdeg/s')}; raw counts must be scaled first",
        )
