"""Tables of a German spreadsheet: understood with semicolons, refused between commas."""

import pytest

from gaitlab.cli.correction import _columns
from gaitlab.model.errors import InputError
from gaitlab.recordings.splits import read_splits


def test_splits_and_contact_times_with_semicolons_and_decimal_commas_are_read(tmp_path):
    splits = tmp_path / "splits.csv"
    splits.write_text("distance;time\n10;1,90\n20;3,05\n", encoding="utf-8")
    (found,) = read_splits(splits)
    assert found.time_s.tolist() == [1.90, 3.05]
    table = tmp_path / "mine.csv"
    table.write_text(
        "speed_mps;contact_time_s;reference_contact_time_s\n3,5;0,250;0,260\n4;0,21;\n", "utf-8"
    )
    columns = _columns(table)
    assert columns["speed_mps"].tolist() == [3.5, 4.0]
    assert columns["contact_time_s"].tolist() == [0.250, 0.210]
    assert columns["reference_contact_time_s"][0] == 0.260


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("heading", ["Läufer;Strecke;Zeit", "Athlet;Distanz (m);Zeit [s]",
                                     "Name;Strecke in m;Zeit in Sekunden"])  # fmt: skip
def test_german_headings_in_any_encoding_of_a_spreadsheet(tmp_path, heading, encoding):
    file = tmp_path / "splits.csv"
    file.write_text(f"sep=;\n{heading}\nJörg;10;1,90\nJörg;20;3,05\n", encoding=encoding)
    (found,) = read_splits(file)
    assert (found.name, found.time_s.tolist()) == ("Jörg", [1.90, 3.05])


def test_a_file_that_is_no_text_is_named_as_such(tmp_path):
    file = tmp_path / "splits.csv"
    file.write_bytes(b"PAR1\0\0\xff\xd8" * 50)
    with pytest.raises(InputError) as found:
        read_splits(file)
    assert found.value.why == "it is not text"


@pytest.mark.parametrize("reader", [read_splits, _columns], ids=["splits", "contact times"])
def test_a_decimal_comma_between_commas_is_never_another_number(tmp_path, reader):
    file = tmp_path / "table.csv"
    header = "distance,time" if reader is read_splits else (
        "speed_mps,contact_time_s,reference_contact_time_s"
    )  # fmt: skip
    file.write_text(f"{header}\n10,1,90,7\n", encoding="utf-8")
    with pytest.raises(InputError, match="more columns than the first line") as found:
        reader(file)
    assert "semicolons" in found.value.todo
