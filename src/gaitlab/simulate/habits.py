"""What differs between runners of one kind: drawn once per athlete, a little per foot.

No constant of an analysis can be right for all of them, so none can be tuned to the simulator.
"""

from dataclasses import replace
from math import exp
from zlib import crc32

import numpy as np

from gaitlab.model.units import RAD_PER_DEG
from gaitlab.simulate.runner import Impact, Runner, Swing

# spreads between athletes; all assumptions
PEAK_OFFSET_SD_S, FOOT_OFFSET_SD_S, LARGEST_OFFSET_S = 0.006, 0.0015, 0.013
RELEASE_SD = 0.3
TOE_OFF_SD_RAD = 2.5 * RAD_PER_DEG
FALL_SPREAD, FALL_LIMITS_S = 0.2, (0.03, 0.09)
TURN_SPREAD, LARGEST_TURN_RAD = 0.42, 40.0 * RAD_PER_DEG
TOE_OUT_SPREAD = 0.4
BURST_SPREAD, MIDSOLE_SPREAD = 0.3, 0.06
SOFT_TOUCH = (0.2, 0.45)  # share of the landing speed that a soft heel brings


def both_feet(runner: Runner, seed: int) -> tuple[Runner, Runner]:
    """The runner as the left and the right foot know it, habits drawn.

    Seed and name of the athlete decide. ``runner.varies`` scales every spread; 0 takes the
    numbers of the runner as they are.
    """
    rng = np.random.default_rng([seed, 3, crc32(runner.athlete.name.encode())])
    swing, impact = _swing(runner, rng), _impact(runner, rng)
    feet = []
    for _ in range(2):
        own_s = runner.varies * FOOT_OFFSET_SD_S * rng.standard_normal()
        own = replace(swing, peak_offset_s=swing.peak_offset_s + float(own_s))
        feet.append(replace(runner, swing=own, impact=impact))
    return feet[0], feet[1]


def _swing(runner: Runner, rng: np.random.Generator) -> Swing:
    swing = runner.swing
    offset, release, toe_off, fall, landing, roll, yaw, out, burst = (
        runner.varies * np.clip(rng.standard_normal(9), -2.0, 2.0)
    ).tolist()
    offset_s = swing.peak_offset_s + PEAK_OFFSET_SD_S * offset
    low_s, high_s = (
        min(FALL_LIMITS_S[0], swing.fall_s), max(FALL_LIMITS_S[1], swing.fall_s)
    )  # fmt: skip
    return replace(
        swing,
        peak_offset_s=min(max(offset_s, -LARGEST_OFFSET_S), LARGEST_OFFSET_S),
        release=min(max(swing.release + RELEASE_SD * release, 0.0), 1.0),
        toe_off_rad=swing.toe_off_rad + TOE_OFF_SD_RAD * toe_off,
        fall_s=min(max(swing.fall_s * exp(FALL_SPREAD * fall), low_s), high_s),
        roll_landing_rad=swing.roll_landing_rad * exp(TURN_SPREAD * landing),
        roll_swing_rad=_turned(swing.roll_swing_rad, roll),
        yaw_swing_rad=_turned(swing.yaw_swing_rad, yaw),
        toe_out_rad=swing.toe_out_rad * exp(TOE_OUT_SPREAD * out),
        burst_radps=swing.burst_radps * exp(BURST_SPREAD * burst),
    )


def _turned(angle_rad: float, draw: float) -> float:
    return min(angle_rad * exp(TURN_SPREAD * draw), max(angle_rad, LARGEST_TURN_RAD))


def _impact(runner: Runner, rng: np.random.Generator) -> Impact:
    impact = runner.impact
    stiffer, rattle = (runner.varies * np.clip(rng.standard_normal(2), -2.0, 2.0)).tolist()
    soft, touch = rng.random() < impact.soft_share, float(rng.uniform(*SOFT_TOUCH))
    return replace(
        impact,
        frequency_hz=impact.frequency_hz * exp(MIDSOLE_SPREAD * stiffer),
        wobble_radps=tuple(rate * exp(BURST_SPREAD * rattle) for rate in impact.wobble_radps),
        heel_touch=touch if soft and runner.varies else impact.heel_touch,
    )
