"""Axes stand where constrained layout would put them, letters and legends whole, in less time."""

import gc

import numpy as np
import pytest

from gaitlab.report import layout
from gaitlab.report.figures.base import sheet
from gaitlab.report.layout import Snug
from gaitlab.report.pages.output import unswept
from gaitlab.report.style import house_style


def drawn(lines, columns, *, legend="", top=5.0, square=False, **ratios):
    figure = sheet(6.0, 4.0)
    axes = figure.subplots(lines, columns, squeeze=False, **ratios).ravel()
    for place, ax in enumerate(axes):
        ax.plot([0, 1], [0, top * 10**place], label="left")
        ax.set_ylabel("contact time [ms]")
        ax.set_title("a runner\nof two lines")
        if square:
            ax.set_aspect("equal")
    axes[-1].set_xlabel("speed [m/s]")
    if legend:
        figure.legend(["left"], loc=f"outside {legend} left")
    return figure


def places(figure):
    with house_style():
        figure.draw_without_rendering()
    return np.array([ax.get_position(original=True).get_points().ravel() for ax in figure.axes])


@pytest.mark.parametrize(
    ("lines", "columns", "more"),
    [
        (1, 1, {}),
        (1, 1, {"legend": "lower"}),
        (3, 1, {"legend": "upper", "sharex": True}),
        (2, 2, {"width_ratios": (4, 1)}),
        (2, 3, {"height_ratios": (1, 2)}),
        (1, 2, {"square": True, "top": 0.1}),
    ],
)
def test_axes_stand_where_constrained_layout_puts_them(lines, columns, more):
    with house_style():
        figure = drawn(lines, columns, **more)
    ours = places(figure)
    figure.set_layout_engine("constrained")
    assert ours == pytest.approx(places(figure), abs=0.006)
    assert all(ax.get_in_layout() for ax in figure.axes)


def looks(figure, monkeypatch):
    counted = []
    place = layout._place
    monkeypatch.setattr(layout, "_place", lambda *given: (counted.append(1), place(*given)))
    places(figure)
    return len(counted) - 1  # the first place is a guess


def test_a_second_look_is_taken_only_when_the_ticks_changed(monkeypatch):
    with house_style():
        assert looks(drawn(1, 1), monkeypatch) == 1
        wordy = drawn(1, 1)
        wordy.axes[0].set_xlabel("\n".join("one line of many" for _ in range(14)))
    assert looks(wordy, monkeypatch) == 2  # less room than anybody would guess: fewer ticks


def test_an_empty_sheet_or_letters_wider_than_the_sheet_leave_axes_in_it():
    figure = sheet(1.0, 1.0)
    Snug().execute(figure)
    ax = figure.subplots()
    ax.set_ylabel("a very long label " * 9)
    left, bottom, right, top = places(figure)[0]
    assert 0 < left < right < 1
    assert 0 < bottom < top < 1


def test_a_page_leaves_the_collector_as_it_was():
    @unswept()
    def page(wrong):
        return {"off": not gc.isenabled()}[wrong]

    assert gc.isenabled()
    assert page("off")
    with pytest.raises(KeyError):
        page("a word that is missing")
    assert gc.isenabled()
