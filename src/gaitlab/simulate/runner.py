"""Who runs: timing, foot strike, impact and swing of one runner, and some ready-made runners.

Every default is an assumption within what is published for running shoes and foot pods;
``docs/simulator.md`` lists where each comes from.
"""

from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gaitlab.model.recording import Athlete
from gaitlab.model.units import RAD_PER_DEG


@dataclass(frozen=True, slots=True)
class Timing:
    """Cadence and contact time as factors on the speed laws in ``timing``.

    contact_asymmetry, step_asymmetry : left minus right, share of the mean
    contact_cv, step_cv : stride-to-stride spread, share of contact and step time
    fatigue_contact_per_km : growth of the contact time, share per kilometre
    """

    contact_factor: float = 1.0
    cadence_factor: float = 1.0
    contact_asymmetry: float = 0.01
    step_asymmetry: float = 0.008
    contact_cv: float = 0.025
    step_cv: float = 0.012
    fatigue_contact_per_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Strike:
    """How the foot lands; angles in rad, toes up positive, zero in quiet standing.

    angle_rad : strike angle at 3 m/s;  slope_rad_per_mps : its change with speed
    lowest_rad, highest_rad : limits of the mean angle over speed
    sd_rad : stride-to-stride spread;  asymmetry_rad : left minus right
    settle_s : from a rearfoot contact to the flat foot at 3 m/s
    landing_rate_radps : pitch rate at contact per rad of strike angle above zero
    heel_hang_rad : how far from flat the foot stays at 9 m/s and above (0 at 5 m/s)
    fatigue_rad_per_km : drift of the strike angle
    """

    angle_rad: float = 3.0 * RAD_PER_DEG
    slope_rad_per_mps: float = -1.0 * RAD_PER_DEG
    lowest_rad: float = -10.0 * RAD_PER_DEG
    highest_rad: float = 24.0 * RAD_PER_DEG
    sd_rad: float = 1.3 * RAD_PER_DEG
    asymmetry_rad: float = 0.8 * RAD_PER_DEG
    settle_s: float = 0.045
    landing_rate_radps: float = -11.0
    heel_hang_rad: float = 0.0
    fatigue_rad_per_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Impact:
    """How the midsole stops the foot.

    down_mps : landing speed at 3 m/s;  down_per_mps : its growth with running speed
    forward_mps, forward_per_mps : the same along the run
    frequency_hz, damping : of shoe and soft tissue under the foot
    cv : stride-to-stride spread of the landing speed
    wobble_radps : peak rates (roll, pitch, yaw) of the rattle after contact at 3 m/s
    soft_share : share of such runners whose heel only brushes the ground before the slap
    heel_touch : landing speed of a heel over that of a flat foot; 1 lands hard
    """

    down_mps: float = 0.6
    down_per_mps: float = 0.13
    forward_mps: float = 0.6
    forward_per_mps: float = 0.13
    frequency_hz: float = 27.0
    damping: float = 0.38
    cv: float = 0.35
    wobble_radps: tuple[float, ...] = (3.0, 1.2, 1.6)
    soft_share: float = 0.0
    heel_touch: float = 1.0


@dataclass(frozen=True, slots=True)
class Swing:
    """Push-off, swing, roll and yaw.

    toe_off_rad, toe_off_per_mps : pitch near toe-off at 3 m/s and its change with speed
    peak_offset_s : fastest push-off rotation minus toe-off
    fall_s : how fast the push-off rotation ends (30 ms snaps, 80 ms is smooth)
    release : 1 lets the foot go at toe-off with a jump in force, 0 smoothly
    lift_m, lift_per_mps : clearance of the sole in mid-swing at 3 m/s and its growth
    roll_landing_rad, roll_flat_rad, roll_swing_rad : inversion positive, of a left foot
    yaw_swing_rad : how far the foot turns in and out in swing
    turn_cv : stride-to-stride spread of roll and yaw in swing
    toe_out_rad : heading of the foot on the ground, outward
    half_width_m : lateral distance of the foot from the line of progression
    burst_radps : peak rate of the rattle at toe-off
    """

    toe_off_rad: float = -42.0 * RAD_PER_DEG
    toe_off_per_mps: float = -1.3 * RAD_PER_DEG
    peak_offset_s: float = -0.004
    fall_s: float = 0.06
    release: float = 0.4
    lift_m: float = 0.17
    lift_per_mps: float = 0.035
    roll_landing_rad: float = 7.0 * RAD_PER_DEG
    roll_flat_rad: float = -3.0 * RAD_PER_DEG
    roll_swing_rad: float = 25.0 * RAD_PER_DEG
    yaw_swing_rad: float = 23.0 * RAD_PER_DEG
    turn_cv: float = 0.15
    toe_out_rad: float = 7.0 * RAD_PER_DEG
    half_width_m: float = 0.04
    burst_radps: float = 1.0


