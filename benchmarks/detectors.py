"""Every detector of an event by itself: median, robust SD and SD of its error by speed.

Over recordings with exact truth, of the independent simulator and of ours, of 200 Hz and more,
each cycle with the true contact that lies in it. What is found nowhere is counted, not scored.
Then whether the agreement of the detectors sorts the errors of the fusion, and whether the stated
uncertainty of single events holds.
"""

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

import grid
from cases import Case, independent
from certainty import HALF_WIDTH
from gaitlab.events.cycles import Cycles, find_cycles
from gaitlab.events.detectors import IC_DETECTORS, TC_DETECTORS, Detector
from gaitlab.model.gait import FootSignal
from gaitlab.pipeline import analyze
from gaitlab.signal.filters import bridge_short
from gaitlab.strides.trajectory import BRIDGE_S
from measures import BANDS, OTHER_ACTIVITIES, band_of
from scoring import prepared, score

SD_PER_MAD = 1.4826
FASTEST_SAMPLED_HZ = 199.0
FEWEST = 20
LARGE_MS = {"ic": 6.0, "tc": 10.0}
EVENTS: dict[str, Mapping[str, Detector]] = {"ic": IC_DETECTORS, "tc": TC_DETECTORS}


def errors_of(case: Case) -> pd.DataFrame:
    """One row per cycle that holds a true contact: its facts and ``ic:NAME``, ``tc:NAME`` in ms."""
    truth = prepared(case.truth)
    rows = []
    for signal in analyze(case.recording).signals:
        if not signal.has_gyroscope:
            continue
        real = truth[(truth["foot"] == signal.foot) & ~truth["in_gap"]].reset_index(drop=True)
        rows.append(_of_foot(signal, real).assign(case=case.name, source=case.source))
    return pd.concat(rows, ignore_index=True)


def cycles_of(signal: FootSignal) -> Cycles:
    """The cycles that the analysis looks at."""
    reach = round(BRIDGE_S * signal.rate_hz)
    return find_cycles(-bridge_short(signal.gyr_radps, reach)[:, 1], signal.rate_hz)


def _of_foot(signal: FootSignal, real: pd.DataFrame) -> pd.DataFrame:
    cycles = cycles_of(signal)
    opens_s = signal.start_s + cycles.swing_sample / signal.rate_hz
    closes_s = signal.start_s + cycles.next_swing_sample / signal.rate_hz
    at = np.searchsorted(real["ic_time"].to_numpy(), opens_s)
    holds = np.append(real["ic_time"].to_numpy(), np.inf)[at] < closes_s
    true = real.iloc[at[holds]].reset_index(drop=True)
    columns = {
        f"{event}:{name}": 1000.0
        * (detector.find(signal, cycles)[holds] + signal.start_s - true[f"{event}_time"])
        for event, detectors in EVENTS.items()
        for name, detector in detectors.items()
    }
    facts = true[["foot", "activity", "band_mps", "ic_time", "contact_time_s"]]
    return pd.concat([facts, pd.DataFrame(columns)], axis=1).assign(rate_hz=signal.rate_hz)


def all_errors(cases: Iterable[Case]) -> pd.DataFrame:
    """The errors of every case, with the speed band of each contact."""
    table = pd.concat([errors_of(case) for case in cases], ignore_index=True)
    return table.assign(band=band_of(table["activity"], table["band_mps"].to_numpy(float)))


def described(errors: pd.DataFrame, event: str) -> pd.DataFrame:
    """Detector by band: ``median / robust SD (SD)`` in ms, and the share not found in per cent."""
    rows = {}
    for name in EVENTS[event]:
        column = f"{event}:{name}"
        rows[name] = {
            band: _words(part[column].to_numpy(float))
            for band in (*(name for name, _, _ in BANDS), *OTHER_ACTIVITIES)
            if len(part := errors[errors["band"] == band]) >= FEWEST
        }
        per_foot = errors.groupby(["case", "foot"])[column].median()
        rows[name]["between feet, SD"] = f"{per_foot.std():.1f}"
        rows[name]["not found"] = f"{100 * errors[column].isna().mean():.0f} %"
    return pd.DataFrame(rows).T


