"""A recording that can be analysed, and shows itself."""

from collections.abc import Mapping
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from gaitlab.api.result import Analysis
from gaitlab.api.show import facts_html, facts_text
from gaitlab.events.correction import Correction
from gaitlab.model.recording import Foot
from gaitlab.model.recording import Recording as _Recording

if TYPE_CHECKING:
    from pandas import DataFrame


class Recording(_Recording):
    """One or two feet of one athlete as recorded; see :class:`gaitlab.model.recording.Recording`.

    >>> import gaitlab
    >>> run = gaitlab.load("recordings/sprinter_fly.gait.parquet")
    >>> run.athlete.name, [foot.foot for foot in run.feet]
    ('Simulated sprinter', ['left', 'right'])
    """

    __slots__ = ()

    def analyze(
        self, *, length_scale: float = 1.0, correction: Correction | None = None
    ) -> Analysis:
        """Find every ground contact and measure it.

        length_scale : personal factor for lengths and speeds, from ``gaitlab calibrate``
        correction : your own correction of contact times, from ``gaitlab correction``
        """
        from gaitlab.pipeline import analyze as measured

        return Analysis(measured(self, length_scale=length_scale, correction=correction))

    def __repr__(self) -> str:
        return facts_text(f"Recording {self.name!r}", _facts(self))

    def _repr_html_(self) -> str:
        return facts_html(f"Recording {self.name}", _facts(self))


def _facts(recording: _Recording) -> list[tuple[str, str]]:
    """What the recording is, as pairs of words."""
    pairs = [("athlete", recording.athlete.name)]
    for stream in recording.feet:
        n, time_s = stream.n_samples, stream.time_s
        span_s = float(time_s[-1] - time_s[0]) if n > 1 else 0.0
        rate = f", {(n - 1) / span_s:.0f} Hz" if span_s > 0.0 else ""
        gyroscope = "" if stream.has_gyroscope else ", no gyroscope"
        pairs.append((f"{stream.foot} foot", f"{n} samples, {span_s:.1f} s{rate}{gyroscope}"))
    placed = [item for item in (recording.setup.placement, recording.setup.surface) if item]
    pairs += [("setup", ", ".join(placed))] if placed else []
    pairs += [("marks", ", ".join(mark.label for mark in recording.marks))] * bool(recording.marks)
    pairs += [("source", recording.source)] if recording.source else []
    pairs += [("note", note) for note in recording.notes]
    return [*pairs, ("simulated", "yes: nobody ran this")] if recording.simulated else pairs


def load(path: str | PathLike[str], *, assume_units: str | None = None) -> Recording:
    """Read a recording: gaitlab's own file, or a table in the plain exchange form.

    assume_units : read a table in these units: ``g``, ``mg``, ``rad/s``, or ``g,rad/s``

    Raises
    ------
    InputError : the file cannot be read, is corrupt or is no recording; it says why.
    """
    from gaitlab.recordings import load as read

    return as_recording(read(Path(path), assume_units=assume_units))


def from_gaitmap(
    dataset: "DataFrame | Mapping[str, DataFrame]",
    sampling_rate_hz: float,
    *,
    feet: Mapping[str, Foot] | None = None,
    name: str = "gaitmap",
) -> Recording:
    """A recording from gaitmap's sensor data; see :mod:`gaitlab.recordings.vendors.gaitmap`.

    dataset : frames with acc_x .. gyr_z in m/s^2 and deg/s: one, several by name, or one with
        the sensors as the upper level of its columns
    feet : foot of a sensor whose name does not say it
    """
    from gaitlab.recordings.vendors.gaitmap import from_gaitmap as read

    return as_recording(read(dataset, sampling_rate_hz, feet=feet, name=name))


def as_recording(recording: _Recording) -> Recording:
    """The same recording with ``analyze``, whoever made it."""
    if isinstance(recording, Recording):
        return recording
    return Recording(**{item.name: getattr(recording, item.name) for item in fields(recording)})


def analyze(
    recording: _Recording, *, length_scale: float = 1.0, correction: Correction | None = None
) -> Analysis:
    """The same as ``recording.analyze()``."""
    return as_recording(recording).analyze(length_scale=length_scale, correction=correction)
