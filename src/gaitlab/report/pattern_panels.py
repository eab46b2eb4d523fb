"""Patterns of the stride as parts of a page: one runner, or runners side by side."""

from collections.abc import Sequence
from typing import Final

from gaitlab.coaching.numbers.select import Part
from gaitlab.report.panels import Panel
from gaitlab.report.patterns.subjects import Missing, subjects_of
from gaitlab.report.plots import kind_of, metric_for, panels_of
from gaitlab.report.svg import svg_of

TITLES: Final = {
    "strike-clock": "One stride as a ring",
    "foot-path": "The way of the foot, from the side",
    "pitch-curve": "How the foot turns around contact",
}
CAPTIONS: Final = {
    "strike-clock": "Clockwise from the landing of the first foot: outer ring that foot, inner "
    "ring the other, pale arcs outside when nobody is on the ground. The dark arcs at the ends are "
    "one SD of single steps.",
    "foot-path": "The pod from one mid-stance to the next, median and one SD. The shoes show the "
    "true tilt of the foot; the height is stretched. Strides that reach the range of the sensor "
    "are left out.",
    "pitch-curve": "Mean of the contacts and one SD, laid upon each other at initial contact; zero "
    "is the flat foot, above it the toes are up. The marks at the lower edge are toe-off.",
}


COLUMNS: Final = {2: 2, 4: 2}  # of panels side by side; three otherwise


def pattern_panels(parts: Sequence[Part]) -> tuple[Panel, ...]:
    """Clock, foot path and pitch around contact, of one runner or of several."""
    return tuple(pattern_panel(name, parts) for name in TITLES)


def pattern_panel(name: str, parts: Sequence[Part], key: str = "") -> Panel:
    """One kind of pattern; where nobody has it, the reason instead.

    key : its name on a page that shows the same kind twice
    """
    kind, title = kind_of(name), TITLES[name]
    found = kind.prepare(subjects_of(parts), metric_for(kind, ""))
    reasons = [one.reason for one in found if isinstance(one, Missing)]
    if len(reasons) == len(found):
        return Panel(key or name, title, missing=" ".join(dict.fromkeys(reasons)))
    alternative = f"{title}: " + "; ".join(_told(one) for one in found)
    short = "".join(word[:2] for word in (key or name).split("-"))
    if len(parts) == 1:
        return Panel(key or name, title, CAPTIONS[name], _drawn(name, found, 1, short, alternative))
    wide = _drawn(name, found, COLUMNS.get(len(parts), 3), short, alternative)
    narrow = _drawn(name, found, 1, f"{short}n", alternative)
    return Panel(key or name, title, CAPTIONS[name], wide, narrow, wide=True)


def _drawn(name: str, found: Sequence[object], columns: int, short: str, alternative: str) -> str:
    """The figure without a ground of its own: that of the page shows through."""
    figure = panels_of(kind_of(name), found, columns)
    figure.set_facecolor("none")
    return svg_of(figure, short, alternative)


def _told(data: object) -> str:
    """What stands above one panel, for those who do not see it."""
    if isinstance(data, Missing):
        return f"{data.label}: {data.reason}"
    return f"{getattr(data, 'label', '')}: {', '.join(getattr(data, 'notes', ()))}"
