"""Draw the picture of the README from the bundled, simulated recordings.

.venv/bin/python docs/images/make.py
"""

from pathlib import Path

import numpy as np

from gaitlab.cli.demo import COMPARED
from gaitlab.cli.examples import example_path
from gaitlab.coaching.numbers.select import Part, parts_of
from gaitlab.pipeline import analyze
from gaitlab.recordings import load
from gaitlab.report.figures.base import sheet
from gaitlab.report.figures.speed import Cloud, draw_against_speed, legend_handles
from gaitlab.report.panels import SPEED_BIN_MPS, against_speed
from gaitlab.report.points import NARROW_POINTS, Series, medians_along, shown, thinned
from gaitlab.report.style import FOOT_LOOKS, Look, athlete_colour, house_style

LABELS = ("distance runner", "sprinter")
TARGET = Path(__file__).with_name("comparison.png")
METRICS = ("contact_time_s", "cadence_spm")
SIZE_IN, DPI = (9.0, 4.2), 110


def cloud_of(part: Part, place: int, name: str) -> Cloud:
    """One runner in one colour, left and right by marker."""
    colour, speeds, values = (
        athlete_colour(place),
        part.contacts.speed_mps,
        shown(part.contacts, name),
    )
    series = []
    for foot, look in enumerate(FOOT_LOOKS):
        mine = np.flatnonzero((part.contacts.foot == foot) & np.isfinite(speeds + values))
        kept = mine[thinned(len(mine), NARROW_POINTS)]
        own = Look(colour, look.marker, look.filled, look.label)
        series.append(Series(own, speeds[kept], values[kept], len(mine)))
    return Cloud(LABELS[place], colour, tuple(series), medians_along(speeds, values, SPEED_BIN_MPS))


def main() -> None:
    """Analyse, draw two panels, save."""
    parts = parts_of(tuple(analyze(load(example_path(name))) for name in COMPARED))
    speeds = np.concatenate([part.contacts.speed_mps for part in parts])
    with house_style():
        figure = sheet(*SIZE_IN)
        axes = figure.subplots(1, len(METRICS))
        for ax, name in zip(axes, METRICS, strict=True):
            values = np.concatenate([shown(part.contacts, name) for part in parts])
            clouds = tuple(cloud_of(part, place, name) for place, part in enumerate(parts))
            what = against_speed(name, clouds, speeds, values, None)
            draw_against_speed(ax, what)
        figure.legend(handles=legend_handles(what), loc="outside lower left", ncols=4)
        axes[0].set_title("Simulated runners beside published values", loc="left", fontsize=10)
        figure.savefig(TARGET, dpi=DPI)


if __name__ == "__main__":
    main()
