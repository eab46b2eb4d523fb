"""Many recordings: each done once, whatever dies in between, and one bad file stops nothing."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest

import gaitlab
from gaitlab.batch import run as batch
from gaitlab.batch.dataset import Options, Results, Task, partition, set_name
from gaitlab.batch.diff import differences, runs_of
from gaitlab.batch.query import ask, opened
from gaitlab.batch.questions import SQUAD, Near, best, metric_of, season, squad
from gaitlab.batch.tasks import plan_of_library, plan_of_url
from gaitlab.metrics.catalog import CATALOG
from gaitlab.model.errors import InputError, UsageError


def analyzed(root, crew=batch.alone, **options):
    results = Results(str(root / "results"))
    plan = plan_of_library(root)
    return results, batch.run(plan.tasks, results, Options(), crew, complete=True, **options), plan


def files(root):
    return {p: p.stat().st_mtime_ns for p in (root / "results").rglob("*.parquet")}


def test_every_recording_becomes_rows_and_nothing_is_done_twice(make_library):
    root = make_library(3)
    (root / "torn.gait.parquet").write_bytes(b"PAR1 and no more")
    results, report, plan = analyzed(root)
    assert (report.done, report.kept, len(report.failed)) == (3, 0, 0)
    assert [path for path, _ in plan.broken] == ["torn.gait.parquet"]
    assert len(results.done_keys()) == results.pack() == 3
    before = {p: t for p, t in files(root).items() if "packed" not in str(p)}
    _, report, _ = analyzed(root)
    assert (report.done, report.kept) == (0, 3)
    assert before == {p: t for p, t in files(root).items() if "packed" not in str(p)}


def test_rows_equal_those_of_a_single_analysis(make_library):
    root = make_library(1)
    results, _, _ = analyzed(root)
    single = gaitlab.analyze(gaitlab.load(next(root.glob("*.gait.parquet"))))
    contacts = ds.dataset(
        f"{results.root}/{results.set}/contacts", partitioning="hive"
    ).to_table().to_pandas()  # fmt: skip
    np.testing.assert_array_equal(contacts["ic_time_s"], single.contacts.ic_time_s)
    run = runs_of(results).iloc[0]
    found = single.summary("contact_time_s")
    assert (run["contact_time_s"], run["contact_time_s_n"]) == (found.median, found.n)
    assert contacts["athlete"].unique().tolist() == ["Bea"]


def test_what_changes_in_the_library_changes_in_the_results(make_library):
    root = make_library(2)
    _, report, _ = analyzed(root)
    assert report.done == 2
    entry = root / "2026-03-01 run0.entry.toml"
    entry.write_text('athlete = "Cleo"\n')
    (root / "2026-04-01 run1.gait.parquet").unlink()
    results, report, _ = analyzed(root)
    assert (report.done, report.kept) == (1, 0)
    assert runs_of(results)["athlete_name"].tolist() == ["Cleo"]


def test_a_process_that_dies_costs_its_own_task_only(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import victims

    tasks = [Task(name, str(tmp_path / name)) for name in ("a", "deadly", "b", "c", "d")]
    outcomes = {one.path: one for one in batch.pool(2)(victims.dies, tasks)}
    assert set(outcomes) == {"a", "deadly", "b", "c", "d"}
    assert [path for path, one in outcomes.items() if one.problem] == ["deadly"]


def test_killing_the_batch_and_starting_again_redoes_only_what_was_in_flight(make_library):
    root = make_library(5)
    command = [sys.executable, "-m", "gaitlab", "analyze", str(root)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    runs = root / "results" / set_name() / "runs"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(runs.rglob("*.parquet"))) < 2:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    done = {p.name: p.stat().st_mtime_ns for p in runs.rglob("[!.]*.parquet")}
    assert 2 <= len(done) <= 5
    _, report, _ = analyzed(root)
    assert report.done + report.kept == 5
    assert report.kept == len(done)
    after = {p.name: p.stat().st_mtime_ns for p in runs.rglob("*.parquet")}
    assert {name: after[name] for name in done} == done
    assert not list((root / "results").rglob("*.part"))


def test_no_process_is_left_behind_when_the_batch_is_killed(make_library):
    root = make_library(5)
    command = [sys.executable, "-m", "gaitlab", "analyze", str(root), "--jobs", "2"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    runs = root / "results" / set_name() / "runs"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(runs.rglob("[!.]*.parquet")):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=20)  # ends when nobody holds its output open any more


def test_recordings_behind_an_address_are_read_and_results_written_there(make_library):
    root = make_library(2)
    url = f"file://{root}"
    plan = plan_of_url(url)
    assert [task.day for task in plan.tasks] == ["2026-03-01", "2026-04-01"]
    results = Results(f"file://{root}/elsewhere")
    report = batch.run(plan.tasks, results, Options(), batch.alone)
    again = batch.run(plan.tasks, results, Options(), batch.alone)
    assert (report.done, again.done, again.kept) == (2, 0, 2)
    with pytest.raises(InputError, match="cannot be listed"):
        plan_of_url("nonsense://x")


@pytest.fixture
def asked(make_library):
    root = make_library(4)
    results, _, _ = analyzed(root)
    return results, opened(results)


def test_ready_made_questions_equal_what_pandas_finds(asked):
    results, db = asked
    contacts = ds.dataset(f"{results.root}/{results.set}/contacts", partitioning="hive")
    frame = contacts.to_table().to_pandas()
    run = frame[frame["valid"] & frame["activity"].isin(["run", "sprint"])]
    near = run[run["speed_mps"].between(2.75, 4.25)]
    expected = near.groupby("athlete", observed=True)["contact_time_s"].median().sort_values()
    found = best(db, metric_of("contact_time_s"), Near(3.5, 0.75)).frame
    assert found["athlete"].tolist() == expected.index.tolist()
    np.testing.assert_allclose(found["contact_time_s"], expected)
    quartiles = near.groupby("athlete", observed=True)["contact_time_s"].quantile([0.25, 0.75])
    between = quartiles.unstack().diff(axis=1)[0.75][found["athlete"]]
    np.testing.assert_allclose(found["spread"], 0.7413 * between)
    at = squad(db, Near(3.5, 0.75)).frame.set_index("athlete")
    np.testing.assert_allclose(at["contact_time_s"][found["athlete"]], expected)
    np.testing.assert_allclose(at["contact_time_s_spread"][found["athlete"]], found["spread"])
    assert at["contact_time_s_n"][found["athlete"]].tolist() == found["n"].tolist()
    assert (found["n"] >= 20).all()
    months = season(db, metric_of("cadence"), "Anna").frame
    assert months["month"].tolist() == ["2026-04", "2026-06"]
    assert squad(db).frame["recordings"].sum() == 4


def test_a_question_reads_results_only_and_writes_nothing(asked, tmp_path):
    _, db = asked
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for sql in (
        f"SELECT * FROM read_csv('{secret}')",
        f"COPY runs TO '{tmp_path / 'x.csv'}'",
        f"ATTACH '{tmp_path / 'x.db'}'",
        "SET enable_external_access = true",
        "SELECT 1; SELECT 2",
        "SELEKT",
        "SELECT nothing FROM runs",
    ):
        with pytest.raises(UsageError):
            ask(db, sql)
    assert not (tmp_path / "x.csv").exists()


def test_a_metric_is_known_without_its_unit_and_an_unknown_one_names_the_nearest():
    for name in ("contact_time", "contact time", "Contact-Time", "contact_time_s"):
        assert metric_of(name).column == "contact_time_s"
    assert metric_of("strike_angle").column == metric_of("strike_angle_deg").column
    assert {metric_of(item.column) for item in CATALOG} == set(CATALOG)
    with pytest.raises(UsageError, match="contact_time_s"):
        metric_of("contact_tim")


def test_without_a_speed_every_contact_is_in_one_band_and_only_compared_in_it(asked):
    _, db = asked
    found = best(db, metric_of("contact_time"), Near(None, 0.5)).frame
    assert ((found["speed_mps"] - found["at_mps"]).abs() <= 0.5).all()
    at = best(db, metric_of("contact_time"), Near(3.0, 0.5)).frame
    here = found[found["at_mps"] == 3.0]
    np.testing.assert_allclose(here["contact_time_s"], at["contact_time_s"])


def test_a_squad_has_spread_and_number_beside_every_value_as_pandas_finds_them(asked):
    results, db = asked
    rows = runs_of(results).groupby("athlete_name")
    frame = squad(db).frame.set_index("athlete")
    for name in SQUAD:
        np.testing.assert_allclose(frame[name], rows[name].median())
        np.testing.assert_allclose(frame[f"{name}_spread"], rows[name].std())
        assert frame[f"{name}_n"].tolist() == rows[name].count().tolist()
    assert frame["flag"].str.startswith("SIMULATED").all()


def test_a_season_counts_contacts_and_sessions_and_holds_no_change_of_speed_for_one_of_the_metric():
    rows = pd.DataFrame({
        "athlete": ["A", "A", "A"], "date": ["2026-03-01", "2026-04-01", "2026-05-01"],
        "key": ["x", "y", "z"], "speed_mps": [3.0, 3.1, 4.0], "speed_mps_sd": 0.1,
        "contact_time_s": [0.25, 0.24, 0.20], "contact_time_s_sd": 0.01, "contact_time_s_n": 90,
    })  # fmt: skip
    db = duckdb.connect()
    db.register("runs", rows)
    frame = season(db, metric_of("contact_time"), "a").frame
    np.testing.assert_allclose(frame["change"], [np.nan, -0.01, np.nan])
    assert frame["contacts"].tolist() == [90, 90, 90]
    assert frame["sessions"].tolist() == [1, 1, 1]
    assert frame["spread"].isna().all()


def test_an_empty_answer_says_who_ran_and_how_fast(asked):
    _, db = asked
    for answer in (
        best(db, metric_of("contact_time"), Near(11.0)),
        best(db, metric_of("contact_time"), Near(3.5), athlete="Zoe"),
        season(db, metric_of("contact_time"), "Zoe"),
        squad(db, Near(11.0)),
    ):
        assert answer.frame.empty
        assert any("Anna: running at 3.5 m/s" in note for note in answer.notes), answer.notes


def test_a_changed_number_is_found_with_its_size():
    old = pd.DataFrame(
        {"athlete_name": ["A", "A", "B"], "contact_time_s": [0.2, 0.21, np.nan],
         "cadence_spm": [170.0, 171.0, 172.0]}, index=["x", "y", "z"],
    )  # fmt: skip
    new = old.assign(contact_time_s=[0.2, 0.215, 0.19])
    found = differences(old, new).set_index(["metric", "athlete"])
    assert found.index.tolist() == [("contact_time_s", "A"), ("contact_time_s", "B")]
    a = found.loc[("contact_time_s", "A")]
    assert (a["recordings"], a["changed"], a["largest_change"]) == (2, 1, pytest.approx(0.005))
    assert found.loc[("contact_time_s", "B"), "gained"] == 1
    assert differences(old, old).empty


def test_folder_names_hold_any_athlete():
    assert "/" not in partition("a/../b", "2026-05-01").split("/date=")[0].removeprefix("athlete=")
    assert partition("", "unknown") == "athlete=/date=unknown"


def test_dask_workers_do_the_same_and_a_killed_one_loses_nothing(make_library):
    pytest.importorskip("distributed")
    root = make_library(5)
    program = Path(__file__).with_name("dask_day.py")
    done = subprocess.run(
        [sys.executable, str(program), str(root)], capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["done"] + facts["kept"], facts["failed"]) == (5, 0)
    assert (facts["rows"], facts["killed"]) == (5, 1)


def test_rows_of_many_recordings_are_put_together_on_the_way_and_none_is_lost(
    make_library, monkeypatch
):
    monkeypatch.setattr(batch, "ROWS_TOGETHER", 2)
    results, report, _ = analyzed(make_library(5))
    assert report.done == len(runs_of(results)) == len(results.done_keys()) == 5
