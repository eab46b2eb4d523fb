"""What a live display shows: the last contacts, never more of them however long the run."""

import io

import numpy as np
import pytest

from gaitlab.capture.live_view import STRIP, LiveView
from gaitlab.model.gait import REARFOOT


@pytest.fixture
def contacts(make_analysis):
    return make_analysis(12).contacts


def test_a_view_without_contacts_knows_nothing():
    rows = LiveView(["left", "right"]).rows()
    assert [row.who for row in rows] == ["left", "right", "both"]
    assert all(np.isnan(row.contact_time_s) and row.strike == "unknown" for row in rows)


def test_the_table_shows_the_median_of_the_last_five_valid_strides_of_each_foot(contacts):
    view = LiveView(["left", "right"])
    view.add(contacts)
    for row, code in zip(view.rows(), (0, 1), strict=False):
        last = np.flatnonzero(contacts.foot == code)[-5:]
        kept = contacts.contact_time_s[last][contacts.valid[last]]
        assert row.contact_time_s == pytest.approx(np.nanmedian(kept))
        assert row.n_contacts == np.count_nonzero(contacts.foot == code)


def test_batches_of_any_size_show_the_same(contacts):
    whole, single = LiveView(["left", "right"]), LiveView(["left", "right"])
    whole.add(contacts)
    for row in range(len(contacts)):
        single.add(contacts.where(np.array([row])))
    assert repr(whole.rows()) == repr(single.rows())
    assert whole.strip("left") == single.strip("left")


def test_the_strip_holds_the_last_contacts_in_their_order(contacts):
    view = LiveView(["left", "right"])
    for _ in range(10):
        view.add(contacts)
    left, right = view.strip("left"), view.strip("right")
    assert len(left) == len(right) == STRIP
    assert all((a == "·") != (b == "·") for a, b in zip(left, right, strict=True))


def test_letters_tell_the_strikes_without_any_colour(contacts):
    from rich.console import Console

    from gaitlab.cli.live import frame

    view = LiveView(["left", "right"], "Ada", simulated=True)
    view.add(contacts.where(contacts.strike == REARFOOT))
    for pod in view.pods.values():  # the widest: everything is known
        pod.n_lost, pod.battery_percent, pod.signal_dbm, pod.state = 12345, 100, -100, "searching"
    for width in (80, 120):
        screen = io.StringIO()
        Console(file=screen, width=width, no_color=True).print(frame(view))
        text = screen.getvalue()
        assert "Ada (SIMULATED)" in text
        assert "R rearfoot" in text
        assert max(map(len, text.splitlines())) <= width
        assert "…" not in text


def test_a_single_pod_has_no_row_for_both():
    assert [row.who for row in LiveView(["right"]).rows()] == ["right"]
