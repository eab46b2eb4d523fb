"""Hops and bounds, timed by the ball of the foot: where it comes to rest, and where it leaves.

Who hops lands on the forefoot and leaves over it. On the ground the foot turns about a point near
its ball that is at rest, so all that a pod beside it feels is gravity and its own turning about
that point. Both events end this: at landing the ball is stopped while the heel still falls, and
at toe-off the point begins to move. A pod on the heel feels the first late and the fastest turn of
the foot comes up to 13 ms before or after the second, by the habit of the athlete; the
acceleration of the ball itself shows both at once. Source: our own, from rigid-body kinematics.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitlab.events.picks import to_sample
from gaitlab.model.gait import FootSignal
from gaitlab.model.recording import FEET
from gaitlab.model.units import Bools, Codes, Floats, Ints
from gaitlab.signal.filters import bridge_short, derivative, known
from gaitlab.signal.intervals import any_within
from gaitlab.signal.orientation import carried, crossed, norm_of, rotated

PUSH_S, FREE_S = (0.055, 0.022), 0.045  # before the toe-off so far: the turning that is fitted
FITTED_AFTER_SHARE = 0.3  # of the contact: the foot has landed
FORCE_SD_MPS2, ARM_SD_M = 2.0, 0.03  # assumptions: of the rolling model, and of the arm
MOVES_S = (0.022, 0.024)  # before and after the toe-off so far: where the ball may leave
CHANGE_S = 0.005  # half of the time over which its acceleration changes
LEAST_CHANGE_MPS2, CHANGE_SHARE, ABOVE_ROLLING = 8.0, 0.15, 1.3
CLEARLY = 1.2  # above that level: then the ball has left, from where it passed the level
SMEARED = 0.46  # of half that time and one sample of the turn: how early a step shows
BURST_S = (0.045, 0.012)  # before and after the landing so far
RISE_S, RISE_SHARE = 0.005, 0.3  # half of the time of a rise; of the largest: the first counts
FOOT_S, TOP_S, ONSET_LEVEL = 0.022, 0.012, 0.3  # of that burst, and where in it contact begins
SHORTEST_S = 0.05  # of a contact
IC_SD_S, TC_SD_S = 0.0030, 0.0040  # measured: docs/detectors.md


@dataclass(frozen=True, slots=True, eq=False)
class BallTimes:
    """Contacts as the ball of the foot tells them, (k,) s from the first sample.

    ic_s, tc_s : NaN where it does not show;  ic_sd_s, tc_sd_s : standard uncertainty
    """

    ic_s: Floats
    tc_s: Floats
    ic_sd_s: Floats
    tc_sd_s: Floats


def at_the_ball(
    foot: Codes, ic_s: Floats, tc_s: Floats, leaps: Bools, signals: Sequence[FootSignal],
    arm_m: Floats,
) -> BallTimes:  # fmt: skip
    """Contacts of both feet, those that are ``leaps`` by the ball of the foot.

    foot, ic_s, tc_s, leaps : (k,) on the recording's time axis, sorted by ``ic_s`` (the result
    need not be);  signals : of the feet;  arm_m : see :func:`ball_times`
    What does not show at the ball stays as it was, and its uncertainty is NaN. With a landing
    that does not show the toe-off stays too.
    """
    found = BallTimes(ic_s.copy(), tc_s.copy(), ic_s * np.nan, ic_s * np.nan)
    for signal in signals:  # two feet at most
        mine = np.flatnonzero(leaps & (foot == FEET.index(signal.foot)))
        since_s = signal.start_s
        ball = ball_times(signal, ic_s[mine] - since_s, tc_s[mine] - since_s, arm_m)
        leaves = np.isfinite(ball.tc_s)
        ends_s = np.where(leaves, ball.tc_s + since_s, tc_s[mine])
        shows = np.isfinite(ball.ic_s) & ~(ends_s - ball.ic_s - since_s < SHORTEST_S)
        tc_sd_s = np.where(leaves, ball.tc_sd_s, np.nan)
        mine = mine[shows]
        found.ic_s[mine], found.tc_s[mine] = ball.ic_s[shows] + since_s, ends_s[shows]
        found.ic_sd_s[mine], found.tc_sd_s[mine] = ball.ic_sd_s[shows], tc_sd_s[shows]
    return found


def ball_times(signal: FootSignal, ic_s: Floats, tc_s: Floats, arm_m: Floats) -> BallTimes:
    """Landing and toe-off of the ball near contacts that are known already.

    ic_s, tc_s : (k,) s from the first sample, tc may be NaN;  arm_m : (3,) from the ball to the
    pod, foot frame, as good as the placement is known
    Nothing is told beside a hole, without a gyroscope, or where no landing or toe-off shows.
    """
    k, sampling_s = len(ic_s), 12.0**-0.5 / signal.rate_hz
    sds = np.full(k, np.hypot(IC_SD_S, sampling_s)), np.full(k, np.hypot(TC_SD_S, sampling_s))
    if not k or not signal.has_gyroscope or len(signal.missing) < 3:
        return BallTimes(np.full(k, np.nan), np.full(k, np.nan), *sds)
    pod = _Pod.of(signal)
    leaves_s, arms_m = _leaves(pod, ic_s, tc_s, arm_m)
    return BallTimes(_lands(pod, ic_s, arms_m), leaves_s, *sds)


@dataclass(frozen=True, slots=True, eq=False)
class _Pod:
    """What a pod felt, (n, 3) each, foot frame, and where it is unknown (n,)."""

    acc_mps2: Floats
    gyr_radps: Floats
    turn_radps2: Floats
    unknown: Bools
    rate_hz: float

    @classmethod
    def of(cls, signal: FootSignal) -> "_Pod":
        gyr = bridge_short(signal.gyr_radps, 1)
        turn = derivative(gyr, signal.rate_hz)
        return cls(known(signal.acc_mps2), known(gyr), known(turn), signal.missing, signal.rate_hz)

    def around(self, at_s: Floats, before_s: float, after_s: float) -> Ints:
        """(k, m) samples about each time, clipped to the signal."""
        steps = np.arange(-round(before_s * self.rate_hz), round(after_s * self.rate_hz) + 1)
        sample = to_sample(at_s, self.rate_hz)[:, None] + steps
        return np.asarray(np.clip(sample, 0, len(self.unknown) - 1))

    def swung(self, sample: Ints) -> Floats:
        """(3, k, m, 3) what a pod feels per metre of each axis of its arm, from turning alone."""
        gyr, turn = self.gyr_radps[sample].reshape(-1, 3), self.turn_radps2[sample].reshape(-1, 3)
        felt = [crossed(turn, axis) + np.cross(gyr, crossed(gyr, axis)) for axis in np.eye(3)]
        return np.asarray(felt).reshape(3, *sample.shape, 3)


def _leaves(pod: _Pod, ic_s: Floats, tc_s: Floats, arm_m: Floats) -> tuple[Floats, Floats]:
    """(k,) s at which the point about which the foot rolls begins to move; (k, 3) m from it.

    Seen from axes that do not turn, a pod at the fitted arm feels gravity alone while the foot
    rolls. The first change that is large against what follows and against the rolling is the
    toe-off.
    """
    rate = pod.rate_hz
    sample = pod.around(tc_s, PUSH_S[0], FREE_S)
    force, swung = _from_still_axes(pod, sample)
    time_s = sample / rate
    fitted = (time_s < (tc_s - PUSH_S[1])[:, None]) & np.isfinite(tc_s)[:, None]
    fitted &= time_s > (ic_s + FITTED_AFTER_SHARE * (tc_s - ic_s))[:, None]
    arms_m = _fitted_arm(force, swung, fitted, arm_m)
    free = force - np.einsum("jkmi,kj->kmi", swung, arms_m)
    half = max(round(CHANGE_S * rate), 1)
    change = np.zeros(sample.shape)
    change[:, half:-half] = norm_of(free[:, 2 * half :] - free[:, : -2 * half])
    since_s = time_s - tc_s[:, None]
    may = (since_s >= -MOVES_S[0]) & (since_s <= MOVES_S[1])
    level = _level(change, may, since_s < -MOVES_S[0])
    over = may & (change > CLEARLY * level[:, None])
    place = _rise_to(change > level[:, None], np.argmax(over, axis=1))
    leaves_s = _crossing(change, place, level, sample, rate) + SMEARED * (half + 1) / rate
    clear = ~any_within(pod.unknown, sample[:, 0], sample[:, -1] + 1)
    return np.where(over.any(axis=1) & clear, leaves_s, np.nan), arms_m


def _level(change: Floats, may: Bools, rolls: Bools) -> Floats:
    """(k,) m/s^2 of change that rolling does not reach."""
    largest, rolling = (np.where(part, change, 0.0).max(axis=1) for part in (may, rolls))
    enough = np.maximum(CHANGE_SHARE * largest, LEAST_CHANGE_MPS2)
    return np.asarray(np.maximum(enough, ABOVE_ROLLING * rolling))


def _rise_to(above: Bools, at: Ints) -> Ints:
    """(k,) first place of the stretch of each row that is ``above`` (k, m) and holds ``at``."""
    later = np.arange(above.shape[1]) > at[:, None]
    place = above.shape[1] - np.argmin((above | later)[:, ::-1], axis=1)
    return np.asarray(np.clip(place, 1, above.shape[1] - 1))


def _from_still_axes(pod: _Pod, sample: Ints) -> tuple[Floats, Floats]:
    """Force (k, m, 3) and :meth:`_Pod.swung` in axes that stay as they are in each window.

    The windows are carried along as if they were one: from one to the next the axes jump, which
    no difference within a window sees.
    """
    flat = sample.ravel()
    moved = carried(pod.acc_mps2[flat], pod.gyr_radps[flat], pod.rate_hz)
    turn = moved.turn[:, : len(flat)]
    swung = [rotated(turn, one.reshape(-1, 3)) for one in pod.swung(sample)]
    shape = (*sample.shape, 3)
    return moved.force_mps2.T.reshape(shape), np.asarray(swung).reshape(3, *shape)


def _fitted_arm(force: Floats, swung: Floats, fitted: Bools, arm_m: Floats) -> Floats:
    """(k, 3) m from the point at rest to the pod: least squares, near ``arm_m``."""
    weight = fitted / np.maximum(fitted.sum(axis=1, keepdims=True), 1)
    force = force - np.einsum("km,kmi->ki", weight, force)[:, None]  # gravity
    swung = swung - np.einsum("km,jkmi->jki", weight, swung)[:, :, None]
    seen = fitted.astype(float)
    square = np.einsum("km,jkmi,lkmi->kjl", seen, swung, swung, optimize=True)
    right = np.einsum("km,jkmi,kmi->kj", seen, swung, force, optimize=True)
    trust = (FORCE_SD_MPS2 / ARM_SD_M) ** 2
    both = square + trust * np.eye(3)
    return np.asarray(np.linalg.solve(both, (right + trust * arm_m)[..., None])[..., 0])


def _lands(pod: _Pod, ic_s: Floats, arms_m: Floats) -> Floats:
    """(k,) s at which the ball is stopped: the onset of its first large upward burst."""
    rate = pod.rate_hz
    sample = pod.around(ic_s, BURST_S[0] + FOOT_S + RISE_S, BURST_S[1] + TOP_S + RISE_S)
    up = pod.acc_mps2[sample, 2] - np.einsum("jkm,kj->km", pod.swung(sample)[..., 2], arms_m)
    half = max(round(RISE_S * rate), 1)
    rise = np.full(sample.shape, -np.inf)
    rise[:, half:-half] = up[:, 2 * half :] - up[:, : -2 * half]
    since_s = sample / rate - ic_s[:, None]
    may = (since_s >= -BURST_S[0]) & (since_s <= BURST_S[1])
    largest = np.where(may, rise, -np.inf).max(axis=1)
    peak = may & (rise >= RISE_SHARE * largest[:, None])
    peak[:, 1:] &= rise[:, 1:] > rise[:, :-1]
    peak[:, :-1] &= rise[:, :-1] >= rise[:, 1:]
    first = np.argmax(peak, axis=1)
    away = np.arange(sample.shape[1]) - first[:, None]
    foot = np.where((away <= 0) & (away >= -round(FOOT_S * rate)), up, np.inf).min(axis=1)
    top = np.where((away >= 0) & (away <= max(round(TOP_S * rate), 1)), up, -np.inf).max(axis=1)
    level = foot + ONSET_LEVEL * (top - foot)
    lands_s = _crossing(up, _rise_to(up > level[:, None], first), level, sample, rate)
    clear = ~any_within(pod.unknown, sample[:, 0], sample[:, -1] + 1)
    return np.where(peak.any(axis=1) & (largest > 0.0) & clear, lands_s, np.nan)


def _crossing(values: Floats, place: Ints, level: Floats, sample: Ints, rate: float) -> Floats:
    """(k,) s where each row (k, m) passes ``level`` on its way to ``place`` (k,)."""
    rows = np.arange(len(place))
    low, high = values[rows, place - 1], values[rows, place]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip((level - low) / (high - low), 0.0, 1.0)
    return np.asarray((sample[rows, place - 1] + known(part)) / rate)
