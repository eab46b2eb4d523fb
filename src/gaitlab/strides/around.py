"""Signals around events: the same moments of many contacts, laid upon each other."""

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats


def around(values: Floats, rate_hz: float, event_s: Floats, offset_s: Floats) -> Floats:
    """(k, m) values at each event plus each offset, between samples on the straight line.

    values : (n,);  event_s : (k,) s from the first sample;  offset_s : (m,) s
    NaN beyond the ends of the signal and in its holes.

    >>> around(np.array([0.0, 10.0, 20.0]), 10.0, np.array([0.05]), np.array([0.0, 0.1, 0.2]))
    array([[ 5., 15., nan]])
    """
    at = (event_s[:, None] + offset_s) * rate_hz
    last = len(values) - 1
    if last < 1:
        return np.full(at.shape, np.nan)
    low = np.clip(np.floor(at), 0, last - 1)
    low = np.where(np.isfinite(low), low, 0).astype(np.int64)
    found = values[low] + (at - low) * (values[low + 1] - values[low])
    return np.where((at >= 0) & (at <= last), found, np.nan)


def pitch_around(signal: FootSignal, ic_s: Floats, angle_rad: Floats, offset_s: Floats) -> Floats:
    """(k, m) pitch of the foot around initial contact, toes up positive, rad.

    ic_s : (k,) s from the first sample;  angle_rad : (k,) foot strike angle, the pitch at contact
    offset_s : (m,) even, rising, with zero among them: the gyroscope carries the angle from there
    """
    rate = around(-signal.gyr_radps[:, 1], signal.rate_hz, ic_s, offset_s)
    steps = 0.5 * (rate[:, 1:] + rate[:, :-1]) * np.diff(offset_s)
    turned = np.concatenate((np.zeros((len(ic_s), 1)), np.cumsum(steps, axis=1)), axis=1)
    zero = int(np.argmin(np.abs(offset_s)))
    return np.asarray(turned - turned[:, zero : zero + 1] + angle_rad[:, None])


def moments(rows: Floats) -> tuple[Floats, Floats, int]:
    """Mean and SD (m,) of whole rows of (k, m), and how many there are; NaN without any."""
    whole = rows[np.isfinite(rows).all(axis=1)]
    if len(whole) < 2:
        nothing = np.full(rows.shape[1], np.nan)
        return (whole[0] if len(whole) else nothing), nothing, len(whole)
    return whole.mean(axis=0), whole.std(axis=0, ddof=1), len(whole)
