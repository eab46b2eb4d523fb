"""What a small script needs to tell the value of a mark: where the axes lie and what they mean.

It stands in the picture as JSON in an attribute, escaped like every text; without the script it is
never read.
"""

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

POINTS_PER_INCH: Final = 72.0
SERIES: Final = "hover"  # of the groups in the SVG that belong to a named series
MOST_LETTERS: Final = 80


@cache
def hover_script() -> str:
    """The script, with line ends as a browser hashes them."""
    from importlib.resources import files

    return (files("gaitlab.report") / "templates" / "hover.js").read_text("utf-8")


def script_policy() -> str:
    """The policy of a page: nothing from outside, and no script but this one."""
    from base64 import b64encode
    from hashlib import sha256

    mark = b64encode(sha256(hover_script().encode("utf-8")).digest()).decode("ascii")
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{mark}'; base-uri 'none'; form-action 'none'"
    )


def name_series(figure: "Figure") -> list[str]:
    """Mark what has a name, before it is drawn; the names in the order of their marks.

    An artist's own ``gid`` is its name, else its label; labels that begin with ``_`` are none.
    """
    names: list[str] = []
    for ax in figure.axes:
        for artist in (*ax.lines, *ax.collections):
            name = _name_of(artist)
            if name:
                artist.set_gid(f"{SERIES}{len(names)}")
                names.append(name[:MOST_LETTERS])
    return names


def forget_names(figure: "Figure") -> None:
    """Take the names off again: in a picture of its own they would become odd marks."""
    for ax in figure.axes:
        for artist in (*ax.lines, *ax.collections):
            artist.set_gid(None)


def _name_of(artist: "Artist") -> str:
    given, label = artist.get_gid(), artist.get_label()
    name = str(given) if given else str(label)
    return "" if name.startswith("_") else name


def axes_json(figure: "Figure", names: list[str]) -> str:
    """The axes of a drawn figure; empty when no axes have a value to tell."""
    found = [_about(figure, ax) for ax in figure.axes if _readable(ax)]
    if not found:
        return ""
    return json.dumps({"axes": found, "names": names}, ensure_ascii=False, separators=(",", ":"))


def _readable(ax: "Axes") -> bool:
    straight = ax.get_xscale() == ax.get_yscale() == "linear"
    return bool(ax.axison and straight and (ax.lines or ax.collections))


def _about(figure: "Figure", ax: "Axes") -> dict[str, Any]:
    """Edges in the units of the SVG (points, y downwards), limits, labels, title."""
    wide, high = (POINTS_PER_INCH * side for side in figure.get_size_inches())
    place = ax.get_position()
    across = [round(wide * edge, 1) for edge in (place.x0, place.x1)]
    down = [round(high * (1.0 - edge), 1) for edge in (place.y0, place.y1)]
    return {
        "x": [*across, *_limits(ax.get_xlim()), *_words(ax, "x")],
        "y": [*down, *_limits(ax.get_ylim()), *_words(ax, "y")],
        "t": (ax.get_title(loc="left") or ax.get_title()).replace("\n", " ")[:MOST_LETTERS],
    }


def _limits(limits: tuple[float, float]) -> list[float]:
    return [float(f"{edge:.6g}") for edge in limits]


def _words(ax: "Axes", which: str) -> tuple[str, list[list[object]]]:
    """Label of an axis (or of one that shares it), and the names at its ticks where it has some."""
    from matplotlib.ticker import FixedLocator

    shared = ax.get_shared_x_axes() if which == "x" else ax.get_shared_y_axes()
    axes = [ax, *(other for other in shared.get_siblings(ax) if other is not ax)]
    labels = [_axis(one, which).get_label_text() for one in axes]
    axis = _axis(ax, which)
    names: list[list[object]] = []
    if isinstance(axis.get_major_locator(), FixedLocator):
        ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
        texts = [(float(at), word.get_text().replace("\n", " ")) for at, word in ticks]
        names = [[at, text] for at, text in texts if _in_words(text)]
    label = next((label for label in labels if label), "")
    return label.replace("\n", " ")[:MOST_LETTERS], names


def _in_words(text: str) -> bool:
    """Whether a tick bears a name and not a number."""
    return any(letter.isalpha() for letter in text)


def _axis(ax: "Axes", which: str) -> "Axis":
    return ax.xaxis if which == "x" else ax.yaxis
