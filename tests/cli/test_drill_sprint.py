"""``gaitlab drill sprint``: what is printed, written and refused."""

import json
import re
import subprocess
import sys

import pytest

MEN = ("--split", "10=1.90", "--split", "20=3.05", "--split", "30=4.09", "--split", "40=5.13")
BODY = ("--mass-kg", 71.8, "--height-m", 1.80, "--start", "block")
PROMISED_REP = {
    "start_s", "anchored", "splits", "v_max_mps", "tau_s", "f0_n_per_kg", "v0_mps",
    "pmax_w_per_kg",
}  # fmt: skip
PROMISED_SPLIT = {"distance_m", "time_s", "band_s"}


@pytest.fixture
def sprint(gaitlab):
    return lambda *arguments: gaitlab("drill", "sprint", *arguments)


def reps(result):
    assert result.status == 0, result.err
    return json.loads(result.out)["reps"]


def test_json_has_the_promised_keys_and_the_published_numbers(sprint):
    result = sprint(*MEN, *BODY, "--json")
    (rep,) = reps(result)
    assert set(rep) >= PROMISED_REP
    assert all(set(split) >= PROMISED_SPLIT for split in rep["splits"])
    assert json.loads(result.out)["schema"] == "gaitlab.drill.sprint"
    assert (rep["start_s"], rep["anchored"], rep["start_mode"]) == (0.0, True, "block")
    assert [split["time_s"] for split in rep["splits"]] == [1.90, 3.05, 4.09, 5.13]
    assert round(rep["v_max_mps"], 2) == 9.83
    assert round(rep["f0_n_per_kg"], 1) == 9.1
    assert (rep["air"]["wind_mps"], rep["body"]["mass_kg"], rep["body"]["known"]) == (0, 71.8, True)
    assert round(rep["pmax_w_per_kg"], 1) == 23.3


def test_the_coach_reads_splits_speeds_and_numbers_with_their_range(sprint):
    out = sprint(*MEN, *BODY).out
    for words in ("start block", "10 m", "1.90 s", "9.62 ± 0.27 m/s", "9.83 m/s (35.4 km/h)",
                  "9.55 to 10.10", "9.1 N/kg", "3.19 s, 21 m", "9.2 m/s²",
                  "fastest: 9.62 m/s"):  # fmt: skip
        assert words in out


def test_a_table_holds_several_sprints_with_points_or_commas(sprint, tmp_path):
    path = tmp_path / "monday.csv"
    path.write_text("rep;distance;time\n1;10;1,90\n1;20;3,05\n2;10;1,95\n2;20;3,12\n\n")
    first, second = reps(sprint("--file", path, "--json"))
    assert (first["name"], second["name"]) == ("1", "2")
    assert second["splits"][1]["time_s"] == 3.12
    same = tmp_path / "same.csv"
    same.write_text("distance_m,time_s\n10,1.90\n20,3.05\n")
    (only,) = reps(sprint("--file", same, "--json"))
    assert only["name"] == "same"
    assert only["v_max_mps"] == first["v_max_mps"]


def test_two_athletes_with_two_runs_each_are_four_sprints(sprint, tmp_path):
    path = tmp_path / "group.csv"
    lines = [f"{who},{run},{m},{s + late}\n" for who, late in (("Ada", 0.0), ("Bea", 0.1))
             for run in (1, 2) for m, s in ((10, 1.9), (20, 3.05))]  # fmt: skip
    path.write_text("athlete,rep,distance,time\n" + "".join(lines))
    found = reps(sprint("--file", path, "--json"))
    assert [one["name"] for one in found] == ["Ada 1", "Ada 2", "Bea 1", "Bea 2"]
    assert found[2]["splits"][0]["time_s"] == 2.0


def test_the_start_itself_and_a_missed_gate_are_no_splits(sprint, tmp_path):
    path = tmp_path / "splits.csv"
    path.write_text("athlete,distance,time\n,0,0\n,10,1.90\n,20,\n,30,4.09\n")
    (one,) = reps(sprint("--file", path, "--json"))
    assert one["name"] == "splits"
    assert [s["distance_m"] for s in one["splits"] if s["measured"]] == [10.0, 30.0]
    (told,) = reps(sprint("--split", "0=0", *MEN, "--json"))
    assert told == reps(sprint(*MEN, "--json"))[0]


def test_one_wrong_athlete_does_not_cost_the_group(sprint, tmp_path):
    path = tmp_path / "group.csv"
    path.write_text("athlete,distance,time\nAda,10,1.90\nAda,20,3.05\nBea,10,1.95\nBea,20,1.15\n")
    result = sprint("--file", path, "--json")
    assert result.status == 1
    found = json.loads(result.out)
    assert [rep["name"] for rep in found["reps"]] == ["Ada"]
    assert [item["name"] for item in found["failed"]] == ["Bea"]
    assert "Bea: not a sprint split: 20 m at 1.15 s" in result.err
    assert "1 of 2 sprints could not be used" in result.err


def test_one_split_says_what_cannot_be_told(sprint):
    result = sprint("--split", "10=1,93")
    assert result.status == 0
    assert "cannot tell: top speed, time constant and force" in result.out
    (rep,) = reps(sprint("--split", "10=1,93", "--json"))
    assert rep["v_max_mps"] is None


