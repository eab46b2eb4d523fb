"""What a recorder keeps is what was sent, whatever becomes of view, disk or pods."""

import asyncio
import json
import struct
from types import SimpleNamespace

import numpy as np
import pytest

from gaitlab import load
from gaitlab.capture.live_view import LiveView
from gaitlab.capture.recorder import Recorder
from gaitlab.live import LiveAnalyzer
from gaitlab.model.errors import DeviceError, OutputError
from gaitlab.pod.model import Notification
from gaitlab.pod.profiles import PROFILES
from gaitlab.pod.protocols import generic

DATA = generic.DEFAULT.data
PER_PACKET = 10
ACC_LSB, GYR_LSB = 9.80665 / 2048, np.pi / 180 / 16.4


def settings():
    conversation = PROFILES["generic"].start(None)
    answer = next(conversation)
    while answer is not None:
        try:
            answer = conversation.send(None)
        except StopIteration as end:
            return end.value
    return None


def connected():
    said = settings()
    facts = {name: getattr(said, name) for name in said.__dataclass_fields__}
    facts["details"] = dict(facts["details"])
    identity = {"serial": "S1", "battery_percent": 80, "rssi_dbm": -60}
    return {"event": "connected", "host_ns": 0, "settings": facts, "identity": identity}


def packet(number, counts, host_ns):
    head = struct.pack(
        "<BBHI", 1, len(counts), number % 65536, round(number * PER_PACKET / 200 * 32768) % 2**32
    )
    return Notification(host_ns, DATA, head + counts.astype("<i2").tobytes())


class Clock:
    """A clock that the scripted pods turn."""

    def __init__(self):
        self.ns = 0

    def __call__(self):
        return self.ns


class KeptJournal:
    """A journal in memory with the writer's signatures."""

    def __init__(self, fails_at=()):
        self.rows, self.trouble, self.fails_at, self.closed = [], None, set(fails_at), False

    def add(self, pod, kind, host_ns, characteristic, payload):
        self.rows.append((pod, kind, host_ns, characteristic, payload))
        if len(self.rows) in self.fails_at:
            self.trouble = OutputError("the folder cannot be written", "disk full", "make room")
            raise self.trouble

    def event(self, pod, host_ns, facts):
        self.add(pod, "event", host_ns, "", json.dumps(facts).encode())

    def tick(self):
        pass

    def close(self):
        self.closed = True


class Script:
    """A session that says what is written, then waits to be stopped."""

    def __init__(self, recorder, pod, notifications, clock, *, error=None, block=200):
        self.recorder, self.pod, self.said, self.clock = recorder, pod, notifications, clock
        self.error, self.block = error, block

    async def run(self, stop):
        self.recorder.on_event(self.pod, connected())
        for number, one in enumerate(self.said):
            self.clock.ns = max(self.clock.ns, one.host_ns)
            self.recorder.on_data(self.pod, one)
            if number % self.block == 0:
                await asyncio.sleep(0)
        if self.error:
            raise self.error
        await stop.wait()
        self.recorder.on_event(
            self.pod, {"event": "disconnected", "host_ns": self.clock.ns, "reason": "stopped"}
        )


@pytest.fixture(scope="module")
def sent(bundled):
    """Packets of both feet of 20 s of a simulated run at 200 Hz, and the counts in them."""
    recording = load(bundled / "sprinter_fly.gait.parquet")
    packets, counts = [], []
    for foot in recording.feet:
        at_s = foot.time_s[0] + np.arange(4000) / 200
        values = np.column_stack((foot.acc_mps2 / ACC_LSB, foot.gyr_radps / GYR_LSB))
        raw = np.column_stack([np.interp(at_s, foot.time_s, column) for column in values.T])
        raw = np.clip(np.rint(raw), -32768, 32767)
        counts.append(raw)
        packets.append(
            [
                packet(k, raw[k * PER_PACKET : (k + 1) * PER_PACKET], (k + 1) * 50_000_000)
                for k in range(400)
            ]
        )
    return SimpleNamespace(packets=packets, counts=counts)


def record(sent, *, duration_s=19.9, errors=(None, None), **options):
    clock, journal = Clock(), options.pop("journal", KeptJournal())
    view, given = LiveView(["left", "right"]), []
    recorder = Recorder(
        ["left", "right"], journal, view, clock_ns=clock, on_contacts=given.append, **options
    )
    scripts = [
        Script(recorder, pod, said, clock, error=error)
        for pod, (said, error) in enumerate(zip(sent.packets, errors, strict=True))
    ]
    trouble = None
    try:
        asyncio.run(recorder.run(scripts, asyncio.Event(), duration_s=duration_s))
    except DeviceError as error:
        trouble = error
    return SimpleNamespace(
        recorder=recorder, journal=journal, view=view, given=given, trouble=trouble
    )


