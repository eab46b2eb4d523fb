"""A slow runner's heel is the landing, though the forefoot comes down harder 50 ms later."""

import numpy as np

from gaitlab.pipeline import analyze
from gaitlab.simulate import HEEL_STRIKER, Pod, Programme, run, simulate, stand, walk

PODS = (Pod("left"), Pod("right"))
SEEDS = (5000, 5001, 5011)  # brushing heels; the constants were chosen on seeds 2000 to 2023


def late_by_25_ms(seed):
    """How many landings of the run and of the walk after it are told late, and how many count."""
    phases = (stand(3.0), run(2.0, duration_s=8.0), walk(4.0), stand(2.0))
    made = simulate(HEEL_STRIKER, Programme("slow", phases), PODS, seed)
    contacts, truth = analyze(made.recording).contacts, made.truth
    errors = [
        contacts.ic_time_s[(contacts.foot == foot) & contacts.valid][:, None]
        - truth.ic_time_s[truth.foot == foot]
        for foot in (0, 1)
    ]
    nearest = np.concatenate([np.abs(error).min(axis=1) for error in errors])
    return int((nearest > 0.025).sum()), len(nearest)


def test_most_brushing_heels_of_a_slow_run_are_found():
    late, counted = np.sum([late_by_25_ms(seed) for seed in SEEDS], axis=0)
    assert counted >= 70
    assert late < 0.25 * counted  # with a quick runner's slap it was one half
