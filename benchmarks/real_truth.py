"""Real recordings with a truth: camera strides of a jogger and a walker, events of a walk, cadence.

None of them has a force plate: contact times in milliseconds cannot be checked on real feet.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import RUN, SPRINT, WALK
from gaitlab.model.recording import FEET, Recording
from gaitlab.pipeline import analyze
from gaitlab.recordings import load

TOLERANCE_S = 0.080
WINDOW_S = 20.0
STRIDE_S = (0.55, 1.0)  # where a runner's stride is looked for by autocorrelation
CLEAR_PEAK = 0.4


def real_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Tables by name; empty when the folder is absent."""
    if not folder.is_dir():
        return {}
    tables = {
        "cameras": [_cameras(path) for path in _recordings(folder / "pyshoe-vicon")],
        "walk": [_walk(path) for path in _recordings(folder / "gaitmap-walk")],
        "cadence": [
            _cadence(path)
            for name in ("adeptdata-outdoor-run", "fuzzylabs-shoe-pod")
            for path in _recordings(folder / name)
        ],
    }
    return {name: pd.DataFrame(rows) for name, rows in tables.items() if rows}


def _recordings(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    return [path for path in found if not path.name.endswith(".ref.parquet")]


def _truth(path: Path) -> dict:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["ground_truth"]


def _share(analysis: Analysis, *activities: int) -> float:
    activity = analysis.contacts.activity
    return 100 * float(np.isin(activity, activities).mean()) if len(activity) else float("nan")


def _cameras(path: Path) -> dict[str, object]:
    """Landings against swings seen by cameras, and the length of each stride."""
    analysis, truth = analyze(load(path)), _truth(path)
    contacts, strides = analysis.contacts, truth["strides"]
    middle_s = np.array([0.5 * (one["swing_start"] + one["swing_end"]) for one in strides])
    true_m = np.array([one["length_m"] for one in strides])
    before = np.searchsorted(contacts.ic_time_s, middle_s) - 1
    found_m = np.where(before >= 0, contacts.stride_length_m[np.maximum(before, 0)], np.nan)
    error_pct = 100 * (found_m / true_m - 1)
    error_pct = error_pct[np.isfinite(error_pct)]
    return {
        "recording": path.stem, "kind": "jog" if "jog" in path.stem else "walk",
        "true_strides": truth["n_strides"], "found": len(contacts), "measured": len(error_pct),
        "median_error_pct": float(np.median(error_pct)),
        "median_abs_error_pct": float(np.median(np.abs(error_pct))),
        "sum_error_pct": 100 * float(np.nansum(found_m) / true_m[np.isfinite(found_m)].sum() - 1),
        "right_gait_pct": _share(analysis, *((RUN, SPRINT) if "jog" in path.stem else (WALK,))),
    }  # fmt: skip


def _walk(path: Path) -> dict[str, object]:
    """Landings against the event list that came with the recording."""
    analysis, events = analyze(load(path)), pd.DataFrame(_truth(path)["events"])
    contacts, errors_s = analysis.contacts, []
    for foot, mine in events.groupby("foot"):
        found_s = contacts.ic_time_s[contacts.foot == FEET.index(foot)]
        gap_s = found_s[:, None] - mine["ic"].to_numpy()[None, :]
        errors_s.append(gap_s[np.abs(gap_s).argmin(axis=0), np.arange(len(mine))])
    error_ms = 1000 * np.concatenate(errors_s)
    near = np.abs(error_ms) <= 1000 * TOLERANCE_S
    return {
        "recording": path.stem, "true_events": len(error_ms), "found": int(near.sum()),
        "median_error_ms": float(np.median(error_ms[near])), "sd_ms": float(error_ms[near].std()),
        "called_running_pct": _share(analysis, RUN, SPRINT),
    }  # fmt: skip


def _cadence(path: Path) -> dict[str, object]:
    """Our cadence against an autocorrelation that knows no contacts, window by window."""
    recording = load(path)
    contacts = analyze(recording).contacts
    ours, theirs = [], []
    for start_s, peak_s, clear in _windows(recording):
        inside = (contacts.ic_time_s >= start_s) & (contacts.ic_time_s < start_s + WINDOW_S)
        inside &= contacts.valid & (contacts.activity == RUN)
        if clear >= CLEAR_PEAK and inside.sum() >= 0.8 * WINDOW_S / peak_s:
            ours.append(float(np.nanmedian(contacts.cadence_spm[inside])))
            theirs.append(120.0 / peak_s)
    difference = np.array(ours) - np.array(theirs)
    far = float(np.percentile(np.abs(difference), 95)) if len(difference) else float("nan")
    return {
        "recording": path.stem, "windows": len(difference),
        "cadence_spm": float(np.median(ours)) if ours else float("nan"),
        "median_difference_spm": float(np.median(difference)) if ours else float("nan"),
        "percentile95_spm": far,
    }  # fmt: skip


def _windows(recording: Recording) -> list[tuple[float, float, float]]:
    """(start, stride time, height of the peak) of every window, from |acceleration| alone."""
    stream = recording.feet[0]
    step_s = float(np.median(np.diff(stream.time_s)))
    grid_s = np.arange(stream.time_s[0], stream.time_s[-1], step_s)
    norm = np.interp(grid_s, stream.time_s, np.linalg.norm(stream.acc_mps2, axis=1))
    n = round(WINDOW_S / step_s)
    lags = np.arange(round(STRIDE_S[0] / step_s), round(STRIDE_S[1] / step_s))
    made = []
    for start in range(0, len(norm) - n, n):
        part = norm[start : start + n] - norm[start : start + n].mean()
        spectrum = np.abs(np.fft.rfft(part, 2 * n)) ** 2
        correlation = np.fft.irfft(spectrum)[:n] / np.arange(n, 0, -1)
        at = lags[correlation[lags].argmax()]
        before, here, after = correlation[at - 1 : at + 2]
        offset = 0.5 * (before - after) / (before - 2 * here + after)
        made.append((float(grid_s[start]), (at + offset) * step_s, float(here / correlation[0])))
    return made
