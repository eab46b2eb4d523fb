"""How accurate is gaitlab? Every number against exact truth, and the page that says so.

    python benchmarks/accuracy.py [--quick] [--write] [--data FOLDER] [--defects FILE]

Measures the recordings of an independent simulator and the real ones with truth (both in FOLDER,
which cannot be redistributed: GAITLAB_SHARED_DATA, or ../shared/data beside the project; left out
when absent), and our own simulator over a grid with every fault. ``--write`` puts the tables into
docs/accuracy.md; ``--quick`` takes a part of the grid (a minute); ``--defects`` lists every foot
of a recording that misses a target, the worst first.
"""

import argparse
import os
import sys
from itertools import chain
from pathlib import Path

from accuracy_page import write_page
from cases import independent
from grid import own, plans, quick
from measures import measure
from real_truth import real_tables
from targets import write_defects

PROJECT = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    """Measure, print or write; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a part of the grid")
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md")
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--defects", type=Path, help="list the feet that miss a target")
    args = parser.parse_args(arguments)
    chosen = quick(plans()) if args.quick else plans()
    folder = args.data / "sim-dev"
    if args.write and (args.quick or not folder.is_dir()):
        parser.error("the page is made of everything: no --quick, and the recordings in --data")
    if not folder.is_dir():
        print(f"no independent recordings in {args.data}: only our own simulator", file=sys.stderr)
    others = independent(folder) if folder.is_dir() else iter(())
    results = measure(chain(others, own(chosen)), _progress)
    if args.defects:
        write_defects(results, args.defects)
    real = real_tables(args.data / "real")
    write_page(results, real, PROJECT / "docs", to_files=args.write)
    return 0


def default_folder() -> Path:
    """Where the recordings are when nobody says."""
    shared = os.environ.get("GAITLAB_SHARED_DATA")
    return Path(shared) if shared else PROJECT.parent / "shared" / "data"


def _progress(case) -> None:
    if sys.stderr.isatty():
        print(f"\r{case.name:78.78}\r", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
