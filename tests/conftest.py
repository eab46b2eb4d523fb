"""Shared fixtures: where outside data lives, and an analysis made up of known numbers."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from gaitlab.model.analysis import (
    Analysis,
    ClockFacts,
    FootFacts,
    MetricSummary,
    RecordingFacts,
)
from gaitlab.model.gait import (
    FOREFOOT,
    LEFT,
    MIDFOOT,
    REARFOOT,
    RIGHT,
    RUN,
    UNKNOWN_STRIKE,
    WALK,
    Contacts,
    Flag,
    Segments,
)
from gaitlab.model.recording import Athlete, Mark, Setup


class Result(NamedTuple):
    """What a command returned and printed."""

    status: int
    out: str
    err: str


PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture
def gaitlab(capsys) -> Callable[..., Result]:
    """The command line in this process: ``gaitlab("analyze", path)`` -> status, out, err."""
    from gaitlab.cli.app import run

    def call(*arguments: object) -> Result:
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Recordings that are not part of the project; tests that need them are skipped without."""
    wanted = os.environ.get("GAITLAB_SHARED_DATA")
    folder = Path(wanted) if wanted else PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            f"no recordings in {folder}: set GAITLAB_SHARED_DATA to the folder that holds them"
        )
    return folder


@pytest.fixture(scope="session")
def bundled() -> Path:
    """The simulated recordings that come with gaitlab."""
    return PROJECT / "recordings"


def _contacts(n: int) -> Contacts:
    """Alternating feet, 0.35 s a step, 0.20 s of contact; the last one flagged and invalid."""
    k = np.arange(n)
    ic = 10.0 + 0.35 * k
    nan = np.full(n, np.nan)
    strike = np.resize([REARFOOT, REARFOOT, MIDFOOT, FOREFOOT], n)
    if n:
        strike[-1] = UNKNOWN_STRIKE
    known = strike != UNKNOWN_STRIKE
    valid = k < n - 1
    flags = np.where(valid, 0, int(Flag.EDGE | Flag.CLIPPED))
    contact_s = 0.20 + 0.001 * (k % 5)
    return Contacts(
        foot=np.where(k % 2 == 0, LEFT, RIGHT).astype(np.int8),
        ic_time_s=ic,
        tc_time_s=ic + contact_s,
        contact_time_s=contact_s,
        flight_time_s=np.where(valid, 0.35 - contact_s, np.nan),
        step_time_s=np.where(valid, 0.35, np.nan),
        stride_time_s=np.where(k < n - 2, 0.70, np.nan),
        swing_time_s=np.where(k < n - 2, 0.70 - contact_s, np.nan),
        cadence_spm=np.where(k < n - 2, 120 / 0.70, np.nan),
        duty_factor=np.where(k < n - 2, contact_s / 0.70, np.nan),
        strike=strike.astype(np.int8),
        p_rearfoot=np.where(known, (strike == REARFOOT) * 1.0, np.nan),
        p_midfoot=np.where(known, (strike == MIDFOOT) * 1.0, np.nan),
        p_forefoot=np.where(known, (strike == FOREFOOT) * 1.0, np.nan),
        strike_angle_rad=np.where(known, np.deg2rad(10.0), np.nan),
        stride_length_m=np.where(k < n - 2, 2.8, np.nan),
        step_length_m=np.where(k < n - 2, 1.4, np.nan),
        speed_mps=np.where(k < n - 2, 4.0, np.nan),
        ic_sd_s=np.full(n, 0.003),
        tc_sd_s=np.full(n, 0.004),
        strike_angle_sd_rad=np.full(n, np.deg2rad(2.0)),
        stride_length_sd_m=nan,
        activity=np.full(n, RUN, np.int8),
        segment=np.full(n, 1, np.int32),
        valid=valid,
        flags=flags.astype(np.int32),
    )


def _foot_facts(foot: str) -> FootFacts:
    clock = ClockFacts(200.0, 199.9, 1, 0, 1e-4, 0.01, np.array([[3.0, 3.2]]))
    return FootFacts(
        foot, 4000, 20.0, True, 156.9, None, 0.0, 0.001, 9.81, clock,  # type: ignore[arg-type]
        "gravity from standing", True, 0.93, 0.01, 1.0, "standing",
    )  # fmt: skip


def _summary(metric: str, scope: str, value: float) -> MetricSummary:
    return MetricSummary(
        metric, scope, "run", 9, value, value, 0.1 * value, 0.1 * value, 0.9 * value,  # type: ignore[arg-type]
        1.1 * value, 0.02 * value, "good",
    )  # fmt: skip


@pytest.fixture
def make_analysis() -> Callable[..., Analysis]:
    """Build an analysis of ``n`` contacts whose numbers are known by hand."""

    def build(n: int = 11, name: str = "track", athlete: str = "Ada") -> Analysis:
        missing = MetricSummary(
            "flight_time_s", "right", "run", 0, *[np.nan] * 7, "not measurable", "one pod only"
        )
        summaries = (
            *(_summary("contact_time_s", scope, 0.202) for scope in ("both", "left", "right")),
            _summary("cadence_spm", "both", 120 / 0.70),
            _summary("strike_angle_rad", "both", np.deg2rad(10.0)),
            _summary("speed_mps", "both", 4.0),
            missing,
        )
        return Analysis(
            recording=RecordingFacts(
                name, "ab" * 32, "made up for a test", True, Athlete(athlete, "f", 60.0),
                Setup(surface="track"), (Mark(10.0, "start", 0.0),), ("a note",),
            ),
            contacts=_contacts(n),
            segments=Segments(
                np.array([0.0, 9.0]), np.array([9.0, 15.0]), np.array([WALK, RUN], np.int8)
            ),
            feet=(_foot_facts("left"), _foot_facts("right")),
            summaries=summaries if n else (),
            warnings=("left pod: 1 gap",),
            program_version="0.1.0",
            parameters={"quiet_below_radps": 2.5},
        )  # fmt: skip

    return build
