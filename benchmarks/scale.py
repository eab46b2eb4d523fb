"""What a big archive costs: recordings a second, memory, growth, index and questions.

    python benchmarks/scale.py [--recordings 100] [--minutes 10] [--jobs 1 2] [--dask]
                               [--kill-after S] [--index 100000] [--contacts 4000000]

Recordings are one simulated run, two feet at 200 Hz, saved again and again with other noise, so
that each has bytes of its own. Everything is made in a temporary folder and removed.
``--kill-after S`` kills each batch after S seconds and starts it again: nothing that was done is
done twice. Memory is read from the kernel along the way, of the process that hands out the work
and of the largest one that works.
``--index N`` measures index and questions over N made-up rows of results, ``--contacts N`` the
ready-made questions over N contact rows (4 million by default).
"""

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

SEED = 7


def main() -> None:
    """Measure what is asked for and print it as JSON."""
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="gaitlab-scale-", dir=arguments.folder))
    facts: dict[str, object] = {"cores": os.cpu_count()}
    try:
        if arguments.recordings:
            facts["batch"] = _batch(folder, arguments)
        if arguments.index:
            facts["index"] = _index(folder, arguments.index)
        if arguments.contacts:
            facts["questions"] = _questions(folder, arguments.contacts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(facts, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--broken", type=int, default=2)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--kill-after", type=float, default=0.0, metavar="S",
                        help="Kill each batch after so many seconds, start again.")  # fmt: skip
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--index", type=int, default=0)
    parser.add_argument("--contacts", type=int, default=0)
    parser.add_argument("--folder", default=None, help="Where the files are made.")
    return parser.parse_args()


# --- recordings ------------------------------------------------------------------------------


def _batch(folder: Path, arguments: argparse.Namespace) -> list[dict[str, object]]:
    club = folder / "club"
    seconds = _make(club, arguments.recordings, arguments.minutes, arguments.broken)
    ways = [["--jobs", str(jobs)] for jobs in arguments.jobs]
    if arguments.dask:
        ways += [["--local-cluster", "1"], ["--local-cluster", "2"]]
    rows = []
    for way in ways:
        out = folder / f"results-{'-'.join(way).strip('-')}"
        facts = _timed(club, out, way, arguments.kill_after)
        rows.append({"way": " ".join(way), "made_s": seconds, **facts})
    return rows


def _make(club: Path, count: int, minutes: float, broken: int) -> float:
    """``count`` recordings, the last ``broken`` of them cut short; returns seconds to make them."""
    from gaitlab.library import Entry, Library
    from gaitlab.recordings import save

    begin = time.perf_counter()
    whole = _run_of(minutes)
    library = Library(club)
    rng = np.random.default_rng(SEED)
    for i in range(count):
        day = f"{2000 + i // 360}-{i // 30 % 12 + 1:02d}-{i % 30 + 1:02d}"
        path = club / f"athlete{i % 40:02d}" / f"{day} {i}.gait.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        save(replace(whole, feet=tuple(_noisy(stream, rng) for stream in whole.feet)), path)
        library.write_entry(path, Entry(f"athlete {i % 40:02d}"))
        if i >= count - broken:
            path.write_bytes(path.read_bytes()[: 1000 * (i % 7)])
    return round(time.perf_counter() - begin, 1)


def _run_of(minutes: float):
    """Standing, walking, an easy run and a faster one."""
    from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand, walk

    half_s = 30.0 * minutes - 13.0
    phases = (stand(4.0), walk(10.0), run(3.0, duration_s=half_s), run(3.6, duration_s=half_s),
              walk(8.0, 1.3), stand(4.0))  # fmt: skip
    pods = tuple(Pod(foot, 200.0) for foot in ("left", "right"))
    return simulate(DISTANCE, Programme("run", phases), pods, seed=SEED).recording


def _noisy(stream, rng):
    """The same run with one count of noise: every recording has bytes of its own."""
    shape = stream.acc_mps2.shape
    step = stream.acc_lsb_mps2 or 1e-3
    return replace(stream, acc_mps2=stream.acc_mps2 + step * rng.integers(-1, 2, shape))


def _timed(club: Path, out: Path, way: list[str], kill_after_s: float) -> dict[str, object]:
    """One run from nothing and one with everything done, in a process of its own."""
    command = [sys.executable, "-m", "gaitlab", "analyze", str(club), "--out", str(out), "--json",
               *way]  # fmt: skip
    killed = {}
    if kill_after_s:
        begin = time.perf_counter()
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        held, largest, peak, _ = _watched(running, kill_after_s)
        killed = {"killed": {
            "after_s": round(time.perf_counter() - begin, 1), "done": _done(out),
            "peak_mb_of_one_process": peak, "mb_of_the_first_process": held,
            "mb_of_the_largest_worker": largest,
        }}  # fmt: skip
    before = _done(out)
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as told:
        running = subprocess.Popen(command, stdout=told)
        held, largest, peak, used = _watched(running)
        told.seek(0)
        facts = json.load(told)
    wall = time.perf_counter() - begin
    begin = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False)
    again = time.perf_counter() - begin
    size = sum(p.stat().st_size for p in out.rglob("*.parquet"))
    return {
        **killed, "kept": facts["kept"], "done_before": before,
        "analysed": facts["analysed"], "failed": len(facts["failed"]),
        "contacts": facts["contacts"],
        "wall_s": round(wall, 2), "per_s": round(facts["analysed"] / wall, 3),
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb_of_one_process": peak, "again_s": round(again, 2),
        "mb_of_the_first_process_at_20_40_60_80_100_percent": held,
        "mb_of_the_largest_worker_at_20_40_60_80_100_percent": largest,
        "load": [round(one, 1) for one in os.getloadavg()],
        "results_mb": round(size / 1e6, 1),
    }  # fmt: skip


