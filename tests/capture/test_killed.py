"""`gaitlab record` killed outright: what was written is kept, and is gone on with."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from gaitlab import load
from gaitlab.capture.finish import recording_from_journal
from gaitlab.model.errors import InputError
from gaitlab.pod.protocols import generic
from gaitlab.recordings.journal_reading import read_journal

pytest.importorskip("bumble")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is not of this system")
KILLS = int(os.environ.get("GAITLAB_KILLS", "1"))  # each takes seconds; benchmarks/kill.py: fifty
MOST_LOST_S, PER_PACKET = 1.0, 10


def recorder(folder, *more):
    """A recorder of two simulated pods in a process of its own."""
    words = ("record", "--virtual", "2", "--out", "run", "--athlete", "Ada", *more)
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "gaitlab", *words], cwd=folder,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def samples_in(journal, segments):
    """How many notifications there are, once there are ``segments``."""
    try:
        kept = read_journal(journal)
    except InputError:  # not begun yet
        return 0
    n_events = len(kept.told)
    return (sum(kept.n_rows.values()) - n_events) if kept.segments >= segments else 0


def killed(folder, number):
    """Run a recorder until it has written something, kill it; what it had written."""
    journal = folder / "run.gait.journal"
    process = recorder(folder)
    before = samples_in(journal, number)
    deadline = time.monotonic() + 40
    while samples_in(journal, number + 1) <= before:
        assert time.monotonic() < deadline, process.poll()
        time.sleep(0.1)
    time.sleep(0.3 * number)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    written_s = max(file.stat().st_mtime for file in journal.glob("segment-*.arrow"))
    assert time.time() - written_s <= MOST_LOST_S
    return samples_in(journal, number + 1)


def n_samples(foot):
    return int(np.isfinite(foot.acc_mps2[:, 0]).sum())


def test_recorders_killed_one_after_the_other_make_one_recording(gaitlab, tmp_path):
    journal = tmp_path / "run.gait.journal"
    written = []
    for number in range(KILLS):
        written.append(killed(tmp_path, number))
    assert (np.diff(written, prepend=0) > 0).all()

    saved = gaitlab("recover", journal, "-o", tmp_path / "saved.gait.parquet")
    assert saved.status == 0, saved.err
    assert "did not come to its end" in saved.err
    kept = read_journal(journal)
    first, _ = recording_from_journal(kept)
    n_packets = kept.rows["characteristic"].to_pylist().count(generic.DEFAULT.data)
    assert sum(n_samples(foot) for foot in first.feet) == PER_PACKET * n_packets

    last = recorder(tmp_path, "--duration", "2.5")
    _, said = last.communicate(timeout=60)
    assert last.returncode == 0, said
    made = load(tmp_path / "run.gait.parquet")
    assert not journal.exists()
    assert [foot.foot for foot in made.feet] == ["left", "right"]
    for foot, before in zip(made.feet, first.feet, strict=True):
        assert n_samples(foot) >= n_samples(before) + 200
        assert (np.diff(foot.time_s) > 0).all()
        assert foot.time_s[-1] > before.time_s[-1]
