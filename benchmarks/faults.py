"""What can be wrong with a recording, as changes of the pods or of what they recorded."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from gaitlab.model.recording import FootStream, Recording
from gaitlab.simulate import Pod, Simulated

Made = tuple[Recording, pd.DataFrame]
Edit = Callable[[Simulated, pd.DataFrame, tuple[Pod, ...], int], Made]

DURATIONS = ("contact_time_s", "flight_time_s", "step_time_s", "stride_time_s")
OTHER = {"left": "right", "right": "left"}


def unchanged(world, truth, pods, seed) -> Made:
    """As recorded."""
    return world.recording, truth


def one_foot(world, truth, *_) -> Made:
    """Only the left pod; times between the feet are not known then."""
    kept = truth[truth["foot"] == "left"].reset_index(drop=True)
    return replace(world.recording, feet=world.recording.feet[:1]), kept


def swapped(world, truth, *_) -> Made:
    """The labels of the feet exchanged, in the truth as well: what matters is being told."""
    feet = tuple(replace(stream, foot=OTHER[stream.foot]) for stream in world.recording.feet)
    return replace(world.recording, feet=feet), truth.assign(foot=truth["foot"].map(OTHER))


def no_standing(world, truth, *_) -> Made:
    """Switched on while running and off while running."""
    running = truth[truth["activity"].isin(("run", "sprint"))]
    start_s, stop_s = running["ic_time_s"].quantile([0.12, 0.9])
    feet = tuple(_cut(stream, start_s, stop_s) for stream in world.recording.feet)
    inside = (truth["ic_time_s"] > start_s) & (truth["tc_time_s"] < stop_s)
    return replace(world.recording, feet=feet), truth[inside].reset_index(drop=True)


def _cut(stream: FootStream, start_s: float, stop_s: float) -> FootStream:
    keep = (stream.time_s >= start_s) & (stream.time_s <= stop_s)
    return replace(
        stream, time_s=stream.time_s[keep], acc_mps2=stream.acc_mps2[keep],
        gyr_radps=stream.gyr_radps[keep],
    )  # fmt: skip


def stamped_right(world, truth, pods, seed) -> Made:
    """The sensor runs fast, but the stamps are those of a good clock."""
    ratio = pods[0].clock_ratio
    feet = tuple(replace(stream, time_s=stream.time_s / ratio) for stream in world.recording.feet)
    truth = truth.assign(ic_time_s=truth["ic_time_s"] / ratio, tc_time_s=truth["tc_time_s"] / ratio)
    return replace(world.recording, feet=feet), truth


def on_its_clock(world, truth, pods, seed) -> Made:
    """Nothing but the data sheet says how fast the clock runs: true times are its times."""
    ratio = pods[0].clock_ratio
    longer = {name: truth[name] * ratio for name in DURATIONS}
    slower = {name: truth[name] / ratio for name in ("cadence_spm", "speed_mps")}
    return world.recording, truth.assign(**longer, **slower)


def stamped_per_packet(world, truth, pods, seed) -> Made:
    """One stamp for the six samples of a packet, made when it arrives, 5 to 25 ms late.

    The truth is moved by the mean delay: nothing in the stamps tells how late they are.
    """
    rng = np.random.default_rng([seed, 9])
    feet = []
    for stream in world.recording.feet:
        last = np.minimum(np.arange(stream.n_samples) // 6 * 6 + 5, stream.n_samples - 1)
        late_s = np.repeat(0.005 + 0.02 * rng.beta(1.2, 4.0, last[-1] // 6 + 1), 6)
        stamps_s = np.maximum.accumulate(stream.time_s[last] + late_s[: stream.n_samples])
        feet.append(replace(stream, time_s=stamps_s))
        mine = truth["foot"] == stream.foot
        delay_s = float(np.mean(stamps_s - stream.time_s))
        truth.loc[mine, ["ic_time_s", "tc_time_s"]] += delay_s
    return replace(world.recording, feet=tuple(feet)), truth


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: changes of both pods, and of the recording.

    behaviour : what gaitlab is meant to do about it, for the page
    grade : of the ground while running, uphill positive; standing and walking are level
    """

    name: str
    behaviour: str
    pods: dict[str, object] = field(default_factory=dict)
    edit: Edit = unchanged
    grade: float = 0.0


FAULTS = (
    Fault("any mounting", "The pod may sit in any orientation; nothing has to be told.",
          {"mounting": "random"}),
    Fault("one foot", "Flight and step assume that the other foot does the same; flagged.",
          edit=one_foot),
    Fault("swapped feet", "Nothing is lost but the sides; the report should say so.",
          edit=swapped),
    Fault("no standing at all", "The zero of the angle comes from the flat foot or is unknown.",
          edit=no_standing),
    Fault("rate 1 % off, stamps right", "The rate is measured, not believed: nothing is lost.",
          {"rate_error": 0.01}, stamped_right),
    Fault("clock 1 % off", "Nothing in the data tells: times are 1 %, lengths 2 % off.",
          {"rate_error": 0.01}, on_its_clock),
    Fault("clocks drift apart", "200 ppm between the feet: 7 ms after half a minute.",
          {"clock_ppm": 200.0}),
    Fault("jitter of 2 ms", "Samples are counted; single stamps are not believed.",
          {"jitter_s": 0.002}),
    Fault("one stamp per packet", "The same; stamps made on delivery carry the delay.",
          edit=stamped_per_packet),
    Fault("5 % lost packets", "Short holes are bridged away from events; the rest is flagged.",
          {"loss": 0.05}),
    Fault("gaps of seconds", "Nothing is timed across a hole; contacts beside it stay.",
          {"gaps_s": ((14.0, 15.2), (20.0, 23.0), (27.5, 27.9))}),
    Fault("poor calibration", "Offsets of 0.8 m/s2 and 3 deg/s, scale 2 %: worse lengths.",
          {"acc_bias_mps2": 0.8, "gyr_bias_radps": 0.05, "acc_scale": 0.02, "gyr_scale": 0.02}),
    Fault("pod slips by 10 deg", "One turn on the shoe in the middle of the run.",
          {"slip_at_s": 20.0, "slip_rad": 0.17}),
    Fault("6 % uphill", "Between slope and gravity: the flat foot lies on the slope, the standing"
          " zero does not.", grade=0.06),
    Fault("6 % downhill", "The same, with the other sign.", grade=-0.06),
    Fault("no gyroscope", "Counts, cadence, run or walk; nothing else.", {"gyroscope": False}),
)  # fmt: skip