def _done(out: Path) -> int:
    """Recordings with a whole result."""
    return sum(1 for _ in out.glob("*/runs/*/*/*.parquet"))


def _watched(
    running: subprocess.Popen, kill_after_s: float = float("inf")
) -> tuple[list[int], list[int], int, resource.struct_rusage]:
    """Memory along the way of the first process and of the largest it started, peak, use; MB.

    Read from /proc: the peak that wait4 tells begins with that of the process that started it.
    """
    held: list[tuple[int, int]] = []
    peak = 0
    end = time.monotonic() + kill_after_s
    while True:
        if time.monotonic() > end:
            os.kill(running.pid, signal.SIGKILL)
            end = float("inf")
        pid, status, used = os.wait4(running.pid, os.WNOHANG)
        if pid:
            running.returncode = os.waitstatus_to_exitcode(status)
            break
        now = {}
        for process in _with_children(running.pid):
            with suppress(OSError, KeyError, ValueError):
                told = dict(
                    line.split(":", 1)
                    for line in Path(f"/proc/{process}/status").read_text().splitlines()
                )
                peak = max(peak, int(told["VmHWM"].split()[0]) // 1000)
                now[process] = int(told["VmRSS"].split()[0]) // 1000
        if running.pid in now:
            held.append((now.pop(running.pid), max(now.values(), default=0)))
        time.sleep(0.25)
    along = [held[len(held) * k // 5 - 1] for k in range(1, 6)] if len(held) >= 5 else held
    return [one for one, _ in along], [one for _, one in along], peak, used


def _with_children(pid: int) -> list[int]:
    """The process and all that it started."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


# --- index and questions ---------------------------------------------------------------------


def _index(folder: Path, count: int) -> dict[str, object]:
    """Index and questions over made-up rows; reading the recordings is measured above."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from gaitlab.batch.dataset import PACKED, Results
    from gaitlab.batch.query import opened
    from gaitlab.batch.questions import metric_of, season, squad
    from gaitlab.library import Library
    from gaitlab.library.index import Index, Row

    root = folder / "archive"
    root.mkdir()
    rng = np.random.default_rng(SEED)
    with Index(Library(root)) as index:
        rows = [
            Row(f"a{i % 1000}/{i}.gait.parquet", 1, 1, 1, content=str(i), tags='["easy"]',
                athlete=f"athlete {i % 1000}",
                day=f"20{10 + i % 15}-{i % 12 + 1:02d}-{i % 28 + 1:02d}")
            for i in range(count)
        ]  # fmt: skip
        facts: dict[str, object] = {"rows": count}
        facts["index_write_s"] = _clock(lambda: index.put(rows))
        facts["index_by_athlete_s"] = _clock(lambda: index.rows(athlete="athlete 7"))
        facts["index_by_text_s"] = _clock(lambda: index.rows(text="a7/"))
        facts["index_duplicates_s"] = _clock(index.duplicates)
        facts["index_mb"] = round(index.path.stat().st_size / 1e6, 1)
    results = Results(str(root / "results"))
    middle = rng.normal(0.25, 0.02, count)
    columns = {
        "key": [str(i) for i in range(count)], "athlete_name": [row.athlete for row in rows],
        "day": [row.day for row in rows], "valid_contacts": rng.integers(100, 9000, count),
    }  # fmt: skip
    for name, values in (("speed_mps", 4 * middle / 0.25), ("cadence_spm", 680 * middle),
                         ("contact_time_s", middle), ("flight_time_s", middle / 2),
                         ("step_length_m", 5 * middle)):  # fmt: skip
        columns |= {name: values, f"{name}_sd": values / 20,
                    f"{name}_n": columns["valid_contacts"]}  # fmt: skip
    packed = Path(results.root) / results.set / PACKED
    packed.parent.mkdir(parents=True)
    pq.write_table(pa.table(columns), packed)
    db = opened(results)
    facts["squad_s"] = _clock(lambda: squad(db))
    facts["season_s"] = _clock(lambda: season(db, metric_of("contact_time"), "athlete 7"))
    return facts


def _questions(folder: Path, count: int) -> dict[str, object]:
    """The ready-made questions over ``count`` contacts of 40 athletes in 400 recordings."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from gaitlab.batch.dataset import Results, partition
    from gaitlab.batch.query import opened
    from gaitlab.batch.questions import ANY_SPEED, Near, best, metric_of, season, squad

    results = Results(str(folder / "contacts"))
    rng = np.random.default_rng(SEED)
    each = count // 400
    for i in range(400):
        table = pa.table({
            "valid": np.ones(each, bool), "activity": ["run"] * each, "key": [str(i)] * each,
            "speed_mps": rng.normal(4.5, 0.8, each), "contact_time_s": rng.normal(0.2, 0.02, each),
            "cadence_spm": rng.normal(175, 5, each), "strike_angle_deg": rng.normal(5, 4, each),
            "flight_time_s": rng.normal(0.13, 0.01, each),
            "step_length_m": rng.normal(1.6, 0.1, each),
        })  # fmt: skip
        path = Path(
            results.path(
                "contacts", partition(f"athlete {i % 40}", f"2026-{i // 40 + 1:02d}-01"), str(i)
            )
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, compression="zstd")
    begin = time.perf_counter()
    db = opened(results)
    opening = time.perf_counter() - begin
    return {
        "rows": 400 * each, "open_s": round(opening, 3),
        "best_contact_time_s": _clock(lambda: best(db, metric_of("contact_time"), ANY_SPEED)),
        "squad_at_5_s": _clock(lambda: squad(db, Near(5.0))),
        "season_contact_time_at_5_s": _clock(
            lambda: season(db, metric_of("contact_time"), near=Near(5.0))
        ),
        "best_contact_time_at_5_s": _clock(lambda: best(db, metric_of("contact_time"), Near(5.0))),
        "best_cadence_at_4_s": _clock(lambda: best(db, metric_of("cadence"), Near(4.0))),
    }  # fmt: skip


def _clock(work) -> float:
    """The second of two tries, wall seconds."""
    work()
    begin = time.perf_counter()
    work()
    return round(time.perf_counter() - begin, 3)


if __name__ == "__main__":
    main()
