"""Marks written by ourselves: a thousand equal ones one by one is what a picture costs most.

Before a figure is drawn, every named series of many marks is cut down to one; afterwards it is
repeated at the places of all of them. The picture is the same, in two thirds of the time.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.hover import POINTS_PER_INCH, SERIES

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

MANY: Final = 12
EDGE_PT: Final = 4.0  # a mark that far outside its axes shows nothing of itself
_ONE = re.compile(r'<use href="(#[^"]+)" x="[^"]*" y="[^"]*"/>')


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """One series that was cut down: its line, and (n, 2) where its marks stand."""

    series: int
    line: "Line2D"
    at: Floats


def cut_down(figure: "Figure") -> list[Kept]:
    """Leave one mark of every named series that is marks alone; the limits must not follow it."""
    kept = []
    for ax in figure.axes:
        for line in ax.lines:
            gid, n = str(line.get_gid() or ""), len(np.atleast_1d(line.get_xdata(orig=False)))
            marks = line.get_linestyle() in ("None", "none", "") and line.get_marker() != "None"
            if not (gid.startswith(SERIES) and marks and n > MANY):
                continue
            ax.autoscale_view()
            at = np.asarray(line.get_xydata(), dtype=np.float64)
            kept.append(Kept(int(gid.removeprefix(SERIES)), line, at))
            line.set_data(*(edge[:1] for edge in _inside(line, at).T))
    return kept


def _inside(line: "Line2D", at: Floats) -> Floats:
    """The marks within the limits of their axes; all of them when none is."""
    ax = line.axes
    if ax is None:
        return at
    low, high = np.sort(np.array([ax.get_xlim(), ax.get_ylim()]), axis=1).T
    known = np.all((at >= low) & (at <= high), axis=1)
    return at[known] if known.any() else at


def put_back(body: str, figure: "Figure", kept: list[Kept]) -> str:
    """The one mark of each series repeated at the place of every one."""
    for one in kept:
        head, found, rest = body.partition(f'data-s="{one.series}"')
        mark = _ONE.search(rest)
        if found and mark is not None:
            uses = _uses(mark.group(1), _places(figure, one))
            body = f"{head}{found}{rest[: mark.start()]}{uses}{rest[mark.end() :]}"
    return body


def _uses(mark: str, places: Floats) -> str:
    return "".join(f'<use href="{mark}" x="{x:.1f}" y="{y:.1f}"/>' for x, y in places.tolist())


def _places(figure: "Figure", one: Kept) -> Floats:
    """(m, 2) in the units of the SVG, y downwards; of those that can be seen."""
    ax = one.line.axes
    if ax is None:
        return np.empty((0, 2))
    size = POINTS_PER_INCH * figure.get_size_inches()
    shown = np.asarray(one.line.get_transform().transform(one.at), dtype=np.float64)
    shown *= POINTS_PER_INCH / figure.dpi
    corner, opposite = ax.get_position().get_points() * size
    seen = np.all((shown > corner - EDGE_PT) & (shown < opposite + EDGE_PT), axis=1)
    shown = shown[seen]
    shown[:, 1] = size[1] - shown[:, 1]
    return shown
