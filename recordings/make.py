"""Write the bundled recordings again: ``python recordings/make.py``.

They are SIMULATED: no human ever ran them. The same seeds give the same bytes of samples.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from gaitlab.model.recording import Recording
from gaitlab.recordings import save
from gaitlab.simulate import DISTANCE, HEEL_STRIKER, SPRINTER, Pod, Programme, Runner, simulate
from gaitlab.simulate.presets import PRESETS

FOLDER: Final = Path(__file__).resolve().parent
LARGEST_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Bundled:
    """One bundled recording: who, what (a preset), which pods, which seed."""

    name: str
    runner: Runner
    preset: str
    seed: int
    pods: tuple[Pod, Pod]
    speed_mps: float | None = None
    duration_s: float | None = None

    @property
    def programme(self) -> Programme:
        return PRESETS[self.preset].programme(self.name, self.speed_mps, self.duration_s)


def _pods(rate_hz: float, acc_range_g: float, placement: str, **both: object) -> tuple[Pod, Pod]:
    left = Pod("left", rate_hz, acc_range_g, placement=placement, clock_ppm=9.0)
    right = Pod("right", rate_hz, acc_range_g, placement=placement, clock_ppm=-12.0)
    return replace(left, **both), replace(right, **both)


# one seed for one distance runner, and seeds whose drawn habits lie near the mean
BUNDLED: Final = (
    Bundled(
        "distance_easy", DISTANCE, "distance-easy", 15, _pods(208.0, 16.0, "laces", loss=0.002),
        3.6, 75.0,
    ),
    Bundled(
        "distance_race_kick", DISTANCE, "distance-race-kick", 15,
        _pods(208.0, 16.0, "laces", jitter_s=0.0002), 6.1, 90.0,
    ),
    Bundled("sprinter_fly", SPRINTER, "sprinter-fly", 12, _pods(416.0, 32.0, "instep")),
    Bundled(
        "heel_striker_easy", HEEL_STRIKER, "heel-striker-easy", 19,
        _pods(208.0, 16.0, "laces", mounting="random"), 3.0, 75.0,
    ),
)  # fmt: skip


def make(item: Bundled) -> tuple[Recording, pd.DataFrame]:
    """The recording and its truth as a table."""
    usual = replace(item.runner, varies=0.0)  # the same runner has the same habits in every file
    made = simulate(usual, item.programme, item.pods, item.seed)
    return made.recording, pd.DataFrame(made.truth.columns())


def describe(item: Bundled, recording: Recording, truth: pd.DataFrame) -> str:
    """One row of the table in the README."""
    pod, stream = item.pods[0], recording.feet[0]
    return (
        f"| `{item.name}` | SIMULATED | {PRESETS[item.preset].about} | `{item.preset}` | "
        f"{item.seed} | {pod.rate_hz:g} Hz, {pod.acc_range_g:g} g, {pod.placement}, "
        f"{pod.mounting} | {stream.time_s[-1]:.0f} s | {len(truth)} |"
    )


def readme(rows: list[str]) -> str:
    """The README of the folder: every file labelled as simulated."""
    return "\n".join(
        (
            "# Bundled recordings: all of them SIMULATED",
            "",
            "No human ever ran these. They come from gaitlab's own simulator"
            " (`docs/simulator.md`) and show what gaitlab does; they are no evidence about"
            " runners, and agreement with them is no proof of accuracy on real feet.",
            "",
            "| file | kind | what | preset | seed | pods | length | contacts |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            "- `NAME.gait.parquet` is the recording in gaitlab's own form, two pods each.",
            "- `NAME.truth.parquet` says what really happened, one row per ground contact:"
            " event times on the clock of that foot's pod (s), contact, flight, step and stride"
            " time (s), strike and strike angle (deg, toes up positive, zero in quiet standing),"
            " stride length (m), speed (m/s), cadence (steps/min of both feet), activity, and"
            " `in_gap` where samples are missing around an event.",
            "- Each begins with 4 s of quiet standing and some walking, and ends the same way.",
            "- The race holds 6.1 m/s for 549 m and kicks over the last 300 m; marks `start`,"
            " `kick` and `finish`. The sprinter first strides out over 75 m at 7.1 m/s, a speed"
            " that the kick of the race comes to as well, then sprints; marks `stride-out`,"
            " `walk`, `start`, `flying 30`, `0 m`, `30 m`.",
            "- Written by `python recordings/make.py`; the parameters are in that file and in"
            " `src/gaitlab/simulate`. Same seeds, same samples.",
            "",
        )
    )


def main() -> None:
    """Write all recordings, their truth and the README."""
    rows = []
    for item in BUNDLED:
        recording, truth = make(item)
        path = FOLDER / f"{item.name}.gait.parquet"
        save(recording, path)
        truth.to_parquet(FOLDER / f"{item.name}.truth.parquet", index=False)
        if path.stat().st_size > LARGEST_BYTES:
            raise SystemExit(f"{path.name} has {path.stat().st_size} bytes; shorten its programme")
        rows.append(describe(item, recording, truth))
    (FOLDER / "README.md").write_text(readme(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
