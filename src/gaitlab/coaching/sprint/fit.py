"""Top speed and time constant from what was timed, with their uncertainty."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.sprint.curve import SprintModel
from gaitlab.model.errors import AnalysisError
from gaitlab.model.units import Floats

START: Final = (8.0, 1.0)  # any ordinary sprinter; the optimum does not depend on it
LOWEST, HIGHEST = (0.5, 0.02), (40.0, 20.0)  # wide: what is plausible is judged afterwards
EXACT_S: Final = 1e-4  # two times are met exactly, or by no sprint from a standstill
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class SprintFit:
    """A fitted sprint.

    time_correction_s : added to the model's time to give the clock's; 0 unless it was fitted
    covariance : (p, p) of (V, tau[, time correction]), p = 2 or 3
    residual : (n,) measured minus model, s for times, m/s for speeds
    r2 : share of the variance of the measured values that the curve explains; NaN for dof 0
    dof : values measured beyond those needed; 0 when the curve is not checked by any
    quantile : what a standard error is multiplied with for 95 %
    """

    model: SprintModel
    time_correction_s: float
    covariance: Floats
    residual: Floats
    r2: float
    dof: int
    quantile: float

    @property
    def residual_rms(self) -> float:
        return float(np.sqrt(np.mean(self.residual**2)))

    def half_width(self, gradient: Floats) -> Floats:
        """Half of the 95 % interval of quantities with this (n, p) gradient; (n,)."""
        variance = np.einsum("...i,ij,...j->...", gradient, self.covariance, gradient)
        return np.asarray(self.quantile * np.sqrt(np.maximum(variance, 0.0)))

    def interval_of(self, place: int) -> float:
        """Half of the 95 % interval of V (0), tau (1) or the time correction (2)."""
        return float(self.half_width(np.eye(len(self.covariance))[place]))

    @property
    def interval_of_a0(self) -> float:
        """Half of the 95 % interval of the acceleration at the start, V / tau."""
        v, tau = self.model.v_max_mps, self.model.tau_s
        slope = np.zeros(len(self.covariance))
        slope[:2] = 1.0 / tau, -v / tau**2
        return float(self.half_width(slope))

    def clock_time_s(self, distance_m: Floats) -> Floats:
        """Time on the clock at each distance (n,)."""
        return self.model.time_s(distance_m) + self.time_correction_s

    def time_band_s(self, distance_m: Floats) -> Floats:
        """Half of the 95 % interval of the fitted clock time at each distance (n,)."""
        return self.half_width(self._gradient(distance_m))

    def _gradient(self, distance_m: Floats) -> Floats:
        gradient = self.model.time_gradient(distance_m)
        extra = np.ones((*gradient.shape[:-1], len(self.covariance) - 2))
        return np.concatenate((gradient, extra), axis=-1)


def fit_splits(
    distance_m: Floats,
    time_s: Floats,
    *,
    time_sd_s: float = 0.0,
    free_start: bool = False,
) -> SprintFit:
    """The curve through split times (n,) at distances (n,), by least squares in time.

    Parameters
    ----------
    time_sd_s : how well each time is known; the error bands never claim more than it allows,
        nor more than the scatter about the curve does
    free_start : fit a time correction too, for a clock that did not start with the movement

    Raises
    ------
    AnalysisError : fewer times than numbers to find.

    Source: residuals in time as in R package shorts; covariance s2 (J'J)^-1.
    """
    size = 3 if free_start else 2

    def residual(p: Floats) -> Floats:
        return SprintModel(p[0], p[1]).time_s(distance_m) + sum(p[2:]) - time_s

    def jacobian(p: Floats) -> Floats:
        gradient = SprintModel(p[0], p[1]).time_gradient(distance_m)
        return np.concatenate((gradient, np.ones((len(time_s), size - 2))), axis=1)

    return _fit(residual, jacobian, time_s, size, time_sd_s)


def fit_speeds(
    time_s: Floats, speed_mps: Floats, *, speed_sd_mps: float = 0.0, free_start: bool = False
) -> SprintFit:
    """The curve through speeds (n,) at times (n,): steps at their middle, or a radar.

    Pairs with NaN are left out. Raises and parameters as in :func:`fit_splits`.
    """
    known = np.isfinite(time_s) & np.isfinite(speed_mps)
    time_s, speed_mps = time_s[known], speed_mps[known]
    size = 3 if free_start else 2

    def residual(p: Floats) -> Floats:
        return SprintModel(p[0], p[1]).speed_mps(time_s - sum(p[2:])) - speed_mps

    def jacobian(p: Floats) -> Floats:
        since = time_s - sum(p[2:])
        model = SprintModel(p[0], p[1])
        acceleration = model.acceleration_mps2(since)
        columns = (model.speed_mps(since) / p[0], -acceleration * since / p[1], -acceleration)
        return np.column_stack(columns[:size])

    return _fit(residual, jacobian, speed_mps, size, speed_sd_mps)


def fit_two_times(
    distance_m: tuple[float, float], time_s: tuple[float, float], *, time_sd_s: float = 0.0
) -> SprintFit:
    """The one curve that passes through two known times, for example at 30 and 60 m.

    Nothing is left over to check it with: its bands come from ``time_sd_s`` alone.

    Raises
    ------
    AnalysisError : no sprint from a standstill passes through both.

    Source: de Ruiter & van Dieen 2019, 10.3390/sports7090202 (30 m and 60 m).
    """
    fit = fit_splits(np.array(distance_m), np.array(time_s), time_sd_s=time_sd_s)
    if fit.residual_rms > EXACT_S:
        raise AnalysisError(
            f"no sprint from a standstill has {time_s[0]:.2f} s at {distance_m[0]:g} m and "
            f"{time_s[1]:.2f} s at {distance_m[1]:g} m",
            f"the nearest one misses both by about {fit.residual_rms:.2f} s: the second part is "
            "too slow or too fast for the first",
            "check both times, and that the clock started with the first movement",
        )
    return fit


def _fit(
    residual: Callable[[Floats], Floats],
    jacobian: Callable[[Floats], Floats],
    measured: Floats,
    size: int,
    sd: float,
) -> SprintFit:
    from scipy.optimize import least_squares
    from scipy.stats import norm, t

    n = len(measured)
    if n < size:
        raise AnalysisError(
            f"{n} measured values are too few for {size} numbers",
            "top speed and time constant need two, a free start a third",
            "time more distances",
        )
    open_ended = (-2.0, 2.0)
    bounds = ([*LOWEST, open_ended[0]][:size], [*HIGHEST, open_ended[1]][:size])
    found = least_squares(
        residual, [*START, 0.0][:size], jac=jacobian, bounds=bounds, x_scale="jac",
        xtol=1e-12, ftol=1e-12, gtol=1e-12,
    )  # fmt: skip
    rest, slope, dof = found.fun, jacobian(found.x), n - size
    total = float(np.sum((measured - measured.mean()) ** 2))
    upper = 0.5 + CONFIDENCE / 2
    variance, quantile = sd**2, float(norm.ppf(upper))  # as well as the clock is known,
    scatter, own = float(rest @ rest) / max(dof, 1), float(t.ppf(upper, max(dof, 1)))
    if dof and own * np.sqrt(scatter) > quantile * sd:  # or as badly as the values fit
        variance, quantile = scatter, own
    return SprintFit(
        model=SprintModel(float(found.x[0]), float(found.x[1])),
        time_correction_s=float(found.x[2]) if size == 3 else 0.0,
        covariance=np.asarray(variance * np.linalg.pinv(slope.T @ slope), np.float64),
        residual=-rest,
        r2=1.0 - float(rest @ rest) / total if dof and total > 0 else float("nan"),
        dof=dof,
        quantile=quantile,
    )
