"""Made-up runners whose numbers are known."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.coaching.drills.session import KINDS
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    SPRINTER,
    Pod,
    Programme,
    bound,
    fly,
    hop,
    run,
    simulate,
    sprint,
    stand,
    walk,
)

BREAK = (walk(9.0), stand(4.0))
SLOWING = run(3.0, duration_s=4.0, change_mps2=2.2)
PHASES = (
    stand(4.0), walk(8.0), run(3.2, duration_s=40.0, label="run"), *BREAK,
    sprint(9.6, 1.15, 60.0, label="sprint"), SLOWING, *BREAK,
    run(9.0, distance_m=30.0, change_mps2=2.4, label="fly"), fly(9.6, 30.0), SLOWING, *BREAK,
    run(7.5, distance_m=20.0, change_mps2=2.5, label="ins-outs"),
    sprint(9.4, 0.9, 20.0, label="in"),
    run(7.9, distance_m=20.0, change_mps2=1.6, label="out"), sprint(9.4, 0.9, 20.0, label="in"),
    replace(SLOWING, label="end"), *BREAK,
    hop(6.0, label="hops"), stand(5.0),
    run(4.0, distance_m=10.0, change_mps2=2.5), bound(5.0, 30.0, label="bounds"), *BREAK,
)  # fmt: skip
PODS = (Pod("left", 200.0, 32.0), Pod("right", 200.0, 32.0))


@pytest.fixture(scope="session")
def made_up():
    path = Path(__file__).with_name("made_up.py")
    spec = importlib.util.spec_from_file_location("made_up", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def recorded():
    """A function: what pods record in a programme (one repetition of each kind by default)."""

    def record(phases=PHASES, seed=3, pods=PODS):
        return simulate(SPRINTER, Programme("session", phases), pods, seed=seed).recording

    return record


@pytest.fixture(scope="session")
def whole(recorded):
    """The recording of one repetition of each kind."""
    return recorded()


@pytest.fixture(scope="session")
def mixed(whole):
    """One repetition of each kind, and what was meant: kind and begin of each; zone borders."""
    analysis = analyze(whole)
    meant = [(m.label, m.time_s) for m in analysis.recording.marks if m.label in KINDS]
    cones_s = [m.time_s for m in analysis.recording.marks if m.label in ("in", "out", "end")]
    bare = replace(analysis, recording=replace(analysis.recording, marks=()))
    return bare, meant, cones_s
