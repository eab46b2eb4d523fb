"""A club's results as spreadsheets keep them."""

import pytest

from gaitlab.coaching.potential.local import athletes_of
from gaitlab.model.errors import InputError
from gaitlab.recordings.results import read_results


def club(tmp_path, text):
    file = tmp_path / "club.csv"
    file.write_text(text, encoding="utf-8")
    rows = read_results(file)
    return athletes_of((one.line, one.athlete, one.sex, one.event, one.time) for one in rows)


def test_semicolons_and_decimal_commas_are_read(tmp_path):
    found, remarks = club(tmp_path, "Name;Sex;Event;Time\nÖ;w;800;2:12,4\nÖ;w;400;60,2\n")
    assert found[0].sex == "f"
    assert found[0].times_s == pytest.approx({"800": 132.4, "400": 60.2})
    assert remarks == ()


def test_commas_and_points_are_read_and_quotes_keep_a_decimal_comma(tmp_path):
    found, _ = club(tmp_path, 'athlete,sex,event,time\nA,m,800,1:58.3\nA,m,400,"52,4"\n')
    assert found[0].times_s == pytest.approx({"800": 118.3, "400": 52.4})


def test_the_best_of_several_times_counts(tmp_path):
    found, _ = club(tmp_path, "athlete,sex,event,time\nA,m,800,1:58.3\na,m,800m,1:57.1\n")
    assert found[0].times_s == pytest.approx({"800": 117.1})


def test_events_that_are_not_in_the_tables_are_left_out_and_said(tmp_path):
    found, remarks = club(tmp_path, "athlete\tsex\tevent\ttime\nA\tm\tlong jump\t5.40\n")
    assert found == ()
    assert "long jump" in remarks[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no results"), ("athlete,sex,event,time\n", "no results"),
        ("athlete,event,time\nA,800,1:58\n", "no column 'sex'"),
        ("athlete,sex,event,time\nA,m,800,2:12,4\n", "more columns"),
        ("athlete,sex,event,time\nA,m,800\n", "short"),
        ("athlete,sex,event,time\nA,m,800,1:20\n", "line 2"),
        ("athlete,sex,event,time\nA,m,800,fast\n", "line 2"),
        ("athlete,sex,event,time\nA,?,800,1:58\n", "line 2"),
        ("athlete,sex,event,time\nA,m,800,1:58\nA,f,400,55\n", "a man and as a woman"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused_by_line(tmp_path, text, said):
    with pytest.raises(InputError) as caught:
        club(tmp_path, text)
    assert said in caught.value.what