def kept(journal, pod):
    return [row[4] for row in journal.rows if row[0] == pod and row[1] == "data"]


def test_the_journal_holds_every_byte_in_the_order_of_arrival(sent):
    made = record(sent)
    for pod in (0, 1):
        assert kept(made.journal, pod) == [said.payload for said in sent.packets[pod]]
        kinds = [
            json.loads(row[4])["event"] for row in made.journal.rows if row[:2] == (pod, "event")
        ]
        assert kinds == ["side", "connected", "disconnected"]


def test_live_contacts_are_those_of_the_samples_that_were_sent(sent):
    made = record(sent)
    live = LiveAnalyzer.for_recording(
        SimpleNamespace(
            feet=[
                SimpleNamespace(
                    foot=foot, acc_range_mps2=16 * 9.80665, gyr_range_radps=np.deg2rad(2000),
                    declared_rate_hz=200.0,
                )
                for foot in ("left", "right")
            ],
            athlete=None, setup=None,
        )
    )  # fmt: skip
    expected = []
    for foot, raw in zip(("left", "right"), sent.counts, strict=True):
        time_s = np.arange(len(raw)) / 200
        expected.append(live.feed(foot, time_s, raw[:, :3] * ACC_LSB, raw[:, 3:] * GYR_LSB))
    expected.append(live.finish())
    want_s, got_s = (
        np.sort(np.concatenate([it.tc_time_s - it.ic_time_s for it in parts]))
        for parts in (expected, made.given)
    )
    assert len(got_s) == len(want_s) > 20
    known = np.isfinite(want_s)
    np.testing.assert_allclose(got_s[known], want_s[known], atol=0.001)


def test_a_view_that_cannot_keep_up_drops_what_the_journal_keeps(sent):
    made = record(sent, queue_limit=50)
    assert made.recorder.dropped > 0
    assert "left out" in made.view.notes["dropped"]
    assert [len(kept(made.journal, pod)) for pod in (0, 1)] == [400, 400]


def test_a_fault_in_the_live_analysis_ends_the_view_and_never_the_recording(sent, monkeypatch):
    def fault(*_):
        raise IndexError("index 3 is out of bounds")

    monkeypatch.setattr(LiveAnalyzer, "feed", fault)
    made = record(sent)
    assert made.trouble is None
    assert "IndexError" in made.view.notes["view"]
    assert [len(kept(made.journal, pod)) for pod in (0, 1)] == [400, 400]


def test_a_full_disk_is_said_once_and_the_recording_goes_on(sent):
    made = record(sent, journal=KeptJournal(fails_at=[100]))
    assert "disk full" in made.view.notes["disk"]
    assert [len(kept(made.journal, pod)) for pod in (0, 1)] == [400, 400]


def test_a_pod_that_is_never_reached_ends_the_recording_and_keeps_the_other(sent):
    made = record(sent, errors=(None, DeviceError("pod not found")), duration_s=None)
    assert made.trouble.what == "pod not found"
    assert len(kept(made.journal, 0)) == 400


def test_marks_are_kept_with_their_instant_and_named_on_the_screen(sent):
    made = record(sent)
    made.recorder.mark("gate", 30.0)
    made.recorder.mark()
    rows = [json.loads(row[4]) for row in made.journal.rows if row[0] == -1]
    assert [(row["label"], row.get("distance_m")) for row in rows] == [
        ("gate", 30.0),
        ("mark 2", None),
    ]
    assert made.view.notes["mark"].startswith("2 marks")


def test_battery_signal_and_connection_are_on_the_screen(sent):
    made = record(sent)
    row = made.view.rows()[0]
    assert (row.battery_percent, row.signal_dbm, row.state) == (80, -60, "")  # stopped, not lost


def test_a_broken_connection_and_an_empty_battery_are_shown(sent):
    made = record(sent)
    made.recorder.on_event(0, {"event": "battery", "percent": 0, "host_ns": 1})
    made.recorder.on_event(0, {"event": "disconnected", "reason": "connection lost", "host_ns": 2})
    row = made.view.rows()[0]
    assert (row.battery_percent, row.state) == (0, "lost")


def test_lost_packets_are_counted_and_repeats_are_not(sent):
    packets = [list(said) for said in sent.packets]
    del packets[0][100:103]
    packets[1].insert(50, packets[1][49])
    made = record(SimpleNamespace(packets=packets))
    assert [row.n_lost for row in made.view.rows()] == [30, 0, 30]
