"""Pages of six situations, as a browser lays them out: what would a reader stumble over?

    .venv/bin/python benchmarks/pages.py [--pictures FOLDER] [PAGE.html ...]

Without pages it records simulated runners, writes the pages of two easy runs, a race beside a fly
and a band, twelve athletes, one foot, an 8 g sensor and two runners with nothing in common, and of
the drills. Exit status 1 when anything was found, 0 with the reason when there is no browser.
"""

import argparse
import json
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from browser import SIZES, Browser
from rendered import findings

RECORDINGS = {
    "mid": "distance-easy --duration 90 --seed 3",
    "heel": "heel-striker-easy --duration 90 --speed 3.5 --seed 4",
    "race": "distance-race-kick --duration 150 --seed 5",
    "fly": "sprinter-fly --seed 5",
    "sprint": "sprint60 --seed 7",
    "hops": "pogo",
    "onefoot": "sprinter-easy --single-foot left --duration 90",
    "clipped": "heel-striker-easy --acc-range 8 --speed 4 --duration 90",
    **{f"many{k}": f"distance-steps --duration 30 --seed 1{k}" for k in range(6)},
    **{f"many{k}": f"sprinter-easy --duration 40 --speed 4 --seed 1{k}" for k in range(6, 12)},
}
NAMES = {f"many{k}": f"Runner {'ABCDEFGHIJKL'[k]} of the Club" for k in range(12)} | {
    "race": "Ada Example", "fly": "Ada Example",
}  # fmt: skip
MANY = " ".join(f"many{k}.parquet" for k in range(12))
BAND = " ".join(f"many{k}.parquet" for k in range(6, 10))
PAGES = {
    "two_easy": "compare mid.parquet heel.parquet",
    "race_own_fly": f"compare race.parquet fly.parquet --reference {BAND}",
    "relative": "compare race.parquet fly.parquet --relative",
    "twelve": f"compare {MANY}",
    "one_foot": "report onefoot.parquet",
    "clipped": "report clipped.parquet",
    "nothing_in_common": "compare sprint.parquet heel.parquet",
    "race": "race race.parquet --compare fly.parquet",
    "flying": "drill flying fly.parquet --units track",
    "sprint": "drill sprint sprint.parquet",
    "plyo": "drill plyo hops.parquet",
    "session": "session fly.parquet",
    "potential": "potential --sex m --time 400=50.0 --time 5000=15:30 --goal 1500=4:00",
}


def run(line):
    """One command of gaitlab, in this process; what it prints is thrown away."""
    from gaitlab.cli.app import run as command

    with redirect_stdout(StringIO()):
        status = command(line.split())
    if status:
        raise SystemExit(f"gaitlab {line}: exit status {status}")


def record(folder):
    """Every simulated recording in the plain form, with the names of the athletes."""
    for name, preset in RECORDINGS.items():
        run(f"simulate {preset} --plain -o {folder / name}.parquet")
        about = folder / f"{name}.json"
        facts = json.loads(about.read_text("utf-8")) | {"athlete": NAMES.get(name, f"The {name}")}
        about.write_text(json.dumps(facts), encoding="utf-8")


def written(folder):
    """The pages of all situations."""
    for name, line in PAGES.items():
        words = [str(folder / word) if word.endswith(".parquet") else word for word in line.split()]
        run(f"{' '.join(words)} -o {folder / name}.html")
        yield folder / f"{name}.html"


def pictures(browser, page, folder):
    """The page as it was laid out at each size, and as a PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        browser.look(size)
        browser.picture(folder / f"{page.stem}_{size}.png")
    browser.paper(folder / f"{page.stem}.pdf")


def main():
    """Look at the pages named, or at those of all situations; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    from gaitlab.report.pages.pdf import find_browser

    program = find_browser()
    if program is None:
        print("not looked at: no Chromium, Chrome or Edge on this machine")
        return 0
    count = 0
    with tempfile.TemporaryDirectory() as place, Browser(program) as browser:
        folder = Path(place)
        if not asked.pages:
            record(folder)
        for page in asked.pages or written(folder):
            told = findings(browser, page.read_text("utf-8"))
            count += len(told)
            print(f"{page.stem}:{'' if told else ' nothing found'}", *told, sep="\n  ")
            if asked.pictures:
                pictures(browser, page, asked.pictures)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