@dataclass(frozen=True, slots=True)
class Runner:
    """One runner: who, and how they move.

    varies : how far the habits of an athlete, drawn from the seed, stray from the numbers
        here (see ``habits``); 0 takes them as they are
    """

    athlete: Athlete
    timing: Timing = field(default_factory=Timing)
    strike: Strike = field(default_factory=Strike)
    impact: Impact = field(default_factory=Impact)
    swing: Swing = field(default_factory=Swing)
    varies: float = 1.0


def _person(name: str, sex: str, mass_kg: float, height_m: float) -> Athlete:
    leg_length_m = round(0.53 * height_m, 3)  # Morin 2005
    return Athlete(name, "f" if sex == "f" else "m", mass_kg, height_m, leg_length_m)


DISTANCE = Runner(
    _person("Simulated distance runner", "m", 66.0, 1.79),
    Timing(cadence_factor=1.03, contact_factor=0.97, fatigue_contact_per_km=0.01),
    Strike(angle_rad=4.0 * RAD_PER_DEG, heel_hang_rad=2.0 * RAD_PER_DEG, settle_s=0.05),
)
SPRINTER = Runner(
    _person("Simulated sprinter", "m", 78.0, 1.82),
    Timing(contact_factor=0.97, contact_cv=0.03, step_cv=0.014),
    Strike(
        angle_rad=-6.0 * RAD_PER_DEG, slope_rad_per_mps=-0.8 * RAD_PER_DEG,
        lowest_rad=-12.0 * RAD_PER_DEG, heel_hang_rad=4.0 * RAD_PER_DEG, sd_rad=1.6 * RAD_PER_DEG,
    ),
    Impact(frequency_hz=30.0, damping=0.36, down_per_mps=0.11, forward_per_mps=0.10),
    Swing(release=0.8, fall_s=0.045, lift_per_mps=0.04),
)  # fmt: skip
HEEL_STRIKER = Runner(
    _person("Simulated heel striker", "f", 60.0, 1.68),
    Timing(cadence_factor=1.0, contact_factor=1.02, fatigue_contact_per_km=0.012),
    Strike(
        angle_rad=18.0 * RAD_PER_DEG, slope_rad_per_mps=-1.5 * RAD_PER_DEG,
        settle_s=0.062, landing_rate_radps=-9.0,
    ),
    Impact(forward_mps=0.75, frequency_hz=26.0, soft_share=0.4),
    Swing(release=0.0, fall_s=0.05),
)  # fmt: skip
RECREATIONAL = Runner(
    _person("Simulated recreational runner", "m", 79.0, 1.77),
    Timing(
        cadence_factor=0.97, contact_factor=1.06, contact_cv=0.035, step_cv=0.018,
        contact_asymmetry=0.025, step_asymmetry=0.015, fatigue_contact_per_km=0.02,
    ),
    Strike(
        angle_rad=11.0 * RAD_PER_DEG, slope_rad_per_mps=-1.8 * RAD_PER_DEG,
        sd_rad=2.2 * RAD_PER_DEG, asymmetry_rad=2.0 * RAD_PER_DEG,
    ),
    Impact(frequency_hz=25.0, damping=0.42, cv=0.4, soft_share=0.4),
    Swing(release=0.2, toe_out_rad=10.0 * RAD_PER_DEG, fall_s=0.07),
)  # fmt: skip

RUNNERS = MappingProxyType(
    {
        "distance": DISTANCE,
        "sprinter": SPRINTER,
        "heel-striker": HEEL_STRIKER,
        "recreational": RECREATIONAL,
    }
)
MEAN_STRIKE_RAD = MappingProxyType(
    {
        "rearfoot": 15.0 * RAD_PER_DEG,
        "midfoot": 3.0 * RAD_PER_DEG,
        "forefoot": -7.0 * RAD_PER_DEG,
    }
)


def striking(runner: Runner, strike: str) -> Runner:
    """The same runner landing on the rearfoot, midfoot or forefoot at every speed.

    >>> striking(DISTANCE, "forefoot").strike.slope_rad_per_mps
    0.0
    """
    landing = replace(
        runner.strike, angle_rad=MEAN_STRIKE_RAD[strike], slope_rad_per_mps=0.0,
        asymmetry_rad=min(runner.strike.asymmetry_rad, 1.0 * RAD_PER_DEG),
    )  # fmt: skip
    return replace(runner, strike=landing)
