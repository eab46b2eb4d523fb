"""gaitlab from Python: frames, plots, pages, and results that show themselves safely."""

import doctest
import html
import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pandas as pd
import pytest

import gaitlab
from gaitlab.model.analysis import Analysis as Record
from gaitlab.model.errors import UsageError
from gaitlab.model.recording import Athlete
from gaitlab.model.recording import Recording as ModelRecording
from gaitlab.report.plots import KINDS
from gaitlab.tables import contacts_frame, summary_dict

HOSTILE = "<script>alert(1)</script>\x1b[31m\n<img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def run(bundled):
    return gaitlab.load(bundled / "sprinter_fly.gait.parquet")


@pytest.fixture(scope="module")
def analysis(run):
    return run.analyze()


def test_a_recording_analyses_itself_into_frames_and_words(run, analysis):
    assert isinstance(run, ModelRecording)
    assert isinstance(analysis.record, Record)
    pd.testing.assert_frame_equal(analysis.contacts, contacts_frame(analysis.record))
    assert analysis.segments["n_contacts"].sum() == len(analysis.contacts)
    assert analysis.to_dict() == summary_dict(analysis.record)
    assert gaitlab.analyze(run).summary("cadence_spm") == analysis.summary("cadence_spm")
    assert analysis.summary("strike_angle_deg") == analysis.record.summary("strike_angle_rad")


def test_what_takes_arrays_takes_the_result_as_well(analysis, tmp_path):
    from gaitlab.coaching.numbers.select import parts_of
    from gaitlab.metrics.by_second import by_second
    from gaitlab.tables import write_tables

    assert summary_dict(analysis) == summary_dict(analysis.record)
    assert [part.label for part in parts_of((analysis,))] == ["Simulated sprinter"]
    assert len(write_tables(analysis, tmp_path)) == 3
    assert len(by_second(analysis)) == len(by_second(analysis.record))


def test_what_a_caller_does_to_a_frame_stays_with_the_caller(analysis):
    frame = analysis.contacts
    frame["contact_time_s"] = 0.0
    assert analysis.contacts["contact_time_s"].max() > 0.05


def test_results_are_frozen(run, analysis):
    with pytest.raises(FrozenInstanceError):
        analysis.record = None
    with pytest.raises(FrozenInstanceError):
        run.name = "other"
    with pytest.raises(ValueError, match="read-only"):
        run.feet[0].acc_mps2[0] = 0.0


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_kind_of_plot_is_a_method_that_gives_its_axes_back(kind, analysis):
    from matplotlib.figure import Figure

    method = getattr(analysis.plot, kind.replace("-", "_"))
    ax = Figure().subplots()
    assert method(ax=ax) is ax
    assert ax.get_title(loc="left") == "Simulated sprinter"
    assert callable(getattr(gaitlab.compare([analysis, analysis]).plot, kind.replace("-", "_")))
    assert method.__doc__


def test_a_comparison_holds_the_numbers_of_the_command(analysis, run):
    both = gaitlab.compare([analysis, run], speed_mps=9.0)
    table = both.table.set_index(["metric", "runner"])
    assert both.matched_speed_mps == 9.0
    for row in both.found.rows:
        for value in row.values:
            shown = table.loc[(row.metric.column, value.label), "value"]
            np.testing.assert_equal(shown, value.value * row.metric.column_factor)
    assert len(both.plot.strike_clock().axes) == 2


def test_runners_are_matched_at_a_share_of_their_own_top_speed(analysis, monkeypatch, tmp_path):
    early = replace(analysis.record, recording=replace(analysis.record.recording, name="early"))
    both = gaitlab.compare([analysis, early], relative=True, top_speeds_mps={"early": 11.0})
    assert [top.mps for top in both.tops] == [pytest.approx(9.76, abs=0.1), 11.0]
    assert 0.6 < both.matched_share < 1.0
    assert both.matched_speed_mps is None
    assert f"At {100 * both.matched_share:.0f} % of the own top speed" in repr(both)
    assert "11.00 m/s (as given)" in repr(both)
    speeds = both.table.query("metric == 'speed_mps'")["value"].to_numpy()
    tops = np.array([top.mps for top in both.tops])
    assert speeds / tops == pytest.approx(both.matched_share, abs=0.05)
    monkeypatch.setattr("gaitlab.report.pages.comparison.comparison_html",
                        lambda study, *_: str([top.mps for top in study.tops]))  # fmt: skip
    assert "11.0" in both.report(tmp_path / "even.html").read_text()


