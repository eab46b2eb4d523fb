"""A run as a FIT activity: running dynamics in native fields, the rest in developer fields.

Source of names, scales and units: FIT profile 21. Native are speed, cadence, stance time, step
length, vertical oscillation and ratio, balance; the profile has no field for flight time,
strike or impact. Developer fields are 32-bit floats without a scale, because readers differ in
whether they apply one, and never carry the name of a native field.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gaitlab.metrics.by_second import Seconds
from gaitlab.model.errors import AnalysisError, UsageError
from gaitlab.model.units import DEG_PER_RAD, STANDARD_GRAVITY_MPS2, Floats
from gaitlab.tables.files import write_together

if TYPE_CHECKING:
    from fit_tool.fit_file import FitFile

#: marks the developer fields as gaitlab's, whatever wrote the file; never to be changed
APPLICATION_ID: Final = bytes.fromhex("6a17000a5b1e4c399e1c9a1d70f00d01")
#: name, unit and values; the number of a field is its place and must stay as it is
DEVELOPER: Final = ("flight_ms", "strike_angle_deg", "rearfoot_share_pct", "impact_g")
UNITS: Final = ("ms", "deg", "%", "g")
AVERAGED: Final = ("stance_time", "stance_time_percent", "stance_time_balance", "step_length",
                   "vertical_oscillation", "vertical_ratio")  # fmt: skip
MOST_SECONDS = 86_400
EARLIEST_UNIX_S = 631_065_600  # the year 1990, where FIT begins to count


@dataclass(frozen=True, slots=True)
class Target:
    """What a service does with such a file, as far as it is known.

    developer : whether developer fields are written for it
    """

    title: str
    keeps: str
    drops: str
    developer: bool = True


TARGETS: Final = {
    "garmin": Target(
        "Garmin Connect", "speed, distance, cadence and the native running dynamics",
        "flight time, strike and impact: it shows developer fields only of its own store's apps",
        developer=False,
    ),
    "strava": Target(
        "Strava", "speed, distance and cadence",
        "contact time, step length and everything else; keep the file itself for them",
        developer=False,
    ),
    "intervals": Target(
        "intervals.icu",
        "everything; add a custom stream for each field, by the name it has in the file",
        "nothing",
    ),
    "runalyze": Target(
        "Runalyze", "the native running dynamics",
        "flight time, strike and impact, whose names it does not know",
    ),
    "goldencheetah": Target(
        "GoldenCheetah", "native fields as such, developer fields as XDATA",
        "nothing of the seconds",
    ),
}  # fmt: skip


def write_fit(seconds: Seconds, path: Path, *, start_unix_s: float, developer: bool = True) -> None:
    """One activity with a record a second.

    start_unix_s : instant of the recording's time 0, seconds since 1970; seconds are whole in FIT
    developer : also flight time, strike and impact; some services refuse files with them

    Raises AnalysisError when there is nothing to write, UsageError for a time before 1990,
    OutputError when the file cannot be written.
    """
    data = fit_bytes(seconds, start_unix_s=start_unix_s, developer=developer)
    write_together({path: lambda temporary: temporary.write_bytes(data)})


def fit_bytes(seconds: Seconds, *, start_unix_s: float, developer: bool) -> bytes:
    """The bytes of the file."""
    return bytes(fit_file(seconds, start_unix_s=start_unix_s, developer=developer).to_bytes())


def fit_file(seconds: Seconds, *, start_unix_s: float, developer: bool) -> "FitFile":
    """The messages of the file, checked by the library as they are added."""
    try:
        from fit_tool.fit_file_builder import FitFileBuilder
    except ImportError as error:
        raise UsageError(
            "FIT files need a library that is not installed",
            "it is an extra, because few need it",
            'pip install "gaitlab-running[fit]"',
        ) from error

    if not len(seconds):
        raise AnalysisError(
            "there is nothing to export",
            "no walking or running contact was found",
            "look at the recording: gaitlab doctor RECORDING",
        )
    if len(seconds) > MOST_SECONDS:
        raise AnalysisError(
            "the run is too long",
            f"{len(seconds):,} seconds; at most 24 hours",
            "cut the recording",
        )
    if start_unix_s < EARLIEST_UNIX_S:
        raise UsageError(
            "FIT knows no time before 1990",
            "the start is earlier",
            "check --start, or the file's date",
        )
    start_ms = round(start_unix_s + seconds.start_s) * 1000
    builder = FitFileBuilder(auto_define=True, strict=True)
    builder.add_all(list(_head(start_ms, developer)))
    builder.add_all(list(_records(seconds, start_ms, developer)))
    builder.add_all(list(_ends(seconds, start_ms)))
    return builder.build()


def _head(start_ms: int, developer: bool) -> Iterator[Any]:
    from fit_tool.base_type import BaseType
    from fit_tool.profile.messages.developer_data_id_message import DeveloperDataIdMessage
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.messages.field_description_message import FieldDescriptionMessage
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.profile_type import Event, EventType, FileType, Manufacturer

    identity = FileIdMessage()
    identity.type = FileType.ACTIVITY
    identity.manufacturer = Manufacturer.DEVELOPMENT.value
    identity.product = 0
    identity.serial_number = 1
    identity.time_created = start_ms
    yield identity
    if developer:
        owner = DeveloperDataIdMessage()
        owner.application_id = APPLICATION_ID
        owner.developer_data_index = 0
        yield owner
        for number, (name, unit) in enumerate(zip(DEVELOPER, UNITS, strict=True)):
            described = FieldDescriptionMessage()
            described.developer_data_index = 0
            described.field_definition_number = number
            described.fit_base_type_id = BaseType.FLOAT32.value
            described.field_name = name
            described.units = unit
            yield described
    begin = EventMessage()
    begin.timestamp = start_ms
    begin.event = Event.TIMER
    begin.event_type = EventType.START
    yield begin


def native_fields(seconds: Seconds) -> dict[str, Floats]:
    """(n,) of each native field of a record, in its unit; NaN where there is nothing."""
    means = seconds.means
    cadence = means["cadence_spm"] / 2  # cycles of one leg
    whole = np.floor(cadence)
    return {
        "distance": seconds.distance_m,
        "enhanced_speed": means["speed_mps"],
        "cadence": whole,
        "fractional_cadence": cadence - whole,
        "stance_time": means["contact_time_s"] * 1e3,
        "stance_time_percent": means["duty_factor"] * 100,
        "stance_time_balance": seconds.balance_left * 100,
        "step_length": means["step_length_m"] * 1e3,
        "vertical_oscillation": means["vertical_oscillation_m"] * 1e3,
        "vertical_ratio": means["vertical_oscillation_m"] / means["step_length_m"] * 100,
    }


def average_fields(seconds: Seconds) -> dict[str, float]:
    """The means of a lap and a session over the seconds with a value, walking ones too.

    What services show as the run's contact time or balance is read from here, not from records.
    """
    native = native_fields(seconds)
    native["cadence"] = native["cadence"] + native.pop("fractional_cadence")
    del native["distance"]
    means = {name: float(np.nanmean(values)) for name, values in native.items()
             if np.isfinite(values).any()}  # fmt: skip
    averages = {f"avg_{name}": value for name, value in means.items() if name in AVERAGED}
    if "cadence" in means:
        averages["avg_cadence"] = float(np.floor(means["cadence"]))
        averages["avg_fractional_cadence"] = means["cadence"] % 1.0
    if "enhanced_speed" in means:
        averages["enhanced_avg_speed"] = means["enhanced_speed"]
        averages["enhanced_max_speed"] = float(np.nanmax(native["enhanced_speed"]))
    return averages


def values_in(seconds: Seconds, developer: bool) -> dict[str, int]:
    """In how many seconds each quantity of the file has a value."""
    native = native_fields(seconds)
    native.pop("fractional_cadence")
    own = zip(DEVELOPER, developer_fields(seconds), strict=True) if developer else ()
    return {name.removeprefix("enhanced_"): int(np.isfinite(values).sum())
            for name, values in (*native.items(), *own)}  # fmt: skip


def developer_fields(seconds: Seconds) -> tuple[Floats, ...]:
    """(n,) of each developer field, in the order of DEVELOPER."""
    means = seconds.means
    return (
        means["flight_time_s"] * 1e3,
        means["strike_angle_rad"] * DEG_PER_RAD,
        seconds.rearfoot_share * 100,
        means["peak_impact_mps2"] / STANDARD_GRAVITY_MPS2,
    )


def _records(seconds: Seconds, start_ms: int, developer: bool) -> Iterator[Any]:
    from fit_tool.base_type import BaseType
    from fit_tool.developer_field import DeveloperField
    from fit_tool.profile.messages.record_message import RecordMessage

    native = native_fields(seconds)
    own = developer_fields(seconds) if developer else ()
    for row in range(len(seconds)):
        extra = []
        for number, values in enumerate(own):
            field = DeveloperField(
                developer_data_index=0, field_id=number, name=DEVELOPER[number],
                base_type=BaseType.FLOAT32, size=4, units=UNITS[number],
            )  # fmt: skip
            field.set_value(0, float(values[row]), None)
            extra.append(field)
        record = RecordMessage(developer_fields=extra)
        record.timestamp = start_ms + 1000 * row
        for name, values in native.items():
            if np.isfinite(values[row]):
                setattr(record, name, float(values[row]))
        yield record


def _ends(seconds: Seconds, start_ms: int) -> Iterator[Any]:
    from fit_tool.profile.messages.activity_message import ActivityMessage
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.messages.lap_message import LapMessage
    from fit_tool.profile.messages.session_message import SessionMessage
    from fit_tool.profile.profile_type import Event, EventType, Sport

    stop_ms = start_ms + 1000 * (len(seconds) - 1)
    averages = average_fields(seconds)
    end = EventMessage()
    end.timestamp = stop_ms
    end.event = Event.TIMER
    end.event_type = EventType.STOP_ALL
    yield end
    for message in (LapMessage(), SessionMessage()):
        message.timestamp = stop_ms
        message.start_time = start_ms
        message.total_elapsed_time = (stop_ms - start_ms) / 1000
        message.total_timer_time = (stop_ms - start_ms) / 1000
        message.total_distance = float(seconds.distance_m[-1])
        message.sport = Sport.RUNNING
        message.message_index = 0
        for name, value in averages.items():
            setattr(message, name, value)
        if isinstance(message, SessionMessage):
            message.first_lap_index = 0
            message.num_laps = 1
        yield message
    whole = ActivityMessage()
    whole.timestamp = stop_ms
    whole.total_timer_time = (stop_ms - start_ms) / 1000
    whole.num_sessions = 1
    yield whole
