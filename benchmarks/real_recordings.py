"""Every foot-worn real recording through gaitlab: one line each, with the truth where there is any.

    python benchmarks/real_recordings.py [FOLDER]

FOLDER holds the sets of docs/real_recordings.md; without it the folder ``real`` inside
GAITLAB_SHARED_DATA (or ../shared/data beside the project). Leaves with 1 when a recording makes
gaitlab fail instead of being measured or refused, or when walking is called running.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import GaitlabError
from gaitlab.model.gait import RUN, SPRINT, WALK
from gaitlab.model.recording import FEET
from gaitlab.pipeline import analyze
from gaitlab.recordings import load

NOT_FOOT_WORN = {
    "force-treadmill-one-runner": "sensor on the sacrum, not on a shoe",
    "pod-summaries": "one value a second computed by another product, no samples",
    "sprint-splits": "gates and radar, no motion sensor",
    "vendor-formats": "original vendor files, which are not in the exchange form",
}
NOT_RECORDINGS = (".ref.parquet", ".insole.parquet", ".fp.parquet")
CADENCE_TOLERANCE_SPM = 3.0
START_STOP_TOLERANCE_S = 5.0

Facts = dict[str, Any]
Check = Callable[[Analysis, Facts], tuple[bool | None, str]]


def main(arguments: list[str]) -> int:
    """Print a line per recording and the counts; the exit status."""
    root = Path(arguments[0]) if arguments else default_folder()
    if not root.is_dir():
        print(f"no recordings in {root}: name their folder, or set GAITLAB_SHARED_DATA")
        return 2
    for name, reason in NOT_FOOT_WORN.items():
        print(f"{name + '/*':58} skipped   {reason}")
    files = [
        path
        for folder in sorted(root.iterdir())
        if folder.is_dir() and folder.name not in NOT_FOOT_WORN
        for path in sorted(folder.glob("*.parquet"))
        if not path.name.endswith(NOT_RECORDINGS)
    ]
    verdicts = [one_line(path) for path in files]
    counts = {word: verdicts.count(word) for word in dict.fromkeys(verdicts)}
    print(f"{len(files)} recordings: " + ", ".join(f"{n} {word}" for word, n in counts.items()))
    return 1 if {"CRASHED", "WRONG"} & set(verdicts) else 0


def default_folder() -> Path:
    """Where the recordings are when nobody says."""
    shared = os.environ.get("GAITLAB_SHARED_DATA")
    project = Path(__file__).resolve().parents[1]
    return (Path(shared) if shared else project.parent / "shared" / "data") / "real"


def one_line(path: Path) -> str:
    """Analyse, print one line and return its verdict."""
    began = time.process_time()
    try:
        analysis = analyze(load(path))
    except GaitlabError as error:
        verdict, text = "refused", f"{error.what}: {error.why}"
    except Exception as error:
        verdict, text = "CRASHED", f"{type(error).__name__}: {error}"
    else:
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        fine, compared = check_for(path)(analysis, facts)
        verdict = {True: "agrees", False: "differs", None: "no truth"}[fine]
        if "walk" in path.name and fine is False:
            verdict = "WRONG"
        text = f"{found(analysis)}; {compared}"
    seconds = time.process_time() - began
    where = f"{path.parent.name}/{path.stem}"
    print(f"{where:58} {verdict:9} {text} [{seconds:.1f} s]", flush=True)
    return verdict


def found(analysis: Analysis) -> str:
    """What gaitlab saw: contacts per activity, cadence, contact time."""
    activity = analysis.contacts.activity
    running = np.isin(activity, (RUN, SPRINT))
    text = f"{int(running.sum())} running and {int((activity == WALK).sum())} walking contacts"
    if running.any():
        use = running & analysis.contacts.valid
        contact_ms = 1000 * median(analysis.contacts.contact_time_s[use])
        text += f", contact {contact_ms:.0f} ms, cadence {cadence_spm(analysis):.1f}/min"
    return text


def cadence_spm(analysis: Analysis) -> float:
    """Median of the valid running contacts, steps/min; NaN without."""
    running = np.isin(analysis.contacts.activity, (RUN, SPRINT)) & analysis.contacts.valid
    return median(analysis.contacts.cadence_spm[running])


def median(values: np.ndarray) -> float:
    """Median of the known values, NaN without."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def check_for(path: Path) -> Check:
    """How the recordings of a set are judged."""
    if "walk" in path.name:
        return walking
    if path.parent.name == "pyshoe-vicon":
        return against_vicon
    return protocol if path.stem == "race_matt" else cadence


