"""A timed sprint in the words and digits of a coach's sheet."""

from typing import NamedTuple

import numpy as np

from gaitlab.coaching.sprint.timed import Sprint
from gaitlab.model.units import KMH_PER_MPS

NOTHING = "–"
TOO_WIDE = "too wide to tell"


class Line(NamedTuple):
    """One number: its name, value and 95 % range with units, what it means."""

    name: str
    value: str
    range: str
    meaning: str


class SplitLine(NamedTuple):
    """One row of the split table."""

    to: str
    time: str
    band: str
    source: str
    speed: str
    fitted: str


def split_lines(sprint: Sprint) -> tuple[SplitLine, ...]:
    """Every distance with its time, and the mean speed since the row before."""
    table = sprint.splits
    return tuple(
        SplitLine(
            to=f"{table.distance_m[k]:g} m",
            time=f"{table.time_s[k]:.2f} s",
            band=f"± {table.band_s[k]:.2f}",
            source="timed" if table.measured[k] else "curve",
            speed=f"{table.speed_mps[k]:.2f} ± {table.speed_band_mps[k]:.2f} m/s",
            fitted=f"{table.fitted_s[k]:.2f} s" if np.isfinite(table.fitted_s[k]) else NOTHING,
        )
        for k in range(len(table.distance_m))
    )


def fastest_part(sprint: Sprint) -> str:
    """The fastest part of the split table in one phrase."""
    table = sprint.splits
    k = int(np.argmax(table.speed_mps))
    start = table.distance_m[k - 1] if k else 0.0
    return f"{table.speed_mps[k]:.2f} m/s between {start:g} and {table.distance_m[k]:g} m"


def number_lines(sprint: Sprint) -> tuple[Line, ...]:
    """Every number of the curve and of the force profile; none without a curve."""
    fit = sprint.fit
    if fit is None:
        return ()
    v, tau = fit.model.v_max_mps, fit.model.tau_s
    late = fit.model.time_to_share_s(0.95)
    where = float(fit.model.distance_m(np.array(late)))
    half_v, half_tau, a0 = fit.interval_of(0), fit.interval_of(1), fit.model.a0_mps2
    lines = [
        Line("top speed V", f"{v:.2f} m/s ({v * KMH_PER_MPS:.1f} km/h)",
             _range(v, half_v, 2), "what the speed levels off at"),
        Line("time constant", f"{tau:.2f} s", _range(tau, half_tau, 2),
             "63 % of V is reached after it; small = fast away"),
        Line("A0", f"{a0:.1f} m/s²", _range(a0, fit.interval_of_a0, 1),
             "speeding up at the very start: V over the time constant"),
        Line("95 % of V after", f"{late:.2f} s, {where:.0f} m",
             _range(late, late / tau * half_tau, 2), "from here on nearly at top speed"),
    ]  # fmt: skip
    if sprint.setting.free_start:
        own = fit.time_correction_s
        lines.append(Line("time correction", f"{own:+.2f} s".replace("-", "−"),
                          _range(own, fit.interval_of(2), 2, signed=True),
                          "clock minus movement; negative = clock started late"))  # fmt: skip
    return (*lines, *_force_lines(sprint), _fit_line(sprint))


def _force_lines(sprint: Sprint) -> tuple[Line, ...]:
    profile, band = sprint.profile, sprint.profile_bands
    if profile is None or band is None:
        return ()
    f0, v0, power = profile.f0_n_per_kg, profile.v0_mps, profile.pmax_w_per_kg
    share, fall = 100 * profile.rf_max, 100 * profile.drf_per_mps
    return (
        Line("F0", f"{f0:.1f} N/kg", _range(f0, band.f0_n_per_kg, 1),
             "forward push at the very start (modelled)"),
        Line("V0", f"{v0:.1f} m/s", _range(v0, band.v0_mps, 1),
             "speed at which no push would be left"),
        Line("Pmax", f"{power:.1f} W/kg", _range(power, band.pmax_w_per_kg, 1),
             "highest forward power (modelled)"),
        Line("F-V slope", f"{profile.slope:.2f} N s/m/kg".replace("-", "−"),
             _range(profile.slope, band.slope, 2), "how fast the push fades with speed"),
        Line("RFmax", f"{share:.0f} %", _range(share, 100 * band.rf_max, 0),
             "share of the push that goes forward, at best"),
        Line("DRF", f"{fall:.1f} % per m/s".replace("-", "−"),
             _range(fall, 100 * band.drf_per_mps, 1), "how fast that share falls with speed"),
    )  # fmt: skip


def _fit_line(sprint: Sprint) -> Line:
    fit = sprint.fit
    if fit is None or fit.dof == 0:
        return Line("fit", NOTHING, NOTHING, "nothing left to check the curve with")
    worst = float(np.abs(fit.residual).max())
    return Line("fit", f"R² {fit.r2:.5f}, {fit.residual_rms:.3f} s", f"worst {worst:.3f} s",
                "distance of the splits from the curve (root mean square)")  # fmt: skip


def _range(value: float, half: float, digits: int, *, signed: bool = False) -> str:
    """
    signed : the number may have either sign; of others a range over zero tells nothing

    >>> _range(9.83, 0.314, 2), _range(-0.2, 0.1, 1), _range(8.5, 9.4, 1)
    ('9.52 to 10.14', '−0.3 to −0.1', 'too wide to tell')
    """
    if half >= abs(value) and not signed:
        return TOO_WIDE
    return f"{value - half:.{digits}f} to {value + half:.{digits}f}".replace("-", "−")


def facts(sprint: Sprint) -> str:
    """How it was timed, in one line."""
    timing = "whole tenths" if sprint.reading_step_s >= 0.1 else "hundredths"
    air = sprint.setting.air
    n = len(sprint.timed_m)
    return (
        f"{n} split{'s' * (n != 1)} in {timing} of a second · start {sprint.setting.start} · "
        f"wind {wind_text(air.wind_mps)} · {air.temperature_c:g} °C"
    )


def wind_text(wind_mps: float) -> str:
    """With its sign, as a wind gauge reads: from behind is positive.

    >>> wind_text(-3.0), wind_text(0.0)
    ('−3.0 m/s', '+0.0 m/s')
    """
    return f"{wind_mps:+.1f} m/s".replace("-", "−")
