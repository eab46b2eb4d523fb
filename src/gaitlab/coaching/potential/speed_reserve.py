"""Speed reserve: top speed from a sprint test beside aerobic speed from a race.

Two kinds of speed that are never mixed: top speed (MSS) is measured in a flying or timed sprint;
race averages contain the start and the fade. Ratios of race averages have their own table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.drills.flying import Fly
from gaitlab.coaching.potential.race_events import RaceTime, Sex
from gaitlab.model.errors import UsageError
from gaitlab.model.units import Floats

SIX_MINUTES_S: Final = 360.0
MAS_FROM_S: Final = (180.0, 1500.0)  # races of 3 to 25 min: the power law holds there
TIME_EXPONENT: Final[dict[Sex, tuple[float, float, float]]] = {
    "m": (1.064, 1.084, 1.112),  # quartiles of t = c D^a, 3,591 men, 800 m to marathon
    "f": (1.060, 1.079, 1.107),  # 1,706 women
}
MAS_DEFINITION: Final = (
    "aerobic speed (MAS): the speed that would be held for six minutes, from the race nearest to "
    "six minutes along the usual loss of speed with duration (t = c D^1.08)"
)
SANDFORD: Final = (
    "bands of 19 elite men, top speed from a 50 m sprint, aerobic speed from the 1500 "
    "(Sandford 2019, IJSPP 14:501)"
)
BANDS: Final = (  # lower edge of MSS / MAS
    (1.58, "400-800 type"),
    (1.48, "800 type"),
    (1.36, "800-1500 type"),
)
TYPED_SHARE: Final = 0.01  # assumption: standard uncertainty of a typed top speed
SLOWEST_MSS_MPS, FASTEST_MSS_MPS = 4.0, 12.6
QUANTILES: Final = (5.0, 25.0, 50.0, 75.0, 95.0)
RATIOS: Final[dict[tuple[str, str], tuple[tuple[float, ...], tuple[float, ...]]]] = {
    ("400", "800"): ((1.061, 1.095, 1.119, 1.178, 1.271), (1.062, 1.098, 1.128, 1.183, 1.288)),
    ("400", "1500"): ((1.146, 1.207, 1.257, 1.336, 1.509), (1.140, 1.200, 1.254, 1.311, 1.398)),
    ("400", "5000"): ((1.294, 1.395, 1.457, 1.539, 1.666), (1.258, 1.334, 1.433, 1.522, 1.654)),
    ("200", "1500"): ((1.236, 1.313, 1.399, 1.557, 1.684), (1.250, 1.334, 1.404, 1.469, 1.613)),
    ("800", "1500"): ((1.047, 1.072, 1.094, 1.125, 1.183), (1.041, 1.073, 1.103, 1.141, 1.200)),
    ("1500", "5000"): ((1.068, 1.107, 1.143, 1.185, 1.243), (1.053, 1.100, 1.136, 1.176, 1.253)),
}  # men, women; ratios of race-average speeds, UK club


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed with its standard uncertainty and where it comes from, in words."""

    mps: float
    sd_mps: float
    source: str