def walking(analysis: Analysis, facts: Facts) -> tuple[bool | None, str]:
    """Walking is not running; strides counted beside the truth where there is one."""
    n_running = int(np.isin(analysis.contacts.activity, (RUN, SPRINT)).sum())
    truth = facts["ground_truth"]
    wanted = truth.get("n_strides", len(truth.get("events", [])))
    return n_running == 0, f"no running wanted; {n_strides(analysis)} strides (truth {wanted})"


def n_strides(analysis: Analysis) -> int:
    """Strides that were timed, whatever the activity."""
    return int(np.isfinite(analysis.contacts.stride_time_s).sum())


def against_vicon(analysis: Analysis, facts: Facts) -> tuple[bool | None, str]:
    """Strides counted and measured by cameras: count within one, and the length of each."""
    truth = facts["ground_truth"]
    count, wanted = n_strides(analysis), truth["n_strides"]
    text = f"{count} strides (Vicon {wanted})"
    errors_m = length_errors(analysis, truth["strides"])
    if len(errors_m):
        text += f", length {np.mean(errors_m):+.2f} ± {np.std(errors_m):.2f} m over {len(errors_m)}"
    return abs(count - wanted) <= 1, text


def length_errors(analysis: Analysis, strides: list[dict[str, float]]) -> np.ndarray:
    """Our stride length minus the camera's, m, of the strides whose toe-off lies inside one."""
    start = np.array([item["slowest_before"] for item in strides])
    stop = np.array([item["slowest_after"] for item in strides])
    length_m = np.array([item["length_m"] for item in strides])
    contacts = analysis.contacts
    which = np.searchsorted(start, contacts.tc_time_s, "right") - 1
    inside = (which >= 0) & (contacts.tc_time_s < stop[which])
    errors = contacts.stride_length_m[inside] - length_m[which[inside]]
    return errors[np.isfinite(errors)]


def protocol(analysis: Analysis, facts: Facts) -> tuple[bool | None, str]:
    """Stand, run 120 s, stand: how long was run, and the cadence."""
    wanted_s = facts["ground_truth"]["running_duration_s"]
    moving = np.isin(analysis.segments.activity, (RUN, SPRINT))
    ran_s = float((analysis.segments.stop_s - analysis.segments.start_s)[moving].sum())
    fine, text = cadence(analysis, facts)
    return (
        bool(fine) and abs(ran_s - wanted_s) <= START_STOP_TOLERANCE_S,
        f"ran {ran_s:.0f} s (protocol about {wanted_s:.0f} s), {text}",
    )


def cadence(analysis: Analysis, facts: Facts) -> tuple[bool | None, str]:
    """Cadence beside the autocorrelation of the acceleration, which knows no contacts."""
    feet = [facts["measured"][foot] for foot in FEET if foot in facts["measured"]]
    rates_hz = [foot["median_stride_freq_hz_autocorr"] for foot in feet]
    wanted = 120 * float(np.mean([rate for rate in rates_hz if rate]))
    got = cadence_spm(analysis)
    if not np.isfinite(got):
        return None, f"autocorrelation {wanted:.0f}/min"
    half_lag_spm = wanted**2 / (2 * 120 * facts["sampling_rate_hz"])  # its lags are whole samples
    fine = abs(got - wanted) <= CADENCE_TOLERANCE_SPM + half_lag_spm
    return fine, f"autocorrelation {wanted:.0f} ± {half_lag_spm:.0f}/min"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