@pytest.mark.parametrize(
    ("wrong", "what"),
    [({"relative": True, "speed_mps": 5.0}, "relative with"), ({"share": 0.8}, "without relative"),
     ({"top_speeds_mps": {"": 9.0}}, "without relative"),
     ({"relative": True, "share": 80.0}, "a share of 80"),
     ({"relative": True, "share": float("nan")}, "a share of nan"),
     ({"relative": True, "top_speeds_mps": {"nobody": 9.0}}, "a top speed for nobody")],
)  # fmt: skip
def test_a_share_that_makes_no_sense_is_refused(analysis, wrong, what):
    with pytest.raises(UsageError, match=what):
        gaitlab.compare([analysis, analysis], **wrong)


def test_a_part_outside_of_the_recording_is_refused(analysis):
    with pytest.raises(UsageError, match="the recording goes from"):
        analysis.part(500, 600, "x")
    assert "x" in repr(analysis.part(5, 25, "x"))


def test_parts_of_one_run_are_compared_and_a_lonely_runner_is_refused(analysis):
    parts = gaitlab.compare([analysis], segments=[(0.0, 30.0, "early"), (30.0, 60.0)])
    assert parts.found.labels == ("early", "30 to 60 s")
    with pytest.raises(UsageError, match="list"):
        gaitlab.compare(analysis)
    with pytest.raises(UsageError, match="nothing"):
        gaitlab.compare([])


def test_pages_are_written_from_python(analysis, tmp_path, monkeypatch):
    """The pages themselves are tested where they are made."""
    monkeypatch.setattr(
        "gaitlab.report.pages.recording.report_html", lambda record, _: record.recording.name
    )
    monkeypatch.setattr("gaitlab.report.pages.comparison.comparison_html",
                        lambda study, *_: study.parts[0].label)  # fmt: skip
    assert analysis.report(tmp_path / "one.html").read_text() == "sprinter_fly"
    both = gaitlab.compare([analysis, analysis])
    assert both.report(str(tmp_path / "two.html")).read_text() == both.found.labels[0]


def test_names_from_files_cannot_reach_the_notebook_or_the_terminal(run, analysis):
    bad = gaitlab.Recording(
        **{item.name: getattr(run, item.name) for item in fields(run)}
        | {"name": HOSTILE, "athlete": Athlete(HOSTILE), "notes": (HOSTILE,), "source": HOSTILE}
    )
    record = replace(
        analysis.record,
        recording=replace(analysis.record.recording, name=HOSTILE, athlete=Athlete(HOSTILE)),
        warnings=(HOSTILE,),
    )
    shown = gaitlab.Analysis(record)
    for thing in (bad, shown, gaitlab.compare([shown, shown])):
        page = thing._repr_html_()
        assert "<script" not in page
        assert "<img" not in page
        assert html.escape("<script>") in page
        assert "\x1b" not in repr(thing)


def test_a_result_tells_n_spread_and_quality_at_the_prompt(analysis):
    text = repr(analysis)
    n = str(analysis.summary("contact_time_s").n)
    for word in ("median", "spread", "uncertainty", " n ", "quality", "contact time", f" {n} "):
        assert word in text
    assert ".strike_clock()" in repr(analysis.plot)


def test_notebooks_are_kept_without_what_they_printed(project):
    notebooks = sorted((project / "notebooks").glob("*.ipynb"))
    assert len(notebooks) >= 3
    for notebook in notebooks:
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None


def test_importing_gaitlab_takes_less_than_40_ms():
    probe = (
        "import time; t = time.process_time(); import gaitlab; "
        "print(time.process_time() - t)"
    )  # fmt: skip
    times_s = [
        float(subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True,
                             check=True).stdout)
        for _ in range(3)
    ]  # fmt: skip
    assert min(times_s) < 0.040


def test_what_the_page_about_python_shows_is_true(project, monkeypatch):
    monkeypatch.chdir(project)
    failed, tried = doctest.testfile(
        str(project / "docs" / "python.md"), module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )  # fmt: skip
    assert tried > 12
    assert failed == 0
