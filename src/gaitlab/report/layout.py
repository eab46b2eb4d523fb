"""Where the axes of a figure stand: as Matplotlib's constrained layout, in half its time.

That layout measures every letter twice, since the ticks of an axis may change with its length. Here
the second look is taken only when they did.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from matplotlib.layout_engine import LayoutEngine
from matplotlib.transforms import Bbox

from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.report.hover import POINTS_PER_INCH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure

PAD_IN: Final = 0.04167  # about every axes with its letters, as constrained layout has it
GAP: Final = 0.02  # between columns or rows, in sizes of the figure
MOST_LOOKS: Final = 2
NAME_IN, NUMBERS_IN = 0.19, 0.22  # one line of letters; numbers at an axis


class Snug(LayoutEngine):
    """For one grid of axes in which none spans two cells, and legends outside above or below."""

    _adjust_compatible = False
    _colorbar_gridspec = False

    def execute(self, fig: "Figure") -> None:
        """Give every axes its place."""
        axes = [ax for ax in fig.axes if ax.get_subplotspec() is not None]
        if not axes:
            return
        ends = _legends(fig)
        _place(fig, axes, _guess(fig, axes), ends)
        for _ in range(MOST_LOOKS):
            before = _ticks(axes)
            _place(fig, axes, np.array([_around(fig, ax) for ax in axes]), ends)
            if _ticks(axes) == before and all(ax.get_aspect() == "auto" for ax in axes):
                return


def _ticks(axes: list["Axes"]) -> list[list[float]]:
    return [axis.get_majorticklocs().tolist() for ax in axes for axis in (ax.xaxis, ax.yaxis)]


def _place(fig: "Figure", axes: list["Axes"], around: Floats, ends: tuple[float, float]) -> None:
    """Move the axes so that each has (axes, 4) ``around`` it: left, right, top, bottom."""
    specs: list[Any] = [ax.get_subplotspec() for ax in axes]
    grid = specs[0].get_gridspec()
    at = np.array([(spec.rowspan.start, spec.colspan.start) for spec in specs])
    wide, high = fig.get_size_inches()
    columns = _spread(at[:, 1], around[:, :2], grid.get_width_ratios(), PAD_IN / wide, (0.0, 0.0))
    rows = _spread(at[:, 0], around[:, 2:], grid.get_height_ratios(), PAD_IN / high, ends)
    for ax, (row, column) in zip(axes, at, strict=True):
        (left, right), (top, bottom) = columns[column], rows[row]
        if right > left and bottom > top:  # else the letters alone fill the figure
            ax.set_position(Bbox.from_extents(left, 1.0 - bottom, right, 1.0 - top))
            ax.set_in_layout(True)  # a given place takes it out, and pictures cut to size miss it


def _guess(fig: "Figure", axes: list["Axes"]) -> Floats:
    """(axes, 4) room for the letters as most axes need it; axes that share theirs write none."""
    wide, high = fig.get_size_inches()
    named = np.array([[bool(ax.get_ylabel()), bool(ax.get_xlabel())] for ax in axes])
    numbers = np.array(
        [
            [ax.yaxis.get_tick_params().get("labelleft", True),
             ax.xaxis.get_tick_params().get("labelbottom", True)]
            for ax in axes
        ]
    )  # fmt: skip
    titled = np.array([len(ax.get_title(loc="left").splitlines()) for ax in axes])
    left, bottom = (NAME_IN * named + NUMBERS_IN * numbers).T
    return np.column_stack(
        (left / wide, np.zeros(len(axes)), NAME_IN * titled / high, bottom / high)
    )


def _ruler(fig: "Figure") -> "RendererBase | None":
    """What measures letters: for SVG one for all figures, so that no word is measured twice."""
    return _svg_ruler() if fig.dpi == POINTS_PER_INCH else None


@cache
def _svg_ruler() -> "RendererBase":
    from io import StringIO

    from matplotlib.backends.backend_svg import RendererSVG

    made: Any = RendererSVG  # untyped
    return cast("RendererBase", made(1.0, 1.0, StringIO()))


def _around(fig: "Figure", ax: "Axes") -> Floats:
    """(4,) what letters need outside the axes: left, right, top, bottom, in sizes of the figure."""
    place = ax.get_position(original=True)
    found = ax.get_tightbbox(_ruler(fig), for_layout_only=True)
    if found is None:
        return np.zeros(4)
    whole = found.transformed(fig.transFigure.inverted())
    needed = (place.x0 - whole.x0, whole.x1 - place.x1, whole.y1 - place.y1, place.y0 - whole.y0)
    return np.maximum(needed, 0.0)


def _legends(fig: "Figure") -> tuple[float, float]:
    """Heights kept free above and below for the legends of the figure."""
    pad = 2 * PAD_IN / fig.get_figheight()
    found = [one.get_tightbbox(_ruler(fig)) for one in fig.legends]
    boxes = [box.transformed(fig.transFigure.inverted()) for box in found if box is not None]
    low = [box.height + pad for box in boxes if box.y0 + box.y1 < 1.0]
    high = [box.height + pad for box in boxes if box.y0 + box.y1 >= 1.0]
    return max(high, default=0.0), max(low, default=0.0)


def _spread(
    cell: Ints, needed: Floats, ratios: Sequence[float], pad: float, ends: tuple[float, float]
) -> Floats:
    """(cells, 2) start and end of every column (or row), the free room shared by ``ratios``.

    Parameters
    ----------
    cell, needed : (axes,) the column of each; (axes, 2) what it needs before and behind itself
    ends : kept free before the first and behind the last
    """
    cells = len(ratios)
    margins = np.zeros((cells, 2))
    np.maximum.at(margins, cell, needed)
    inner: Bools = np.ones((cells, 2), dtype=bool)
    inner[0, 0] = inner[-1, 1] = False
    margins += np.where(inner, max(GAP / 2 / cells, pad), pad)
    shares = np.asarray(ratios, dtype=np.float64)
    sizes = (1.0 - sum(ends) - margins.sum()) * shares / shares.sum()
    starts = ends[0] + np.cumsum(margins.sum(axis=1) + sizes) - sizes - margins[:, 1]
    return np.column_stack((starts, starts + sizes))
