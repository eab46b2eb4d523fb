"""Where a number stands beside its mark, so that no two lie upon each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTER_PT, TALL_PT = 4.6, 7.0  # of a digit at 7 points
MARK_PT: Final = 3.0  # half a mark
PLACES: Final = (
    (5.0, 3.0), (-5.0, -9.0), (5.0, -9.0), (-5.0, 3.0), (5.0, 11.0), (-5.0, 11.0), (5.0, -17.0),
    (-5.0, -17.0), (16.0, 3.0), (-16.0, 3.0),
)  # fmt: skip
PLOT_SHARE: Final = (0.75, 0.5)  # of a panel at least; labels and legend take the rest


def write_beside(
    ax: "Axes", at: Floats, words: Sequence[str], first: Sequence[tuple[float, float]]
) -> "Axes":
    """Small letters beside marks; the limits of the axes must be set.

    at : (k, 2) marks in units of the axes
    first : (k,) where each would stand if it were alone, points from its mark
    """
    from gaitlab.report.style import MUTED

    if not len(at):
        return ax
    offsets = offsets_of(in_points(ax, at), [len(word) for word in words], first)
    for (x, y), word, (across, up) in zip(at, words, offsets, strict=True):
        ax.annotate(
            word, (x, y), xytext=(across, up), textcoords="offset points", fontsize=7,
            color=MUTED, ha="right" if across < 0 else "left",
        )  # fmt: skip
    return ax


def in_points(ax: "Axes", at: Floats) -> Floats:
    """(k, 2) places in points from the lower left corner, before the sheet is laid out."""
    figure, place = ax.get_figure(root=True), ax.get_subplotspec()
    grid = place.get_gridspec() if place is not None else None
    columns, rows = (grid.ncols, grid.nrows) if grid is not None else (1, 1)
    wide, high = figure.get_size_inches() if figure is not None else (4.4, 3.7)
    size = 72.0 * np.array(PLOT_SHARE) * [wide / columns, high / rows]
    low, high_limit = np.array([ax.get_xlim(), ax.get_ylim()]).T
    return np.asarray((at - low) / (high_limit - low) * size, dtype=np.float64)


def offsets_of(
    marks_pt: Floats, letters: Sequence[int], first: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """An offset for each word: the first of some places where it touches no mark and no word.

    >>> offsets_of(np.array([[0.0, 0.0], [1.0, 0.0]]), [2, 2], [(5.0, 3.0)] * 2)
    [(5.0, 3.0), (-5.0, -9.0)]
    """
    blocks = [(x - MARK_PT, x + MARK_PT, y - MARK_PT, y + MARK_PT) for x, y in marks_pt]
    taken = []
    for mark, count, wish in zip(marks_pt, letters, first, strict=True):
        tried = [(offset, _box(mark, count, offset)) for offset in (wish, *PLACES)]
        clashes = [sum(_touch(box, other) for other in blocks) for _, box in tried]
        offset, box = tried[int(np.argmin(clashes))]
        taken.append(offset)
        blocks.append(box)
    return taken


Box = tuple[float, float, float, float]


def _box(mark: Floats, letters: int, offset: tuple[float, float]) -> Box:
    x, y = mark[0] + offset[0], mark[1] + offset[1]
    wide = LETTER_PT * letters
    left = x - wide if offset[0] < 0 else x
    return left, left + wide, y, y + TALL_PT


def _touch(one: Box, two: Box) -> bool:
    return one[0] < two[1] and two[0] < one[1] and one[2] < two[3] and two[2] < one[3]
