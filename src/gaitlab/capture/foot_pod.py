"""Speed and cadence as a foot pod computes them, kept beside the motion of a recording.

Foot pods send a number a second (Running Speed and Cadence, 0x1814). gaitlab keeps them as sent;
whether the cadence counts steps or strides is inferred, told with its evidence, and can be
overruled where the series is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.model.errors import GaitlabError
from gaitlab.model.series import ReferenceSeries
from gaitlab.model.units import SECONDS_PER_MINUTE, Floats
from gaitlab.pod.model import SpeedSeries
from gaitlab.pod.protocols.rsc import CadenceConvention, Convention, cadence_convention
from gaitlab.recordings.series_reading import read_series, save_series

SUFFIX: Final = ".series.parquet"
REMEMBERED: Final = 120  # messages that decide what the cadence counts, while recording
NS_PER_S: Final = 1e9


@dataclass(frozen=True, slots=True)
class SpeedNow:
    """The last message of a foot pod; NaN where it says nothing.

    cadence_per_min : as sent;  cadence_spm : steps of both feet, NaN while nobody knows
    counts : what the cadence as sent counts;  n : messages so far
    """

    speed_mps: float
    cadence_per_min: float
    cadence_spm: float
    counts: Convention
    stride_length_m: float
    distance_m: float
    running: bool
    n: int


class SpeedEar:
    """Listens to one foot pod while a recording runs; what it keeps does not grow."""

    def __init__(self) -> None:
        self.n = 0
        self._recent: SpeedSeries | None = None

    def hear(self, said: SpeedSeries) -> SpeedNow:
        """What is known with the newest message."""
        self.n += len(said.host_ns)
        self._recent = joined([said] if self._recent is None else [self._recent, said], REMEMBERED)
        recent = self._recent
        convention = cadence_convention(recent)
        sent = recent.cadence_per_min[-1:]
        return SpeedNow(
            float(recent.speed_mps[-1]), float(sent[0]), float(convention.steps_per_min(sent)[0]),
            convention.convention, float(recent.stride_length_m[-1]),
            float(recent.distance_m[-1]), bool(recent.running[-1]), self.n,
        )  # fmt: skip


def joined(parts: Sequence[SpeedSeries], newest: int | None = None) -> SpeedSeries:
    """All messages of ``parts`` in their order, or only the ``newest`` of them."""
    last = slice(None if newest is None else -newest, None)
    names = SpeedSeries.__dataclass_fields__
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])[last] for name in names
    }
    return SpeedSeries(**columns)


def series_of(
    said: SpeedSeries, origin_ns: int, device: str, recorded_with: str, start_unix_s: float | None
) -> ReferenceSeries:
    """The messages on the time axis of the recording that begins at ``origin_ns``."""
    convention = cadence_convention(said)
    time_s = (said.host_ns - origin_ns) / NS_PER_S
    cadence_spm = convention.steps_per_min(said.cadence_per_min)
    values = {
        "speed_mps": said.speed_mps,
        "cadence_spm": cadence_spm,
        "step_length_m": _step_length_m(said, cadence_spm),
        "distance_m": _since_the_first_m(said.distance_m),
        "cadence_as_sent_per_min": said.cadence_per_min,
        "stride_length_as_sent_m": said.stride_length_m,
    }
    origins = {
        "speed_mps": f"speed that {device} sent",
        "cadence_spm": f"cadence that {device} sent, {_taken_as(convention)}",
        "step_length_m": f"stride length that {device} sent, as a step",
        "distance_m": f"distance that {device} sent, since its first message",
        "cadence_as_sent_per_min": f"cadence that {device} sent",
        "stride_length_as_sent_m": f"stride length that {device} sent",
    }
    known = {name: column for name, column in values.items() if np.isfinite(column).any()}
    return ReferenceSeries(
        time_s, known, {name: origins[name] for name in (*known, "cadence_spm")},
        f"{device} (speed and cadence, recorded with {recorded_with})", start_unix_s, recorded_with,
    )  # fmt: skip


def _taken_as(convention: CadenceConvention) -> str:
    if convention.convention == "unknown":
        return f"steps or strides unknown: {convention.evidence}"
    return f"taken as {convention.convention}: {convention.evidence}"


def _step_length_m(said: SpeedSeries, cadence_spm: Floats) -> Floats:
    """(n,) half the stride that was sent, or all of it where a pod calls a step a stride.

    Speed x 60 / steps a minute decides between the two; NaN where neither comes near.
    """
    step_m = np.full(len(cadence_spm), np.nan)
    both = (said.speed_mps > 0) & (cadence_spm > 0) & (said.stride_length_m > 0)
    if np.count_nonzero(both) < 3:
        return step_m
    implied_m = SECONDS_PER_MINUTE * said.speed_mps[both] / cadence_spm[both]
    ratio = float(np.median(said.stride_length_m[both] / implied_m))
    factor = 0.5 if 1.6 < ratio < 2.5 else 1.0 if 0.8 < ratio < 1.25 else np.nan
    step_m[both] = factor * said.stride_length_m[both]
    return step_m


def _since_the_first_m(distance_m: Floats) -> Floats:
    """(n,) metres since the first message; a pod that counts from 0 again goes on from there."""
    known = np.isfinite(distance_m)
    total_m = np.full(len(distance_m), np.nan)
    if known.any():
        sent_m = distance_m[known]
        steps_m = np.diff(sent_m)
        again = steps_m < 0
        steps_m[again] = sent_m[1:][again]
        total_m[known] = np.concatenate(([0.0], np.cumsum(steps_m)))
    return total_m


# --- files -----------------------------------------------------------------------------------


def save_beside(series: Sequence[ReferenceSeries], recording: Path) -> tuple[Path, ...]:
    """Write each as NAME.series.parquet beside ``recording``; never over anything of another run.

    Raises OutputError when it cannot be written.
    """
    written: list[Path] = []
    for one in series:
        path = _free(recording, one.recorded_with, written)
        save_series(one, path)
        written.append(path)
    return tuple(written)


def _free(recording: Path, recorded_with: str, taken: Sequence[Path]) -> Path:
    name, number = _name(recording), 1
    while True:
        path = recording.with_name(f"{name}{f'-{number}' if number > 1 else ''}{SUFFIX}")
        if path not in taken and (not path.exists() or _belongs(path, recorded_with)):
            return path
        number += 1


def series_beside(recording: Path, name: str) -> tuple[ReferenceSeries, ...]:
    """The series that were recorded together with this recording, called ``name``."""
    beside = sorted(recording.parent.glob(f"*{SUFFIX}"))
    own = [path for path in beside if path.name.startswith(_name(recording))]
    return tuple(read_series(path) for path in own if _belongs(path, name))


def _belongs(path: Path, recorded_with: str) -> bool:
    try:
        return bool(recorded_with) and read_series(path).recorded_with == recorded_with
    except GaitlabError:
        return False


def _name(recording: Path) -> str:
    """Without the suffixes of a recording.

    >>> _name(Path("a/monday.gait.parquet"))
    'monday'
    """
    return recording.name.removesuffix(".parquet").removesuffix(".gait")


def with_cadence(series: ReferenceSeries, counts: Convention) -> ReferenceSeries:
    """The series with its cadence taken as ``counts``; the number as sent stays beside it."""
    sent = series.quantity("cadence_as_sent_per_min")
    convention = CadenceConvention(counts, "as you said")
    values = {**series.values, "cadence_spm": convention.steps_per_min(sent)}
    origins = {
        **series.origins,
        "cadence_spm": f"{series.origin('cadence_as_sent_per_min')}, {_taken_as(convention)}",
    }
    return replace(series, values=values, origins=origins)


def sentence(series: ReferenceSeries) -> str:
    """How many messages, how far, and what the cadence was taken for."""
    distance_m = series.quantity("distance_m")
    far = f", {np.nanmax(distance_m):.0f} m" if np.isfinite(distance_m).any() else ""
    silent_s = float(np.diff(series.time_s).max(initial=0.0))
    return (
        f"foot pod: {len(series.time_s)} messages{far}, silent for {silent_s:.1f} s at most; "
        f"{series.origin('cadence_spm')}"
    )