def test_a_range_that_reaches_below_nothing_is_no_range(sprint):
    out = sprint("--split", "10=1.9", "--split", "20=3.05", "--split", "30=4.0").out
    assert "too wide to tell" in out
    assert " to −" not in out
    assert "−" not in out.split("A0")[1].split("fit")[0]


def test_a_free_start_prints_the_time_correction(sprint):
    out = sprint(*MEN, "--free-start").out
    assert "time correction" in out
    assert "−0.04 s" in out


def test_a_tailwind_lowers_the_push_that_was_needed(sprint):
    still, behind = (reps(sprint(*MEN, "--wind", wind, "--json"))[0] for wind in (0, 2))
    assert behind["v0_mps"] < still["v0_mps"]
    assert behind["v_max_mps"] == still["v_max_mps"]


@pytest.mark.parametrize(("ending", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml"),
                                              ("html", b"<!DOCTYPE html>")])  # fmt: skip
def test_the_ending_decides_what_is_written(sprint, tmp_path, ending, head):
    path = tmp_path / f"sprint.{ending}"
    result = sprint(*MEN, "-o", path)
    assert result.status == 0, result.err
    assert result.out.strip().endswith(str(path))
    assert path.read_bytes().startswith(head)


def test_the_page_stands_alone_and_holds_the_numbers(sprint, tmp_path):
    path = tmp_path / "sprint.html"
    table = tmp_path / "t.csv"
    table.write_text("athlete,distance,time\n<b>Ada</b>,10,1.90\n<b>Ada</b>,20,3.05\n")
    assert sprint("--file", table, "-o", path).status == 0
    text = path.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "http:" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "https:" not in text
    assert re.findall("<script", text) == ["<script"]  # our own
    assert "<b>Ada" not in text
    assert "3.05 s" in text


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("run.parquet", *MEN), 2, "split times beside a recording"),
        (("nowhere.parquet",), 3, "nowhere.parquet"),
        (("run.parquet", "--free-start"), 2, "--free-start beside a recording"),
        (("run.parquet", "--gate", "60:7.5"), 2, "--gate 60:7.5 is not a split"),
        (("run.parquet", "--gate", "60=nan"), 2, "--gate 60=nan is not a split"),
        (("run.parquet", "--gate", "60=-5"), 1, "not a sprint split: 60 m in -5 s"),
        (("run.parquet", "--gate", "30=8", "--gate", "60=4"), 1, "is not later than 30 m at 8.00"),
        (("run.parquet", "--distance", "nan"), 2, "'nan' is not a number"),
        (("run.parquet", "--from", "nan"), 2, "'nan' is not a number"),
        ((*MEN, "--wind", "nan"), 2, "'nan' is not a number"),
        ((*MEN, "--mass-kg", "inf"), 2, "inf is not in the range"),
        ((*MEN, "--distance", "60"), 2, "--distance without a recording"),
        ((*MEN, "--gate", "60=8", "--rep", "2"), 2, "--gate and --rep without a recording"),
        ((*MEN, "--length-scale", "1.02"), 2, "--length-scale without a recording"),
        (("--split", "10=inf"), 2, "--split 10=inf is not a split"),
        ((), 2, "no split times"),
        ((*MEN, "--file", "x.csv"), 2, "given twice"),
        (("--split", "10:1.90"), 2, "--split 10:1.90 is not a split"),
        (("--split", "10="), 2, "seconds from the start"),
        (("--file", "nowhere.csv"), 3, "cannot read the splits nowhere.csv"),
        (("--split", "10=1.90", "--split", "20=1.15"), 1, "not a sprint split"),
        ((*MEN, "-o", "sprint.docx"), 2, "cannot write a sprint as .docx"),
        ((*MEN, "--start", "rolling"), 2, "'block', 'three-point', 'standing'"),
    ],
)
def test_a_wrong_request_gets_three_short_lines(sprint, arguments, status, words):
    result = sprint(*arguments)
    assert result.status == status
    assert words in result.err
    assert len(result.err.strip().splitlines()) == 3
    assert not result.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("distance,time\n", "only the names of columns"),
        ("metres,when\n10,1.9\n", "no column 'time'"),
        ("distance,time\n10,fast\n", "the line is 10; fast"),
        ("distance,time\n10\n", "not a number"),
        ("distance,time\n10,nan\n", "not a number"),
        ("distance,time\n10,\n", "no line has a time"),
        ("distance (ft),time\n33,1.9\n", "is in ft"),
        ("distance,time (ms)\n10,1900\n", "is in ms"),
    ],
)
def test_a_table_without_splits_is_named(sprint, tmp_path, text, words):
    path = tmp_path / "splits.csv"
    path.write_text(text)
    result = sprint("--file", path)
    assert result.status == 3
    assert words in result.err


def test_the_picture_does_not_overwrite_the_table(sprint, tmp_path):
    path = tmp_path / "splits.html"
    path.write_text("distance,time\n10,1.9\n20,3.05\n")
    assert sprint("--file", path, "-o", path).status == 2


@pytest.mark.parametrize("words", ["drill --help", "drill sprint --help"])
def test_its_help_imports_nothing_heavy(words):
    probe = (
        "import sys\nfrom gaitlab.cli.app import run\n"
        f"run({words.split()})\n"
        "print(sorted({'scipy', 'pandas', 'matplotlib', 'numpy'} & set(sys.modules)), "
        "file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