@dataclass(frozen=True, slots=True)
class Reserve:
    """Top speed against aerobic speed.

    asr_mps : MSS - MAS;  srr : MSS / MAS;  sd : standard uncertainties
    band : Sandford's type, or why none;  sure : False when an edge is within two uncertainties
    """

    mss: Speed
    mas: Speed
    asr_mps: float
    asr_sd_mps: float
    srr: float
    srr_sd: float
    band: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two race-average speeds among UK club runners of that sex."""

    shorter: str
    longer: str
    value: float
    quantiles: tuple[float, ...]
    percentile: float
    word: str

    @property
    def percentile_text(self) -> str:
        """The percentile, or beyond which end of the table it lies."""
        if self.percentile <= QUANTILES[0]:
            return "5 or below"
        return "95 or above" if self.percentile >= QUANTILES[-1] else f"{self.percentile:.0f}"


def typed_top_speed(mps: float) -> Speed:
    """A top speed that was typed, taken as good to 1 %.

    Raises
    ------
    UsageError : nobody's top speed.
    """
    return Speed(_possible(mps), TYPED_SHARE * mps, "typed")


def fly_top_speed(zone_m: float, time_s: float, timing_sd_s: float = 0.02) -> Speed:
    """Top speed from a flying zone; hand-typed times are taken as good to 0.02 s.

    >>> speed = fly_top_speed(30.0, 3.0)
    >>> speed.mps, round(speed.sd_mps, 3)
    (10.0, 0.067)
    """
    mps = _possible(zone_m / time_s)
    return Speed(mps, mps * timing_sd_s / time_s, f"flying {zone_m:g} m in {time_s:.2f} s")


def recorded_fly(fly: Fly, zone_m: float, name: str) -> Speed:
    """Top speed from a flying zone of a recording: its mean, with the band of its time."""
    sd = fly.v_mean_mps * fly.band_s / (1.96 * fly.time_s)
    where = f"best {zone_m:g} m of {name}, zone from {fly.how}, {fly.state}"
    return Speed(_possible(fly.v_mean_mps), sd, where)


def typed_aerobic_speed(mps: float) -> Speed:
    """An aerobic speed that was measured elsewhere, taken as good to 2 %.

    Raises
    ------
    UsageError : nobody's aerobic speed.
    """
    if not 2.0 <= mps <= 8.0:
        raise UsageError(
            f"{mps:.2f} m/s is nobody's aerobic speed",
            "aerobic speeds lie between 2 and 8 m/s",
            "give metres per second (6.1), or a race: --time 1500=4:00",
        )
    return Speed(mps, 0.02 * mps, "typed")


def _possible(mps: float) -> float:
    if not SLOWEST_MSS_MPS <= mps <= FASTEST_MSS_MPS:
        raise UsageError(
            f"{mps:.2f} m/s is nobody's top speed",
            f"top speeds lie between {SLOWEST_MSS_MPS:g} and {FASTEST_MSS_MPS:g} m/s",
            "give metres per second (9.4), or a flying zone: --fly 30=3.20",
        )
    return mps


def aerobic_speed(times: Iterable[RaceTime], sex: Sex) -> Speed:
    """MAS from the race nearest to six minutes (see ``MAS_DEFINITION``).

    Raises
    ------
    UsageError : no race of 3 to 25 minutes.
    """
    race = _aerobic_race(times)
    if race is None:
        raise UsageError(
            "no race to take the aerobic speed from",
            "it needs one of 3 to 25 minutes: 1500, mile, 3000 or 5000",
            "for example --time 1500=4:00, or --mas 6.1 if it was measured",
        )
    quarter, middle, three = (1.0 / a - 1.0 for a in TIME_EXPONENT[sex])
    longer = float(np.log(SIX_MINUTES_S / race.time_s))
    speed = race.speed_mps * float(np.exp(middle * longer))
    sd = speed * abs(longer) * abs(quarter - three) / 1.349  # between quartiles of a normal law
    return Speed(speed, sd, f"from the {race.event.name}")


def _aerobic_race(times: Iterable[RaceTime]) -> RaceTime | None:
    low, high = MAS_FROM_S
    fit = [one for one in times if low <= one.time_s <= high]
    return min(fit, key=lambda one: abs(np.log(one.time_s / SIX_MINUTES_S)), default=None)


def reserve_of(mss: Speed, mas: Speed, sex: Sex) -> Reserve:
    """ASR and SRR with their uncertainties; Sandford's type for men.

    Raises
    ------
    UsageError : a top speed that is not above the aerobic speed.
    """
    if mss.mps <= mas.mps:
        raise UsageError(
            f"the top speed {mss.mps:.2f} m/s is not above the aerobic speed {mas.mps:.2f} m/s",
            "one of the two is wrong, or they are not of the same athlete",
            "top speed comes from a flying sprint, aerobic speed from a race of 3 to 25 minutes",
        )
    srr = mss.mps / mas.mps
    srr_sd = srr * float(np.hypot(mss.sd_mps / mss.mps, mas.sd_mps / mas.mps))
    sure = all(abs(srr - edge) > 2.0 * srr_sd for edge, _ in BANDS)
    return Reserve(
        mss, mas, mss.mps - mas.mps, float(np.hypot(mss.sd_mps, mas.sd_mps)), srr, srr_sd,
        band_of(srr, sex), sure,
    )  # fmt: skip


def band_of(srr: float, sex: Sex) -> str:
    """Sandford's type; bands of women were not published.

    >>> band_of(1.60, "m"), band_of(1.40, "m"), band_of(1.30, "m")
    ('400-800 type', '800-1500 type', 'below every band: more endurance than these 19')
    """
    if sex == "f":
        return "no bands: they were made of elite men"
    found = next((name for edge, name in BANDS if srr >= edge), None)
    return found or "below every band: more endurance than these 19"


def refuse_mixed_speeds(mss: Speed, times: Iterable[RaceTime]) -> None:
    """Raise UsageError for a "top speed" that is below a race average: it is none."""
    for one in times:
        if one.speed_mps > mss.mps:
            raise UsageError(
                f"the top speed {mss.mps:.2f} m/s is below the average of the {one.event.name} "
                f"({one.speed_mps:.2f} m/s)",
                "a top speed is above every race average",
                "give the speed of a flying sprint, not of a race",
            )


def ratios_of(times: Iterable[RaceTime], sex: Sex) -> tuple[Ratio, ...]:
    """The ratios of race averages that the times allow, with their place among club runners."""
    speed = {one.event.name: one.speed_mps for one in times}
    rows = []
    for (shorter, longer), both in RATIOS.items():
        if shorter not in speed or longer not in speed:
            continue
        value, quantiles = speed[shorter] / speed[longer], both[sex == "f"]
        place = float(np.interp(value, quantiles, QUANTILES))
        word = "speed type" if place > 75.0 else "balanced"
        word = "endurance type" if place < 25.0 else word
        rows.append(Ratio(shorter, longer, value, quantiles, place, word))
    return tuple(rows)


def aerobic_line(times: Iterable[RaceTime], sex: Sex, duration_s: Floats) -> Floats | None:
    """Speed over (k,) durations along the usual loss, through the race nearest to six minutes.

    Three rows: the lower quartile of runners, the median, the upper; None without such a race.
    """
    race = _aerobic_race(times)
    if race is None:
        return None
    loss = np.array([1.0 / a - 1.0 for a in TIME_EXPONENT[sex][::-1]])[:, None]
    return np.asarray(race.speed_mps * (duration_s / race.time_s) ** loss)


def two_speed_curve(reserve: Reserve, duration_s: Floats | float) -> Floats:
    """Speed held for ``duration_s`` (all-out, to about 4 min): MAS + ASR exp(-0.013 t).

    Source: Bundle, Hoyt & Weyand 2003; needs a measured top speed, not a race average.
    """
    return np.asarray(reserve.mas.mps + reserve.asr_mps * np.exp(-0.013 * np.asarray(duration_s)))
