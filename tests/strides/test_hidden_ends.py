"""A hole of the data where a contact ends: nothing that was seen before it is taken for the end."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand, walk

EFFORTS = {"walk": (walk(60.0, 1.4),), "run": (run(2.6, duration_s=40.0),)}


@pytest.mark.parametrize("after_share", [0.3, 0.45, 0.6, 0.75])
@pytest.mark.parametrize("effort", sorted(EFFORTS))
def test_an_end_inside_a_hole_is_not_told(effort, after_share):
    programme = Programme(effort, (stand(4.0), *EFFORTS[effort], stand(3.0)))
    made = simulate(DISTANCE, programme, (Pod("left"), Pod("right")), seed=12)
    true = made.truth.columns()
    left = np.asarray(true["foot"]) == "left"
    begins, ends = (np.asarray(true[name])[left] for name in ("ic_time_s", "tc_time_s"))
    stream = made.recording.feet[0]
    acc, gyr = stream.acc_mps2.copy(), stream.gyr_radps.copy()
    for begin, end in list(zip(begins, ends, strict=True))[8:-4:5]:
        opens = begin + after_share * (end - begin)
        hole = (stream.time_s > opens) & (stream.time_s < max(opens + 0.3, end + 0.1))
        acc[hole], gyr[hole] = np.nan, np.nan
    feet = (replace(stream, acc_mps2=acc, gyr_radps=gyr), made.recording.feet[1])
    found = analyze(replace(made.recording, feet=feet)).contacts
    timed = (found.foot == 0) & found.valid & np.isfinite(found.contact_time_s)
    nearest = np.nanmin(np.abs(ends[:, None] - found.tc_time_s[timed]), axis=0)
    assert timed.sum() > 15
    assert nearest.max() < 0.06
