"""``gaitlab library athletes`` and ``races``, and that ``trend`` reads the same folder."""

import json
import shutil
from datetime import date

from gaitlab.library import Entry, Library
from gaitlab.recordings.dated import dated_folder


def test_races_and_athletes_of_a_library_are_listed_and_a_wrong_table_is_named(
    gaitlab, tmp_path, bundled
):
    club = tmp_path / "club"
    (club / "anna").mkdir(parents=True)
    (club / "athletes").mkdir()
    (club / "athletes" / "zoe.toml").write_text('sex = "female"\n')
    run = club / "anna" / "easy.gait.parquet"
    shutil.copy(bundled / "distance_easy.gait.parquet", run)
    Library(club).write_entry(run, Entry("Anna", "2026-05-02"))
    (club / "anna" / "races.csv").write_text("date,event,time\n2026-05-12,1500,3:58.2\n")
    (club / "results 2026.csv").write_text(
        "athlete;date;event;time\nAnna;2026-05-20;800;1:58,5\nMia;2026-05-20;5k;16:01,9\nMia;2026-05-20;100;11,9\n"
    )
    (club / "times.csv").write_text("date,event,time\n2026-05-12,1500,soon\n")

    done = gaitlab("library", "races", club, "--json")
    assert done.status == 3
    found = json.loads(done.out)
    assert [(row["athlete"], row["event"], row["time_s"]) for row in found["races"]] == [
        ("anna", "1500", 238.2), ("Anna", "800", 118.5), ("Mia", "5000", 961.9)
    ]  # fmt: skip
    assert [line[:24] for line in found["problems"]] == [
        "results 2026.csv: line 4", "times.csv: line 2 of tim"
    ]  # fmt: skip
    own = json.loads(gaitlab("library", "races", club, "--athlete", "ANNA", "--json").out)
    assert len(own["races"]) == 2
    assert (
        len(
            json.loads(gaitlab("library", "races", club, "--athlete", "ANNA", "--json").out)[
                "races"
            ]
        )
        == 2
    )

    people = json.loads(gaitlab("library", "athletes", club, "--json").out)["athletes"]
    assert [(one["athlete"], one["recordings"], one["races"]) for one in people] == [
        ("Anna", 1, 2), ("Mia", 0, 1), ("zoe", 0, 0)
    ]  # fmt: skip
    assert people[0]["last"] == "2026-05-02"
    assert "3 athletes, 1 recording, 3 races" in gaitlab("library", "athletes", club).out

    own = dated_folder(club / "anna")
    assert own.recordings == ((date(2026, 5, 2), run),)
    assert [path.name for path in own.tables] == ["races.csv"]
    (club / "anna" / "easy.entry.toml").write_text("date = [")
    assert dated_folder(club / "anna").undated == (run,)
