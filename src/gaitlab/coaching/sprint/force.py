"""What the legs must have pushed: force, velocity and power from the speed curve and the air.

Modelled, not measured: the runner is one point of mass that is pushed forward against the air.

Source: Samozino et al. 2016, 10.1111/sms.12490 (within 5 % of force plates there); air drag
after Arsac & Locatelli 2002 as in R package shorts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.sprint.curve import SprintModel
from gaitlab.coaching.sprint.fit import SprintFit
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Floats

TYPICAL_MASS_KG, TYPICAL_HEIGHT_M = 70.0, 1.75  # assumption, only for the air on an unknown body
PUSH_FROM_S: Final = 0.3  # before it the first push is still being built up; value from memory
TIMES_S: Final = np.linspace(0.0, 6.0, 6001)  # six seconds in milliseconds, as in shorts
DRAG_COEFFICIENT: Final = 0.9
FRONTAL_SHARE: Final = 0.266  # of the body's surface


@dataclass(frozen=True, slots=True)
class Air:
    """Weather of the sprint; wind from behind is positive, as a wind gauge reads."""

    wind_mps: float = 0.0
    temperature_c: float = 25.0
    pressure_mmhg: float = 760.0

    @property
    def density_kgpm3(self) -> float:
        """1.293 (P / 760) 273 / (273 + T).

        >>> round(Air().density_kgpm3, 4)
        1.1845
        """
        return 1.293 * self.pressure_mmhg / 760.0 * 273.0 / (273.0 + self.temperature_c)


@dataclass(frozen=True, slots=True)
class Body:
    """Mass and height, for the area that meets the air; typical ones where not known."""

    mass_kg: float = TYPICAL_MASS_KG
    height_m: float = TYPICAL_HEIGHT_M

    def drag_npmps2_kg(self, air: Air) -> float:
        """Air drag per kilogram at 1 m/s: 0.5 rho A Cd / m, A from Du Bois' surface."""
        surface = 0.2025 * self.height_m**0.725 * self.mass_kg**0.425
        area = FRONTAL_SHARE * surface
        drag = 0.5 * air.density_kgpm3 * area * DRAG_COEFFICIENT
        return float(drag / self.mass_kg)


@dataclass(frozen=True, slots=True)
class ForceProfile:
    """The straight line of horizontal force against speed, per kilogram, and what follows.

    f0_n_per_kg : push at no speed;  v0_mps : speed at which no push would be left
    pmax_w_per_kg : F0 V0 / 4;  slope : S_FV = -F0 / V0, in N s/m/kg
    rf_max : largest forward share of the push from 0.3 s on, 0 to 1
    drf_per_mps : change of that share with every m/s
    """

    f0_n_per_kg: float
    v0_mps: float
    pmax_w_per_kg: float
    slope: float
    rf_max: float
    drf_per_mps: float


FIELDS: Final = ("f0_n_per_kg", "v0_mps", "pmax_w_per_kg", "slope", "rf_max", "drf_per_mps")


def force_n_per_kg(model: SprintModel, time_s: Floats, body: Body, air: Air) -> Floats:
    """Horizontal force per kilogram (n,): mass times acceleration, and the air.

    k (v - wind)^2, with the sign of (v - wind): a tailwind faster than the runner pushes.
    """
    against = model.speed_mps(time_s) - air.wind_mps
    drag = body.drag_npmps2_kg(air) * against * np.abs(against)
    return np.asarray(model.acceleration_mps2(time_s) + drag)


def force_profile(model: SprintModel, body: Body, air: Air) -> ForceProfile:
    """The profile of one sprint over its first six seconds."""
    speed = model.speed_mps(TIMES_S)
    force = force_n_per_kg(model, TIMES_S, body, air)
    slope, f0 = np.polyfit(speed, force, 1)
    forward = force / np.hypot(force, STANDARD_GRAVITY_MPS2)
    pushing = TIMES_S >= PUSH_FROM_S
    drf = np.polyfit(speed[pushing], forward[pushing], 1)[0]
    v0 = -f0 / slope
    return ForceProfile(
        f0_n_per_kg=float(f0),
        v0_mps=float(v0),
        pmax_w_per_kg=float(f0 * v0 / 4.0),
        slope=float(slope),
        rf_max=float(forward[pushing].max()),
        drf_per_mps=float(drf),
    )


def profile_bands(fit: SprintFit, body: Body, air: Air) -> ForceProfile:
    """Half of the 95 % interval of each number of the profile, from that of V and tau."""
    centre = np.array([fit.model.v_max_mps, fit.model.tau_s])
    step = 1e-4 * centre

    def values(p: Floats) -> Floats:
        profile = force_profile(SprintModel(p[0], p[1]), body, air)
        return np.array([getattr(profile, name) for name in FIELDS])

    shifts = np.diag(step)
    slopes = [(values(centre + one) - values(centre - one)) / (2 * one.sum()) for one in shifts]
    gradient = np.zeros((len(FIELDS), len(fit.covariance)))
    gradient[:, :2] = np.column_stack(slopes)
    return ForceProfile(*(float(half) for half in fit.half_width(gradient)))
