"""``gaitlab report`` and ``gaitlab compare``: one page each, and the promised JSON."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("faked")


@pytest.fixture
def quick_pages(monkeypatch):
    """Pages without pictures, for what is not about pages."""

    def write(_, path, **__):
        path.write_text("<html></html>")
        return path

    monkeypatch.setattr("gaitlab.report.write_report", write)
    monkeypatch.setattr("gaitlab.report.write_comparison", write)


def test_a_report_is_written_where_it_was_asked_for(gaitlab, tmp_path):
    page = tmp_path / "mon.html"
    result = gaitlab("report", "mon.parquet", "-o", page)
    assert (result.status, result.out.strip()) == (0, str(page))
    assert "<html" in page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("quick_pages")
def test_a_report_goes_beside_you_by_default(gaitlab, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert gaitlab("report", "elsewhere/mon.gait.parquet").status == 0
    assert (tmp_path / "mon.html").exists()


def test_a_report_never_overwrites_its_recording(gaitlab, tmp_path):
    recording = tmp_path / "mon.parquet"
    recording.write_text("precious")
    result = gaitlab("report", recording, "-o", recording)
    assert result.status == 2
    assert recording.read_text() == "precious"


@pytest.mark.usefixtures("quick_pages")
def test_report_json_names_the_page_and_carries_the_summary(gaitlab, tmp_path):
    result = gaitlab("report", "mon.parquet", "-o", tmp_path / "mon.html", "--json")
    answer = json.loads(result.out)
    assert (answer["schema"], answer["schema_version"]) == ("gaitlab.report", 1)
    assert answer["summary"]["schema"] == "gaitlab.summary"


def test_a_bad_recording_leaves_no_page(gaitlab, tmp_path):
    page = tmp_path / "bad.html"
    assert gaitlab("report", "bad.parquet", "-o", page).status == 3
    assert gaitlab("compare", "mon.parquet", "bad.parquet", "-o", page).status == 3
    assert not page.exists()


def test_a_page_that_cannot_be_written_is_named(gaitlab, tmp_path):
    (tmp_path / "taken").write_text("mine")
    for command in (("report", "mon.parquet"), ("compare", "mon.parquet", "tue.parquet")):
        result = gaitlab(*command, "-o", tmp_path / "taken" / "x.html")
        assert result.status == 1
        assert len(result.err.strip().splitlines()) == 3


def test_compare_json_has_the_promised_keys(gaitlab, tmp_path):
    page = tmp_path / "both.html"
    result = gaitlab("compare", "mon.parquet", "tue.parquet", "-o", page, "--json")
    answer = json.loads(result.out)
    assert (answer["schema"], answer["schema_version"]) == ("gaitlab.compare", 1)
    assert page.exists()
    for row in answer["rows"]:
        assert {"metric", "unit", "values", "reference", "matched_speed_mps"} <= set(row)
        assert len(row["values"]) == 2
        assert not row["metric"].endswith("_rad")


@pytest.mark.usefixtures("quick_pages")
def test_parts_of_one_recording_are_compared(gaitlab, tmp_path):
    result = gaitlab(
        "compare", "mon.parquet", "-o", tmp_path / "x.html", "--json",
        "--segment", "0-12=early", "--segment", "0:12-0:20=late",
    )  # fmt: skip
    assert result.status == 0
    assert json.loads(result.out)["labels"] == ["early", "late"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("mon.parquet",),
        ("mon.parquet", "./mon.parquet"),
        ("mon.parquet", "--segment", "0-10"),
        ("mon.parquet", "tue.parquet", "--segment", "0-10"),
        ("mon.parquet", "--segment", "early", "--segment", "0-10"),
        ("mon.parquet", "--segment", "10-5", "--segment", "0-10"),
    ],
)
def test_what_cannot_be_compared_is_a_usage_error(gaitlab, tmp_path, arguments):
    result = gaitlab("compare", *arguments, "-o", tmp_path / "x.html")
    assert result.status == 2
    assert len(result.err.strip().splitlines()) == 3
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("page", "status", "words"),
    [
        ("report.docx", 2, "cannot write a page as .docx"),
        ("report", 2, "without an ending"),
        (".", 2, "is a folder"),
        ("new/report.html", 1, "no folder"),
    ],
)
def test_a_page_is_only_written_where_and_as_what_a_page_can_be(
    gaitlab, tmp_path, faked, monkeypatch, page, status, words
):
    monkeypatch.chdir(tmp_path)
    for asked in (("report", "x.parquet"), ("compare", "x.parquet", "y.parquet")):
        result = gaitlab(*asked, "-o", page)
        assert (result.status, words in result.err) == (status, True), result.err
    assert not list(tmp_path.iterdir())
