"""WitMotion: text and CSV files of its desktop and phone programs.

Three families of headers, all with their units: ax(g) .. wx(deg/s) after a chip or computer
time; AccX(g) .. AsX(°/s) with a column DeviceName (several sensors in one file), or the same in
Chinese; and, since 2024, Acceleration X(g) .. Angular velocity X(°/s) with Chip Time(), the degree
sign as the computer's code page has it. WitMotion's own sample programs put the chip
time together from whole numbers, without zeros before them: 10:0:5.7 is 7 ms after the second.
"""

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Floats
from gaitlab.recordings.vendors.columns import numbers
from gaitlab.recordings.vendors.model import Asked, Format, PodData
from gaitlab.recordings.vendors.source import DAMAGED, Source, columns_of, read_table

if TYPE_CHECKING:
    import pandas as pd

#: accelerations and rotations as the two families call them, blanks and case left out
FAMILIES: Final = (
    (("ax(g)", "ay(g)", "az(g)"), ("wx(deg/s)", "wy(deg/s)", "wz(deg/s)")),
    (("accx(g)", "accy(g)", "accz(g)"), ("asx(°/s)", "asy(°/s)", "asz(°/s)")),
    (
        ("accelerationx(g)", "accelerationy(g)", "accelerationz(g)"),
        ("angularvelocityx(°/s)", "angularvelocityy(°/s)", "angularvelocityz(°/s)"),
    ),
    (
        ("加速度x(g)", "加速度y(g)", "加速度z(g)"),
        ("角速度x(°/s)", "角速度y(°/s)", "角速度z(°/s)"),
    ),
)
GBK_DEGREE: Final = "¡ã"  # the sign of Chinese Windows, read as Latin-1
CHIP_TIMES: Final = ("chiptime", "chiptime()")
HOST_TIMES: Final = ("time(s)", "time", "time()", "时间", "时间()")
DEVICES: Final = ("devicename", "设备名称")
#: the day, hour, minute and second of an instant, and the digits of its fraction if it has one
INSTANT: Final = r"^((?:.*[ T])?\d{1,2}:\d{1,2}:\d{1,2})(?:[:.](\d{1,3}))?$"
MOST_PODS = 8


def evidence(source: Source) -> str | None:
    """Headers of one of the families."""
    found = _header(source)
    if found is None:
        return None
    axes = _family(found[1])
    return f'the columns "{axes[0][0]}" and "{axes[1][0]}"' if axes else None


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """Every sensor of the file; the chip's own clock is preferred to the computer's."""
    line, plain = _header(source) or (0, {})
    axes = _family(plain)
    table = read_table(source, skip_lines=line)
    frame = _without_repeated_headers(table.frame)
    if axes is None or frame.empty:
        raise InputError(f"{source.name} holds no samples", "only a header", DAMAGED)
    names = [plain[name] for name in (*axes[0], *axes[1])]
    device = next((plain[name] for name in DEVICES if name in plain), None)
    owner = frame[device].astype(str).to_numpy() if device else np.full(len(frame), "")
    pods = [str(label) for label in dict.fromkeys(owner)]
    if len(pods) > MOST_PODS:
        raise InputError(
            f"{source.name} names {len(pods)} sensors", f"at most {MOST_PODS} make sense", DAMAGED
        )
    return tuple(
        _pod(source, frame[owner == label], label, names, plain, table.notes) for label in pods
    )


def _pod(
    source: Source, frame: "pd.DataFrame", label: str, names: list[str],
    plain: dict[str, str], notes: tuple[str, ...],
) -> PodData:  # fmt: skip
    values = numbers(source, frame, names)
    time_s, clock, note = _times(source, frame, plain)
    return PodData(
        label=label or source.path.stem,
        time_s=time_s,
        acc_mps2=values[:, :3] * STANDARD_GRAVITY_MPS2,
        gyr_radps=values[:, 3:] * RAD_PER_DEG,
        clock=clock,
        device="WitMotion",
        notes=(*notes, note),
    )


def _times(
    source: Source, frame: "pd.DataFrame", plain: dict[str, str]
) -> tuple[Floats, str | None, str]:
    """Seconds, the name of the clock, and a note about it."""
    for names, clock, note in (
        (CHIP_TIMES, None, "time from the sensor's own clock"),
        (HOST_TIMES, "the computer's clock", "time of arrival at the computer, uneven by nature"),
    ):
        column = next((plain[name] for name in names if name in plain), None)
        if column is None:
            continue
        time_s = _seconds(frame[column])
        if np.isfinite(time_s).mean() > 0.5 and np.ptp(time_s[np.isfinite(time_s)]) > 0:
            return time_s, clock, note
    raise InputError(
        f"{source.name} has no time that can be read",
        "neither the chip's nor the computer's time holds instants",
        "export the recording again with its time",
    )


def _seconds(column: "pd.Series[Any]") -> Floats:
    """Seconds from numbers, from dates, or from times of day such as 12:03:04.567.

    Of the two readings of a fraction (5.7 is 700 ms; 5.7 is 7 ms) the one that runs forwards.
    """
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64)
    text = column.astype(str).str.strip()
    parts = text.str.extract(INSTANT)
    whole = parts[0] + "." + parts[1].fillna("0").str.zfill(3)
    counted = _instants(whole.where(parts[0].notna(), text))
    if bool(text.str.match(r"^.*:\d{1,2}:\d{1,2}:\d{1,3}$").any()):
        return counted  # behind a colon stand milliseconds
    decimal = _instants(text)
    return min((decimal, counted), key=lambda seconds: int((np.diff(seconds) < 0).sum()))


def _instants(text: "pd.Series[Any]") -> Floats:
    """Seconds since 1970, or since midnight of 1 January 2000 where no day is given."""
    import pandas as pd

    only_time = text.str.match(r"^\d{1,2}:\d{1,2}:\d{1,2}")
    text = text.where(~only_time, "2000-01-01 " + text)
    instant = pd.to_datetime(text, errors="coerce", format="mixed")
    start = instant.min()
    seconds = (instant - start).dt.total_seconds().to_numpy(np.float64)
    midnight = np.diff(seconds, prepend=seconds[:1]) < -43200
    absolute = start.timestamp() if not pd.isna(start) else 0.0
    return absolute + seconds + 86400.0 * np.cumsum(midnight)


def _header(source: Source) -> tuple[int, dict[str, str]] | None:
    """The line of the header and its names, by their plain form."""
    for number, line in enumerate(source.head().splitlines()[:40]):
        plain = {
            re.sub(r"\s", "", name).casefold().replace(GBK_DEGREE.casefold(), "°"): name
            for name in columns_of(line)
        }
        if _family(plain):
            return number, plain
    return None


def _family(plain: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    return next((axes for axes in FAMILIES if {*axes[0], *axes[1]} <= plain.keys()), None)


def _without_repeated_headers(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Some programs write the header again whenever a sensor reconnects."""
    first = frame.columns[1] if len(frame.columns) > 1 else frame.columns[0]
    repeated: Bools = (frame[first].astype(str).str.strip() == str(first)).to_numpy()
    return frame[~repeated] if repeated.any() else frame


FORMAT: Final = Format("witmotion", "WitMotion, txt and CSV", evidence, read, "g and deg/s")
