"""The sprint from a standstill as one curve: top speed, how fast it is approached, nothing else.

A sprinter's speed rises steeply at first and flattens out towards a top speed V. The curve
v(t) = V (1 - exp(-t / tau)) has two numbers only, so a few split times are enough to find it.

Source: Samozino et al. 2016, 10.1111/sms.12490; Clark et al. 2017; time from distance with
Lambert's W: Jovanovic, R package shorts (MIT).
"""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.units import Floats


@dataclass(frozen=True, slots=True)
class SprintModel:
    """Speed that approaches ``v_max_mps`` with the time constant ``tau_s``.

    Time is 0 when the body begins to move; every method takes and gives arrays of any shape.

    >>> round(SprintModel(9.0, 1.2).distance_m(np.array(4.0)).item(), 2)
    25.59
    """

    v_max_mps: float
    tau_s: float

    @property
    def a0_mps2(self) -> float:
        """Acceleration at the start, V / tau."""
        return self.v_max_mps / self.tau_s

    def speed_mps(self, time_s: Floats) -> Floats:
        return self.v_max_mps * -np.expm1(-time_s / self.tau_s)

    def acceleration_mps2(self, time_s: Floats) -> Floats:
        return self.a0_mps2 * np.exp(-time_s / self.tau_s)

    def distance_m(self, time_s: Floats) -> Floats:
        return self.v_max_mps * (time_s + self.tau_s * np.expm1(-time_s / self.tau_s))

    def time_s(self, distance_m: Floats) -> Floats:
        """When a distance is reached: tau W0(-exp(-d/(V tau) - 1)) + d/V + tau."""
        from scipy.special import lambertw

        scaled = distance_m / (self.v_max_mps * self.tau_s)
        rise = np.real(lambertw(-np.exp(-scaled - 1.0))) + scaled + 1.0
        return np.asarray(self.tau_s * rise, dtype=np.float64)

    def time_gradient(self, distance_m: Floats) -> Floats:
        """(n, 2) change of the time at each distance (n,) with V and with tau.

        From d(t; V, tau) = d held fixed: dt/dp = -(dd/dp) / v(t).
        """
        time = self.time_s(distance_m)
        fade = np.exp(-time / self.tau_s)
        speed = self.v_max_mps * (1.0 - fade)
        by_tau = self.v_max_mps * (1.0 - fade * (1.0 + time / self.tau_s)) / speed
        return np.stack((-distance_m / self.v_max_mps / speed, by_tau), axis=-1)

    def time_to_share_s(self, share: float) -> float:
        """Time until ``share`` (0 to 1) of the top speed is reached.

        >>> round(SprintModel(9.0, 1.0).time_to_share_s(0.95), 3)
        2.996
        """
        return -self.tau_s * float(np.log1p(-share))
