"""The local period of a signal, from its autocorrelation in short windows."""

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.signal.filters import known as without_holes

COARSE_RATE_HZ = (
    25.0  # strides are slower than 3 Hz: nothing is lost, and it is eight times cheaper
)
WINDOW_S, HOP_S = 3.0, 0.75
SHORTEST_S, LONGEST_S = 0.32, 1.6  # one stride of a sprinter, of a slow walker
NEARLY_AS_GOOD = 0.8  # the first lag this close to the best one is the period, not a multiple


def local_period(values: Floats, rate_hz: float) -> tuple[Floats, Floats, Floats]:
    """Period of ``values`` (n,) in windows of 3 s: centre times, periods, strengths, all (w,).

    Times in s from the first sample. The strength is the autocorrelation at the period (-1 to
    1); a window without a repeating pattern has a low one and a meaningless period. Missing
    samples count as zero. Signals shorter than one window are taken as one window; empty
    input gives empty arrays.
    """
    step = _coarse_step(rate_hz)
    n_coarse = len(values) // step
    if n_coarse < 4:  # not even a lag to look at
        return np.empty(0), np.empty(0), np.empty(0)
    coarse_hz = rate_hz / step
    coarse = without_holes(values[: n_coarse * step]).reshape(n_coarse, step).mean(axis=1)
    width = min(round(WINDOW_S * coarse_hz), n_coarse)
    starts = np.arange(0, max(n_coarse - width, 0) + 1, hop_samples(rate_hz) // step)
    windows = coarse[starts[:, None] + np.arange(width)]
    first = round(SHORTEST_S * coarse_hz)
    last = min(round(LONGEST_S * coarse_hz), width - 2)
    if last <= first + 1:
        return np.empty(0), np.empty(0), np.empty(0)
    centred = windows - windows.mean(axis=1, keepdims=True)
    lag, strength = _first_good_lag(_autocorrelation(centred, last + 2), first, last)
    centre_s = np.asarray((starts + 0.5 * width) / coarse_hz, dtype=np.float64)
    return centre_s, lag / coarse_hz, strength


def _coarse_step(rate_hz: float) -> int:
    return max(round(rate_hz / COARSE_RATE_HZ), 1)


def hop_samples(rate_hz: float) -> int:
    """Samples from the start of one window to that of the next."""
    step = _coarse_step(rate_hz)
    return step * max(round(HOP_S * rate_hz / step), 1)


def _autocorrelation(windows: Floats, lags: int) -> Floats:
    """(w, lags) autocorrelation by lag, each lag normalised by the energy that overlaps."""
    m = windows.shape[1]
    spectrum = np.fft.rfft(windows, 2 * m, axis=1)
    raw = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, axis=1)[:, :lags]
    power = np.cumsum(windows**2, axis=1)
    total, head = power[:, -1:], power[:, ::-1][:, :lags]
    tail = np.concatenate((total, total - power[:, : lags - 1]), axis=1)
    overlap = np.sqrt(np.maximum(head * tail, 0.0))
    floor = 1e-9 * np.maximum(total, 1e-12)
    return np.asarray(raw / np.maximum(overlap, floor))


def _first_good_lag(similarity: Floats, first: int, last: int) -> tuple[Floats, Floats]:
    """The earliest peak nearly as high as the highest; refined to a fraction of a lag."""
    from gaitlab.signal.peaks import parabola_offset

    inner = similarity[:, first : last + 1]
    before, after = similarity[:, first - 1 : last], similarity[:, first + 1 : last + 2]
    peak = np.where((inner >= before) & (inner > after), inner, -np.inf)
    best = peak.max(axis=1, keepdims=True)
    pick = np.argmax(peak >= np.where(best > 0.0, NEARLY_AS_GOOD * best, best), axis=1)
    rows = np.arange(len(similarity))
    offset = parabola_offset(before[rows, pick], inner[rows, pick], after[rows, pick])
    return first + pick + offset, inner[rows, pick]
