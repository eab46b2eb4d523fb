"""What every metric of a contact is called, measured in and shown as: one row per metric."""

from dataclasses import dataclass
from math import isfinite

from gaitlab.model.units import DEG_PER_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2

MISSING_TEXT = "–"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of a ground contact.

    name : field of ``Contacts``, in the unit used inside (``inside_unit``)
    column : name in the tables and in JSON, in ``column_unit`` (angles are degrees there)
    column_factor : inside to table
    unit, factor, decimals, resolution : how a reader sees it; value shown =
        inside x factor, rounded to ``resolution`` (in ``unit``) and written with ``decimals``
    label : two or three words for axes, tiles and table rows
    meaning : one sentence for somebody who is not a scientist
    source : definition, and the section or paper it is taken from
    """

    name: str
    column: str
    inside_unit: str
    column_unit: str
    column_factor: float
    unit: str
    factor: float
    decimals: int
    resolution: float
    label: str
    meaning: str
    source: str

    @property
    def axis_label(self) -> str:
        """Label with its unit, for an axis or the head of a table."""
        return f"{self.label} [{self.unit}]"

    def shown(self, value: float) -> float:
        """``value`` (inside unit) as it is shown: in ``unit``, rounded; NaN stays NaN."""
        if not isfinite(value):
            return float("nan")
        return round(round(value * self.factor / self.resolution) * self.resolution, self.decimals)

    def text(self, value: float, *, with_unit: bool = False) -> str:
        """``value`` (inside unit) as text; an en dash when there is none.

        >>> metric("contact_time_s").text(0.1684, with_unit=True)
        '168 ms'
        >>> metric("strike_angle_rad").text(float("nan"))
        '–'
        """
        if not isfinite(value):
            return MISSING_TEXT
        number = f"{self.shown(value):.{self.decimals}f}"
        number = number.replace("-", "−") if float(number) else number.lstrip("-")
        if not with_unit:
            return number
        return f"{number}{self.unit}" if self.unit == "°" else f"{number} {self.unit}"

    def spread_text(self, value: float) -> str:
        """A spread or an uncertainty (inside unit): at least one digit that is not zero."""
        if not isfinite(value):
            return MISSING_TEXT
        shown = abs(value) * self.factor
        for decimals in range(self.decimals, self.decimals + 2):
            if round(shown, decimals) > 0:
                return f"{shown:.{decimals}f}"
        return f"< {10.0 ** -(self.decimals + 1):.{self.decimals + 1}f}"

    def change_text(self, value: float) -> str:
        """A difference (inside unit) with its sign; without one when it is too small to show."""
        text = self.spread_text(value)
        if text.startswith("<") or text == MISSING_TEXT:
            return text
        return ("−" if value < 0 else "+") + text


def _seconds(name: str, label: str, meaning: str, source: str) -> Metric:
    return Metric(name, name, "s", "s", 1.0, "ms", MS_PER_S, 0, 1.0, label, meaning, source)


def _metres(name: str, label: str, meaning: str, source: str) -> Metric:
    return Metric(name, name, "m", "m", 1.0, "m", 1.0, 2, 0.01, label, meaning, source)


CATALOG: tuple[Metric, ...] = (
    Metric(
        "speed_mps", "speed_mps", "m/s", "m/s", 1.0, "m/s", 1.0, 2, 0.01, "speed",
        "How fast the foot covers ground from one landing to its next.",
        "stride length / stride time; Falbriard 2021, PMC8014039 (direct integration)",
    ),
    Metric(
        "cadence_spm", "cadence_spm", "steps/min", "steps/min", 1.0, "steps/min", 1.0, 1, 0.5,
        "cadence",
        "Steps per minute of both feet together.",
        "120 / stride time",
    ),
    _seconds(
        "contact_time_s", "contact time",
        "How long one foot stays on the ground. It falls as speed rises, in every runner.",
        "terminal minus initial contact; Falbriard 2018, 10.3389/fphys.2018.00610",
    ),
    _seconds(
        "flight_time_s", "flight time",
        "How long both feet are in the air between two steps.",
        "next contact of the other foot minus toe-off; Falbriard 2018, 10.3389/fphys.2018.00610",
    ),
    Metric(
        "duty_factor", "duty_factor", "1", "1", 1.0, "%", 100.0, 1, 0.1, "duty factor",
        "Share of a stride that one foot spends on the ground. Below 50 % there is a flight phase.",
        "contact time / stride time, definition",
    ),
    Metric(
        "strike_angle_rad", "strike_angle_deg", "rad", "deg", DEG_PER_RAD, "°", DEG_PER_RAD, 1, 0.5,
        "strike angle",
        "How the foot is tilted when it lands: plus is heel first, minus is forefoot first.",
        "foot pitch just before contact minus flat foot; read before the impact as in Falbriard "
        "2020, PMC7031162",
    ),
    _metres(
        "step_length_m", "step length",
        "Distance from one foot's landing to the other foot's landing.",
        "speed x step time",
    ),
    _metres(
        "stride_length_m", "stride length",
        "Distance from one foot's landing to the same foot's next landing (two steps).",
        "strapdown integration between mid-stances; Falbriard 2021, PMC8014039",
    ),
    Metric(
        "flight_ratio", "flight_ratio", "1", "1", 1.0, "to 1", 1.0, 2, 0.01, "flight ratio",
        "Flight time over contact time: how much air each moment on the ground buys.",
        "t_f / t_c, called RSI_f where jumps are counted so; not for walking",
    ),
    Metric(
        "contact_length_m", "contact_length_m", "m", "m", 1.0, "m", 1.0, 2, 0.01,
        "contact length",
        "How far the body travels while one foot is on the ground.",
        "speed x contact time, definition; used so by Weyand 2000, J Appl Physiol 89:1991",
    ),
    Metric(
        "vertical_oscillation_m", "vertical_oscillation_m", "m", "m", 1.0, "cm", 100.0, 1, 0.1,
        "vertical oscillation",
        "How far the body goes up and down in each step, modelled from the times of a steady run "
        "on level ground.",
        "sine-wave force, Morin 2005, 10.1123/jab.21.2.167, and the rise in flight",
    ),
    Metric(
        "peak_force_bw", "peak_force_bw", "body weights", "body weights", 1.0, "body weights", 1.0,
        2, 0.01, "peak force",
        "The highest upward push of the ground, modelled from the times of a steady run on level "
        "ground.",
        "pi/2 (t_f / t_c + 1); Morin 2005, 10.1123/jab.21.2.167: 0.67 to 6.93 % below force plates",
    ),
    Metric(
        "vertical_stiffness_n_per_m_per_kg", "vertical_stiffness_n_per_m_per_kg", "N/m/kg",
        "N/m/kg", 1.0, "N/m per kg", 1.0, 0, 1.0, "vertical stiffness",
        "Peak force for each metre that the body sinks, per kilogram: short contacts and little "
        "sinking are stiff.",
        "peak force / drop, Morin 2005, 10.1123/jab.21.2.167; steady speed on level ground only",
    ),
    Metric(
        "leg_stiffness_n_per_m_per_kg", "leg_stiffness_n_per_m_per_kg", "N/m/kg", "N/m/kg", 1.0,
        "N/m per kg", 1.0, 0, 1.0, "leg stiffness",
        "Peak force for each metre that the leg shortens, per kilogram.",
        "peak force / (arc of the leg + drop), leg 0.53 of the height unless given; Morin 2005, "
        "10.1123/jab.21.2.167; steady speed on level ground only",
    ),
    Metric(
        "peak_impact_mps2", "peak_impact_g", "m/s^2", "g", 1.0 / STANDARD_GRAVITY_MPS2, "g",
        1.0 / STANDARD_GRAVITY_MPS2, 1, 0.1, "impact of the pod",
        "The largest jolt of the pod within 30 ms after landing; compare it only with the same "
        "pod, strap and shoe.",
        "largest norm of the acceleration; 500 Hz or more and nothing clipped, Mitschke 2017, "
        "10.1080/10255842.2017.1382482",
    ),
    Metric(
        "swing_height_m", "swing_height_m", "m", "m", 1.0, "cm", 100.0, 1, 0.1, "swing height",
        "How high the pod rises behind and under the body before it lands again.",
        "highest point of the path above the line between two mid-stances",
    ),
    _seconds(
        "step_time_s", "step time",
        "Time from one foot's landing to the other foot's landing.",
        "initial contact to the next one of the other foot",
    ),
    _seconds(
        "stride_time_s", "stride time",
        "Time from one foot's landing to the same foot's next landing (two steps).",
        "initial contact to the next one of the same foot",
    ),
    _seconds(
        "swing_time_s", "swing time",
        "How long one foot is off the ground within its stride.",
        "stride time minus contact time",
    ),
)  # fmt: skip

METRIC_NAMES: tuple[str, ...] = tuple(item.name for item in CATALOG)
_BY_NAME = {item.name: item for item in CATALOG}


def metric(name: str) -> Metric:
    """The catalogue's entry of a contact field (``KeyError`` for anything else)."""
    return _BY_NAME[name]
