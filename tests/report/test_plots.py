"""Every kind of plot: the numbers that went in, n and spread in words, a reason when empty."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import Wedge
from matplotlib.text import Text

from gaitlab.coaching.comparison.band import band_of
from gaitlab.coaching.numbers.select import Stretch, part_of, parts_of
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import UNKNOWN_STRIKE
from gaitlab.pipeline import analyze
from gaitlab.recordings import load
from gaitlab.report.patterns.subjects import Missing, subjects_of
from gaitlab.report.plots import (
    KINDS,
    draw_one,
    figure_of,
    kind_of,
    metric_for,
    panels_of,
    write_figure,
)

NAMES = [kind.name for kind in KINDS]
NEED_SIGNALS = {"foot-path", "pitch-curve", "acceleration-curve"}


@pytest.fixture(scope="module")
def sprinter(bundled):
    return analyze(load(bundled / "sprinter_fly.gait.parquet"))


@pytest.fixture(scope="module")
def steady(made_up):
    """Left exactly 200 ms and right 215 ms on the ground, 700 ms a stride, heel and forefoot."""
    analysis = made_up.runner("Ada", np.full(400, 4.0), 12.0)
    right = analysis.contacts.foot == 1
    ic = 5.0 + 0.35 * np.arange(400)
    contact = np.where(right, 0.215, 0.200)
    angle = np.where(right, -6.0, 14.0)
    contacts = replace(
        analysis.contacts, ic_time_s=ic, contact_time_s=contact, tc_time_s=ic + contact,
        flight_time_s=0.35 - contact, step_time_s=np.full(400, 0.35),
        stride_time_s=np.full(400, 0.70), duty_factor=contact / 0.7,
        strike_angle_rad=np.radians(angle), strike=np.where(right, 2, 0).astype(np.int8),
        p_rearfoot=np.where(right, 0.0, 0.8), p_midfoot=np.where(right, 0.1, 0.2),
        p_forefoot=np.where(right, 0.9, 0.0),
    )  # fmt: skip
    return made_up.analysis_of(contacts, "Ada")


def words(ax):
    return "\n".join(text.get_text() for text in ax.texts)


def test_the_strike_angles_of_each_foot_are_told_with_n_spread_and_probabilities(steady):
    ax = draw_one("strike-angle", part_of(steady))
    assert "L n 200 · 14.0° (14 to 14) · heel 80 mid 20 fore 0 %" in words(ax)
    assert "R n 200 · −6.0° (−6 to −6) · heel 0 mid 10 fore 90 %" in words(ax)
    left, right = (line for line in ax.lines if line.get_marker() in "o^")
    assert (left.get_xdata()[0], right.get_xdata()[0]) == pytest.approx((14.0, -6.0))


def test_the_clock_turns_clockwise_from_the_left_landing(steady):
    ax = draw_one("strike-clock", part_of(steady))
    left, right = (
        patch for patch in ax.patches
        if isinstance(patch, Wedge) and (patch.theta2 - patch.theta1) % 360
    )  # fmt: skip
    assert (left.theta2, left.theta1) == pytest.approx((90.0, 90.0 - 360 * 200 / 700))
    assert (right.theta2, right.theta1) == pytest.approx((-90.0, -90.0 - 360 * 215 / 700))
    assert "air\n150 ms" in words(ax)
    assert "air\n135 ms" in words(ax)
    assert "left\n200 ms\nheel 100 %" in words(ax)


def test_left_and_right_pairs_say_the_difference_that_was_put_in(steady):
    ax = draw_one("left-right", part_of(steady))
    assert "right minus left +15.0 ms" in words(ax)
    cloud = next(line for line in ax.lines if line.get_label() == "pair of steps")
    assert set(cloud.get_xdata()) == {200.0}
    assert set(cloud.get_ydata()) == {215.0}
    assert ax.get_xlim() == ax.get_ylim()


def test_class_shares_count_each_class_where_it_was_run(made_up):
    speed = np.repeat([3.1, 5.1], 100)
    analysis = made_up.runner("Ada", speed, 0.0)
    strike = np.repeat([0, 2], 100).astype(np.int8)
    contacts = replace(analysis.contacts, speed_mps=speed, strike=strike)
    analysis = replace(analysis, contacts=contacts)
    (data,) = kind_of("strike-by-speed").prepare(subjects_of((part_of(analysis),)), "")
    slow, fast = np.searchsorted(data.edges, [3.1, 5.1], "right") - 1
    assert data.percent[:, slow].tolist() == [100.0, 0.0, 0.0]
    assert data.percent[:, fast].tolist() == [0.0, 0.0, 100.0]
    assert data.n[[slow, fast]].tolist() == [100, 100]
    assert np.isnan(data.percent[:, data.n == 0]).all()


def test_the_ladder_shows_the_fastest_row_and_its_contact_times(made_up):
    speed = np.concatenate((np.full(100, 4.0), np.full(30, 8.0), np.full(100, 4.0)))
    analysis = made_up.runner("Ada", speed)
    (data,) = kind_of("step-ladder").prepare(subjects_of((part_of(analysis),)), "")
    fast = analysis.contacts.contact_time_s[100:130]
    assert len(data.contact_ms) == 24
    assert set(data.contact_ms) <= set(1000 * fast)
    assert [float(word) for word in data.words] == pytest.approx([8.0] * 24, abs=0.3)


def test_a_drift_that_was_put_in_is_drawn_with_its_slope(made_up):
    analysis = made_up.runner("Ada", np.full(900, 5.0))
    contacts = analysis.contacts
    km = np.cumsum(contacts.speed_mps * contacts.step_time_s) / 1000
    drifted = replace(contacts, contact_time_s=contacts.contact_time_s + 0.010 * km)
    (data,) = kind_of("drift").prepare(
        subjects_of((part_of(replace(analysis, contacts=drifted)),)), "contact_time_s"
    )
    slope = (data.line[-1] - data.line[0]) / (data.line_km[-1] - data.line_km[0])
    assert slope == pytest.approx(10.0, abs=2.0)
    seen = np.polyfit(data.distance_km, data.change, 1)[0]
    assert seen == pytest.approx(slope, abs=1.5)
    assert (data.low <= data.line + 1e-9).all()
    assert (data.high >= data.line - 1e-9).all()
    assert data.low[1] == data.high[1] == 0.0


def test_curves_are_lined_up_at_contact_and_start_from_the_strike_angle(sprinter):
    (data,) = kind_of("pitch-curve").prepare(subjects_of((part_of(sprinter),)), "")
    at = int(np.flatnonzero(np.abs(data.time_ms) < 1e-9)[0])
    contacts = part_of(sprinter).contacts
    for code, foot in enumerate(data.feet):
        angle = np.degrees(contacts.strike_angle_rad[contacts.foot == code])
        assert foot.mean[at] == pytest.approx(np.nanmean(angle), abs=1.0)
        assert foot.mean[data.time_ms > 100].min() < -40  # heel up at push-off
    (jolt,) = kind_of("acceleration-curve").prepare(subjects_of((part_of(sprinter),)), "")
    for foot in jolt.feet:  # the largest jolt comes with the landing
        assert 0 <= jolt.time_ms[int(foot.mean.argmax())] < 30


def test_left_and_right_differ_by_marker_where_colour_is_the_athlete(sprinter, made_up):
    other = made_up.runner("Bea", np.linspace(3, 6, 200))
    one, two = subjects_of(parts_of((sprinter, other)))
    assert one.colour != two.colour
    for subject in (one, two):
        left, right = subject.looks[:2]
        assert left.colour == right.colour == subject.colour
        assert (left.marker, left.filled) != (right.marker, right.filled)


def test_your_own_athletes_stand_as_a_band_behind_the_cloud(made_up):
    squad = [
        part_of(made_up.runner(name, np.linspace(4, 8, 300))) for name in ("Cem", "Dia", "Eva")
    ]
    band = band_of("squad", "sprint", squad)
    ax = draw_one("contact-speed", part_of(made_up.runner("Ada", np.linspace(3, 6, 200))),
                  bands=(band,))  # fmt: skip
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert any("squad" in name for name in names)
    plain = draw_one("contact-speed", part_of(made_up.runner("Ada", np.linspace(3, 6, 200))))
    assert len(ax.lines) > len(plain.lines)


def test_an_athlete_keeps_one_colour_in_all_recordings(made_up):
    ada, bea, again = (made_up.runner(name) for name in ("Ada", "Bea", "Ada"))
    colours = [one.colour for one in subjects_of(parts_of((ada, bea, again)))]
    assert colours[0] == colours[2] != colours[1]


@pytest.mark.parametrize("name", NAMES)
def test_panels_side_by_side_have_the_same_axes_and_names(name, sprinter, bundled):
    late = Stretch(20.0, 60.0, "late part")
    figure = figure_of(name, parts_of((sprinter,), (Stretch(0.0, 100.0, "all"), late)))
    first, second = (ax for ax in figure.axes if ax.get_title(loc="left"))
    assert [ax.get_title(loc="left") for ax in (first, second)] == ["all", "late part"]
    if name != "drift":  # too short for one: a reason stands there
        assert first.get_xlim() == second.get_xlim()
        assert first.get_ylim() == second.get_ylim()
        assert any(char.isdigit() for char in words(first))


def poor(made_up, case):
    """Recordings in which something is missing."""
    usual = made_up.runner("Ada", np.linspace(3, 6, 200))
    return {
        "nothing": lambda: made_up.runner("Ada", np.empty(0)),
        "one contact": lambda: made_up.runner("Ada", np.array([4.0])),
        "one foot": lambda: made_up.runner("Ada", np.linspace(3, 6, 200), foot_codes=(1,)),
        "no angle": lambda: made_up.without(
            replace(usual, contacts=replace(
                usual.contacts, strike=np.full(200, UNKNOWN_STRIKE, np.int8))),
            "strike_angle_rad", "p_rearfoot", "p_midfoot", "p_forefoot"),
        "no speed": lambda: made_up.without(usual, "speed_mps", "stride_length_m"),
        "no times": lambda: made_up.without(
            usual, "contact_time_s", "stride_time_s", "flight_time_s", "duty_factor"),
    }[case]()  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "case", ["nothing", "one contact", "one foot", "no angle", "no speed", "no times"]
)
def test_an_empty_panel_says_why(made_up, name, case):
    (data,) = kind_of(name).prepare(subjects_of((part_of(poor(made_up, case)),)), "")
    if isinstance(data, Missing):
        assert len(data.reason) > 15
    else:
        assert case not in ("nothing", "one contact") or name in ("step-ladder", "contact-speed")
    if name in NEED_SIGNALS:
        assert isinstance(data, Missing)
    if case in ("nothing", "one foot"):  # drawn as well
        text = words(draw_one(name, part_of(poor(made_up, case))))
        reason = data.reason if isinstance(data, Missing) else ""
        assert reason.replace(" ", "") in text.replace("\n", "").replace(" ", "")
        assert text


def test_twelve_runners_fit_and_a_thirteenth_is_refused(made_up):
    runners = tuple(made_up.runner(f"Runner {k}", np.linspace(3, 5, 60)) for k in range(13))
    figure = figure_of("strike-angle", parts_of(runners[:12]))
    assert len([ax for ax in figure.axes if ax.get_title(loc="left")]) == 12
    with pytest.raises(UsageError, match="13 runners"):
        figure_of("strike-angle", parts_of(runners))


def test_unknown_kinds_and_metrics_are_refused_with_the_nearest_word():
    with pytest.raises(UsageError) as caught:
        kind_of("strike-clok")
    assert "strike-clock" in caught.value.why
    with pytest.raises(UsageError, match="cannot show"):
        metric_for(kind_of("drift"), "speed_mps")
    assert metric_for(kind_of("left-right"), "strike_angle_deg") == "strike_angle_rad"


def test_a_figure_is_written_in_each_form_the_same_every_time(made_up, tmp_path):
    part = part_of(made_up.runner("Ada $x_2$ <b>", np.linspace(3, 6, 100)))
    for form, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        files = [tmp_path / f"{k}.{form}" for k in (1, 2)][: 2 if form == "svg" else 1]
        for file in files:
            write_figure(figure_of("strike-angle", (part,)), file, dots_per_inch=80)
            assert file.read_bytes().startswith(start)
        assert files[0].read_bytes() == files[-1].read_bytes()
    assert "<b>" not in (tmp_path / "1.svg").read_text()
    with pytest.raises(UsageError, match="as a plot"):
        write_figure(figure_of("strike-angle", (part,)), tmp_path / "x.gif")


@pytest.mark.parametrize(("runners", "columns"), [(2, 2), (3, 3), (6, 3)])
def test_a_long_name_above_a_ring_stays_on_its_sheet(steady, runners, columns):
    """A ring cannot shrink in width alone: a sheet too low would cut the name above it."""
    part = replace(part_of(steady), label="Simulated distance runner of the northern club")
    kind = kind_of("strike-clock")
    figure = panels_of(kind, kind.prepare(subjects_of((part,) * runners), ""), columns)
    figure.draw_without_rendering()
    names = [text for text in figure.findobj(Text) if text.get_text().startswith("Simulated")]
    assert len(names) == runners
    assert all(name.get_window_extent().y1 <= figure.bbox.y1 for name in names)