def _words(values: np.ndarray) -> str:
    known = values[np.isfinite(values)]
    if len(known) < FEWEST:
        return "–"
    middle = np.median(known)
    robust = SD_PER_MAD * np.median(np.abs(known - middle))
    return f"{middle:.1f}/{robust:.1f} ({known.std(ddof=1):.1f})"


def sure_events(cases: Iterable[Case]) -> pd.DataFrame:
    """One row per event that was found: its error, confidence and uncertainty, in ms."""
    rows = []
    for case in cases:
        pairs = score(analyze(case.recording), case.truth).pairs
        pairs = pairs[pairs["found_valid"].astype(bool) & pairs["true_activity"].ne("rest")]
        for event in EVENTS:
            rows.append(
                pd.DataFrame(
                    {
                        "source": _kind(case), "event": event,
                        "activity": pairs["true_activity"].replace("sprint", "run"),
                        "error_ms": pairs[f"{event}_error_ms"],
                        "confidence": pairs[f"found_{event}_confidence"],
                        "sd_ms": 1000.0 * pairs[f"found_{event}_sd_s"],
                    }
                ).dropna()
            )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _kind(case: Case) -> str:
    return "independent, rough" if case.name.startswith("rough") else case.source


def sorted_by_confidence(events: pd.DataFrame) -> pd.DataFrame:
    """Errors of running contacts per tenth of the confidence, the least sure tenth first."""
    running = events[events["activity"] == "run"]
    tables = {}
    for event, part in running.groupby("event"):
        tenth = np.ceil(10 * part["confidence"].rank(pct=True, method="first")).astype(int)
        size = part["error_ms"].abs()
        grouped = size.groupby(tenth)
        tables[f"{event} median, ms"] = grouped.median().map("{:.1f}".format)
        large = size > LARGE_MS[str(event)]
        share = 100 * large.groupby(tenth).sum() / max(large.sum(), 1)
        tables[f"{event} share of errors above {LARGE_MS[str(event)]:g} ms"] = share.map(
            "{:.0f} %".format
        )
    return pd.DataFrame(tables).T


def coverage(events: pd.DataFrame) -> pd.DataFrame:
    """Share of single events whose 90 % interval holds the truth, per cent."""
    inside = 100 * (events["error_ms"].abs() <= HALF_WIDTH * events["sd_ms"])
    keys = [events["source"], events["activity"], events["event"]]
    shares = inside.groupby(keys).mean().map("{:.0f}".format).unstack()
    return shares.assign(n=inside.groupby(keys[:2]).size() // 2)


def as_markdown(table: pd.DataFrame) -> str:
    """A pipe table; the index is the first column."""
    head = ["", *table.columns]
    lines = [head, ["---"] * len(head)]
    names = [", ".join(name) if isinstance(name, tuple) else f"{name}" for name in table.index]
    lines += [[name, *row] for name, row in zip(names, table.to_numpy(), strict=True)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="recordings of the other simulator")
    parser.add_argument("--own", action="store_true", help="our simulator's grid too")
    args = parser.parse_args()
    cases = list(independent(args.folder)) if args.folder else []
    if args.own:
        cases += [grid.made(plan) for plan in grid.quick(grid.plans()) if not plan.fault]
    errors = all_errors(case for case in cases if not case.fault)
    errors = errors[errors["rate_hz"] > FASTEST_SAMPLED_HZ]
    for source, part in errors.groupby("source"):
        for event in EVENTS:
            print(f"\n{source}, {event}, {len(part)} contacts\n")
            print(as_markdown(described(part, event)))
    events = sure_events(cases)
    print("\nerrors by confidence, the least sure tenth first\n")
    print(as_markdown(sorted_by_confidence(events[events["source"] != "own"])))
    print("\n90 % intervals of single events that hold the truth, per cent\n")
    print(as_markdown(coverage(events)))


if __name__ == "__main__":
    main()
