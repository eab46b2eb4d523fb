"""Every label that the drill commands print is explained to a coach in docs/drills.md."""

import re
from pathlib import Path

import numpy as np
import pytest

from gaitlab.coaching.sprint.timed import Setting, sprint_from_splits
from gaitlab.report.sheets import between, fly, ins_outs, plyo, race, session, sprint
from gaitlab.report.sheets.sprint_words import number_lines

DOCS = Path(__file__).parents[2] / "docs"
TABLES = {
    "session": session.HEADINGS, "splits": sprint.SPLIT_HEADINGS, "steps": sprint.STEP_HEADINGS,
    "numbers": sprint.NUMBER_HEADINGS, "ins-outs": ins_outs.HEADINGS,
    "flying": fly.TIME_HEADINGS, "flying steps": fly.STEP_HEADINGS,
    "plyo": plyo.HEADINGS, "race": race.PART_HEADINGS, "between": between.HEADINGS,
    "drift": race.DRIFT_HEADINGS, "bends": race.CURVED_HEADINGS, "units": ("pace", "that is"),
}  # fmt: skip


def label(heading):
    """A heading without its unit: 'RSI [m/s]\\nheight/tc' is 'RSI height/tc'."""
    return " ".join(re.sub(r"\[[^]]*\]", " ", heading).split())


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_explained_in_plain_words(table):
    text = (DOCS / "drills.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"\*\*([^*]+)\*\*", text.split("## Every column in plain words")[1]))
    assert {label(heading) for heading in TABLES[table]} <= explained


def test_every_number_of_the_curve_and_the_force_profile_is_explained():
    text = (DOCS / "drills.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| ([^|]+) \|", text, flags=re.MULTILINE)
    setting = Setting(free_start=True)
    times_s = np.array([1.158, 1.893, 2.541, 3.149, 4.313, 5.444])
    made = sprint_from_splits(np.array([5.0, 10.0, 15.0, 20.0, 30.0, 40.0]), times_s, setting)
    printed = [line.name for line in number_lines(made)]
    assert len(printed) > 8
    missing = [name for name in printed if not any(cell.startswith(name) for cell in explained)]
    assert not missing
