"""What is measured: recordings with exact truth, independent ones and our own simulator's.

A case is one recording. ``family`` says which target it is held to, ``fault`` what is wrong with
it (empty for a good pod). Everything is made anew from seeds; nothing is stored.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from gaitlab.model.recording import Recording
from gaitlab.recordings import load

FAMILIES = ("steady", "race", "sprint", "plyo")


@dataclass(frozen=True)
class Case:
    """One recording and its truth.

    source : "independent" (a simulator that is not ours) or "own"
    family : one of FAMILIES;  fault : empty, or what is wrong with the recording
    facts : what the tables group by: speed_mps, strike, placement, rate_hz, range_g, athlete, ...
    """

    name: str
    source: str
    family: str
    fault: str
    recording: Recording
    truth: pd.DataFrame
    facts: dict[str, object] = field(default_factory=dict)


FAULTS_OF_INDEPENDENT = {
    "dropouts": "104 Hz, 1 % lost, gaps of seconds, jitter",
    "rough_packetloss5": "104 Hz, 5 % lost, jitter",
    "upside_down": "mounted upside down",
    "single_left": "one foot",
}


def family_of(name: str) -> str:
    """Which target a recording is held to, from its name."""
    words = {"sprint": "sprint", "flying": "sprint", "ins_outs": "sprint", "race": "race"}
    words |= {"hops": "plyo", "bounds": "plyo", "pogo": "plyo"}
    return next((family for word, family in words.items() if word in name), "steady")


def independent(folder: Path) -> Iterator[Case]:
    """All recordings of the independent simulator in ``folder``."""
    for path in sorted(folder.glob("*.truth.parquet")):
        name = path.name.removesuffix(".truth.parquet")
        told = json.loads((folder / f"{name}.truth.json").read_text(encoding="utf-8"))
        sensor = told["sensor"]
        yield Case(
            name, "independent", family_of(name), FAULTS_OF_INDEPENDENT.get(name, ""),
            load(folder / f"{name}.parquet"), pd.read_parquet(path),
            {
                "rate_hz": float(sensor["fs"]), "range_g": float(sensor["acc_range"]),
                "athlete": name,
            },
        )  # fmt: skip
