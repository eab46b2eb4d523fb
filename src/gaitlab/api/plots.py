"""The plots of one analysis, or of several runners side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitlab.coaching.comparison.band import Band
from gaitlab.coaching.numbers.select import Part

if TYPE_CHECKING:
    from gaitlab.report.plots import Axes, Figure


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plots:
    """Each method draws on ``ax`` (or on a sheet of its own) and returns the Axes.

    >>> import gaitlab
    >>> run = gaitlab.load("recordings/sprinter_fly.gait.parquet").analyze()
    >>> run.plot.strike_clock().get_title(loc="left")
    'Simulated sprinter'
    """

    part: Part

    def strike_angle(self, ax: "Axes | None" = None) -> "Axes":
        """How often each foot lands at each angle, with class bands and probabilities."""
        return self._draw("strike-angle", ax)

    def strike_along_run(self, ax: "Axes | None" = None) -> "Axes":
        """Share of heel, midfoot and forefoot along the run."""
        return self._draw("strike-along-run", ax)

    def strike_by_speed(self, ax: "Axes | None" = None) -> "Axes":
        """Share of heel, midfoot and forefoot against speed."""
        return self._draw("strike-by-speed", ax)

    def strike_clock(self, ax: "Axes | None" = None) -> "Axes":
        """One gait cycle as a ring: contact and flight of both feet."""
        return self._draw("strike-clock", ax)

    def foot_path(self, ax: "Axes | None" = None) -> "Axes":
        """The way of the pod seen from the side, with the tilt of the foot."""
        return self._draw("foot-path", ax)

    def pitch_curve(self, ax: "Axes | None" = None) -> "Axes":
        """Foot pitch around initial contact, mean and band."""
        return self._draw("pitch-curve", ax)

    def acceleration_curve(self, ax: "Axes | None" = None) -> "Axes":
        """Acceleration of the pod around initial contact, mean and band."""
        return self._draw("acceleration-curve", ax)

    def contact_speed(self, ax: "Axes | None" = None, metric: str = "contact_time_s") -> "Axes":
        """Contact time, or another metric, against speed, beside published values."""
        return self._draw("contact-speed", ax, metric)

    def left_right(self, ax: "Axes | None" = None, metric: str = "contact_time_s") -> "Axes":
        """Each left contact against the right one that follows."""
        return self._draw("left-right", ax, metric)

    def step_ladder(self, ax: "Axes | None" = None) -> "Axes":
        """The fastest steps in a row: contact and flight of each."""
        return self._draw("step-ladder", ax)

    def drift(self, ax: "Axes | None" = None, metric: str = "contact_time_s") -> "Axes":
        """Change along the distance at one speed: fatigue, if it is that."""
        return self._draw("drift", ax, metric)

    def _draw(self, kind: str, ax: "Axes | None", metric: str = "") -> "Axes":
        from gaitlab.report.plots import draw_one

        return draw_one(kind, self.part, ax, metric)

    def __repr__(self) -> str:
        return _methods(f"Plots of {self.part.label}", type(self))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PlotsBeside:
    """Each method draws runners side by side, with the same axes, and returns the Figure."""

    parts: tuple[Part, ...]
    bands: tuple[Band, ...] = ()

    def strike_angle(self) -> "Figure":
        """How often each foot lands at each angle, with class bands and probabilities."""
        return self._draw("strike-angle")

    def strike_along_run(self) -> "Figure":
        """Share of heel, midfoot and forefoot along the run."""
        return self._draw("strike-along-run")

    def strike_by_speed(self) -> "Figure":
        """Share of heel, midfoot and forefoot against speed."""
        return self._draw("strike-by-speed")

    def strike_clock(self) -> "Figure":
        """One gait cycle as a ring: contact and flight of both feet."""
        return self._draw("strike-clock")

    def foot_path(self) -> "Figure":
        """The way of the pod seen from the side, with the tilt of the foot."""
        return self._draw("foot-path")

    def pitch_curve(self) -> "Figure":
        """Foot pitch around initial contact, mean and band."""
        return self._draw("pitch-curve")

    def acceleration_curve(self) -> "Figure":
        """Acceleration of the pod around initial contact, mean and band."""
        return self._draw("acceleration-curve")

    def contact_speed(self, metric: str = "contact_time_s") -> "Figure":
        """Contact time, or another metric, against speed, beside published values."""
        return self._draw("contact-speed", metric)

    def left_right(self, metric: str = "contact_time_s") -> "Figure":
        """Each left contact against the right one that follows."""
        return self._draw("left-right", metric)

    def step_ladder(self) -> "Figure":
        """The fastest steps in a row: contact and flight of each."""
        return self._draw("step-ladder")

    def drift(self, metric: str = "contact_time_s") -> "Figure":
        """Change along the distance at one speed: fatigue, if it is that."""
        return self._draw("drift", metric)

    def _draw(self, kind: str, metric: str = "") -> "Figure":
        from gaitlab.report.plots import figure_of

        return figure_of(kind, self.parts, metric=metric, bands=self.bands)

    def __repr__(self) -> str:
        return _methods(f"Plots of {', '.join(part.label for part in self.parts)}", type(self))


def _methods(title: str, kind: type) -> str:
    """The plots there are, one a line."""
    from gaitlab.api.show import facts_text

    names: Sequence[str] = [name for name in vars(kind) if not name.startswith("_")]
    return facts_text(
        title,
        [(f".{name}()", (getattr(kind, name).__doc__ or "").strip()) for name in names
         if callable(getattr(kind, name))],
    )  # fmt: skip
