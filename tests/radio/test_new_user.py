"""What a new user meets when he records: each trouble is one clear message, and nothing is lost.

The real command, with a radio that follows a script in place of this computer's.
"""

import asyncio
import json
import os
import shutil
import signal
import struct
import sys
import time
from dataclasses import replace

import bleak
import numpy as np
import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)
from radio_stand_in import CONTROL, DATA, SERVICE
from scripted_radio import Script

from gaitlab import load
from gaitlab.cli import record, record_end
from gaitlab.pod.known import known_pods
from gaitlab.pod.pace import Pace
from gaitlab.pod.profiles import Profile
from gaitlab.pod.protocols import rsc, thingy
from gaitlab.pod.radio import PodSession
from gaitlab.recordings.journal import JournalWriter

LEFT, RIGHT, OTHER = (
    ("AA:01", "one", (SERVICE,)),
    ("AA:02", "two", (SERVICE,)),
    ("AA:09", "ear", ()),
)
FOOT_POD = ("AA:05", "footy", (rsc.SERVICE,))
SERIAL = "00002a25-0000-1000-8000-00805f9b34fb"
QUICK = Pace(find_s=0.05, connect_s=0.1, silence_s=5.0, back_off_s=(0.0, 0.001))
PER_PACKET, N_PACKETS = 10, 60
BOTH = ("--left", "one", "--right", "two")


def packets():
    """Packets of 200 Hz whose first channel counts the samples."""
    for k in range(N_PACKETS):
        counts = np.zeros((PER_PACKET, 6), "<i2")
        counts[:, 0] = 1 + k * PER_PACKET + np.arange(PER_PACKET)
        counts[:, 2] = 2048
        tick = round(k * PER_PACKET / 200 * 32768)
        yield struct.pack("<BBHI", 1, PER_PACKET, k, tick) + counts.tobytes()


class Pods(Script):
    """Pods that send what is above as soon as they are started, then what the test does."""

    def __init__(self, *, pods=(LEFT, RIGHT), has=(DATA, CONTROL, SERIAL), **options):
        super().__init__(has, pods=pods, **options)
        self.on_write = self._started
        self.after_data = lambda: None
        self.tasks, self.n_sending = [], 0

    def _started(self, client, uuid, data):
        if data == b"\1":
            self.tasks.append(asyncio.get_running_loop().create_task(self._send(client)))

    async def _send(self, client):
        for packet in packets():
            client.say(DATA, packet)
            await asyncio.sleep(0.002)
        self.n_sending += 1
        if self.n_sending == len([pod for pod in self.pods if SERVICE in pod[2]]):
            self.after_data()


def ctrl_c(*_):
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def user(gaitlab, tmp_path, monkeypatch):
    """Runs `gaitlab record` with a scripted radio, in an empty folder, without a past."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(record, "SEARCH_S", 0.05)
    monkeypatch.setitem(PodSession.__init__.__kwdefaults__, "pace", QUICK)
    monkeypatch.setattr(record_end, "_about_sides", lambda _: [])

    def records(script, *arguments, command="record"):
        backend = script.backend()
        for name, kind in (("scanner", backend.scanner), ("client", backend.client)):
            which = f"get_platform_{name}_backend_type"
            monkeypatch.setattr(bleak, which, lambda kind=kind: (kind, "scripted"))
        made = ("--out", "run") if command == "record" else ("--seconds", "0.5")
        return gaitlab(command, *made, *arguments)

    return records


def files(folder):
    return sorted(it.name for it in folder.iterdir() if it.name != "config")


def is_one_message(result, status, *words):
    """Exit status, and what, why and what to do in three lines, the last on the screen."""
    assert result.status == status, result.err
    lines = result.err.splitlines()
    first = [line.startswith("error: ") for line in lines].index(True)
    assert len(lines) - first == 3
    assert "Traceback" not in result.err
    for word in words:
        assert word in "\n".join(lines[first:]), result.err


def every_sample_is_kept(path, feet=("left", "right"), n=N_PACKETS * PER_PACKET):
    made = load(path)
    assert [foot.foot for foot in made.feet] == list(feet)
    for foot in made.feet:
        count = np.rint(foot.acc_mps2[:, 0] / 9.80665 * 2048)
        assert list(count) == list(range(1, n + 1))


# --- the computer's Bluetooth --------------------------------------------------------------------

Reason = BleakBluetoothNotAvailableReason


@pytest.mark.parametrize("command", ["record", "pods"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BleakBluetoothNotAvailableError("none", Reason.NO_BLUETOOTH), ("no Bluetooth adapter",)),
        (BleakBluetoothNotAvailableError("off", Reason.POWERED_OFF), ("switched off", "switch B")),
        (BleakBluetoothNotAvailableError("no", Reason.DENIED_BY_USER), ("no permission", "allow")),
        (BleakDBusError("org.bluez.Error.NotReady", [""]), ("switched off",)),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", [""]), ("no permission",)),
        (PermissionError(13, "Permission denied"), ("no permission",)),
    ],
)
def test_bluetooth_that_is_missing_off_or_forbidden_is_named(user, tmp_path, command, error, words):
    result = user(Pods(scans=[error]), command=command)
    is_one_message(result, 4, *words)
    assert files(tmp_path) == []


# --- pods ----------------------------------------------------------------------------------------


def test_no_pod_at_all(user, tmp_path):
    is_one_message(user(Pods(pods=())), 4, "no pod found", "wake the pods", "--virtual 2")
    is_one_message(user(Pods(pods=(OTHER,)), command="pods"), 4, "no pod found", "1 other devices")
    assert files(tmp_path) == []


def test_a_pod_that_is_not_there_is_named_and_the_other_one_not_started(user, tmp_path):
    script = Pods(pods=(LEFT,))
    is_one_message(user(script, *BOTH), 4, "pod two not found", "wake it up", "battery")
    assert script.clients == []
    assert files(tmp_path) == []


def test_only_a_foot_pod_is_there(user, tmp_path):
    result = user(Pods(pods=(FOOT_POD,)))
    is_one_message(result, 4, "measures running", "footy")
    assert files(tmp_path) == []


@pytest.mark.parametrize("error", ["hang", BleakError("failed"), TimeoutError()])
def test_a_pod_that_another_program_holds(user, tmp_path, error):
    result = user(Pods(pods=(LEFT,), connects=[error] * 3), "--left", "one")
    is_one_message(result, 4, "pod one cannot be connected", "phone app")
    assert files(tmp_path) == []


def test_a_pod_that_is_held_costs_nothing_of_what_the_other_one_sent(user, tmp_path):
    result = user(Pods(connects=[None, *["hang"] * 3]), *BOTH)
    is_one_message(result, 4, "pod two cannot be connected")
    assert "saved in run.gait.parquet" in result.out
    every_sample_is_kept(tmp_path / "run.gait.parquet", ("left",))


@pytest.mark.parametrize(
    ("pod", "words"),
    [(OTHER, ("no kind of pod", "gaitlab pods")), (FOOT_POD, ("cannot measure running",))],
)
def test_a_device_that_is_no_pod_for_a_shoe(user, tmp_path, pod, words):
    is_one_message(user(Pods(pods=(pod,)), "--left", pod[1]), 4, *words)
    assert files(tmp_path) == []


def test_a_pod_that_is_not_what_it_says(user, tmp_path):
    result = user(Pods(pods=(LEFT,), has=(CONTROL,)), "--left", "one")
    is_one_message(result, 4, "pod one is not a", "choose another pod")
    assert files(tmp_path) == []


def test_a_pod_that_refuses_its_settings(user, tmp_path):
    script = Pods(pods=(LEFT,))
    script.on_write = lambda *_: BleakGATTProtocolError(0x13)
    is_one_message(user(script, "--left", "one"), 4, "refuses its settings", "off and on")
    assert files(tmp_path) == []


def test_a_pod_of_an_unfit_kind_is_said_so_before_the_recording(user):
    result = user(Pods(pods=(("AA:04", "Thingy", (thingy.SERVICE,)),)), "--left", "Thingy")
    assert "unfit for running: its accelerometer ends at ±2 g" in result.err


def test_a_pod_that_is_set_to_a_small_range_is_said_so_at_the_end_too(user, monkeypatch):
    plain = Profile.start

    def small(profile, wanted_rate_hz=None):
        return replace((yield from plain(profile, wanted_rate_hz)), acc_range_g=8.0)

    monkeypatch.setattr(Profile, "start", small)
    script = Pods()
    script.after_data = ctrl_c
    result = user(script, *BOTH, "--json")
    summary = json.loads(result.out.splitlines()[-1])
    assert sum("ends at ±8 g" in note for note in summary["notes"]) == 2


def test_a_shoe_pod_is_no_foot_pod_too(user, tmp_path):
    is_one_message(user(Pods(), *BOTH, "--foot-pod", "one"), 4, "no foot pod")
    is_one_message(user(Pods(), *BOTH, "--foot-pod", "nobody"), 4, "nobody not found")
    assert files(tmp_path) == []


# --- left and right ------------------------------------------------------------------------------


def test_unknown_sides_in_a_script_are_refused_with_what_to_type(user, tmp_path):
    result = user(Pods())
    is_one_message(result, 2, "which foot", "--left AA:01 --right AA:02")
    assert files(tmp_path) == []


@pytest.fixture
def terminal(monkeypatch):
    """Standard input as a terminal; returns what types into it."""
    above, below = os.openpty()
    stdin = os.fdopen(below, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    yield lambda text: os.write(above, text.encode())
    os.close(above)  # ends the thread that waits for keys
    time.sleep(0.05)
    stdin.close()


def test_on_a_terminal_it_asks_once_and_remembers(user, tmp_path, terminal):
    script = Pods()
    script.after_data = ctrl_c
    terminal("two\n2\n")
    result = user(script)
    assert result.status == 130
    assert "which shoe" in result.err.lower()
    assert "'two' is none" in result.err or "two is none" in result.err
    assert "right shoe: one" in result.err
    every_sample_is_kept(tmp_path / "run.gait.parquet")
    worn = {pod.address: pod.foot for pod in known_pods().values()}
    assert worn == {"AA:02": "left", "AA:01": "right"}
    (tmp_path / "run.gait.parquet").unlink()
    again = Pods()
    again.after_data = ctrl_c
    result = user(again)
    assert result.status == 130
    assert "which shoe" not in result.err.lower()


def test_the_space_bar_sets_marks_that_were_named_beforehand(user, tmp_path, terminal):
    script = Pods()

    def at_the_gates():
        terminal(" mx ")
        asyncio.get_running_loop().call_later(0.3, ctrl_c)

    script.after_data = at_the_gates
    named = ("--mark", "gate 30", "--mark", "finish")
    assert user(script, *BOTH, *named).status == 130
    marks = load(tmp_path / "run.gait.parquet").marks
    assert [(mark.label, mark.distance_m) for mark in marks] == [
        ("gate", 30.0), ("finish", None), ("mark 3", None),
    ]  # fmt: skip


def test_no_answer_is_refused_as_in_a_script(user, tmp_path, terminal):
    terminal("\n\n")
    result = user(Pods())
    assert result.status == 2
    assert "error: it is not known which pod sits on which foot" in result.err
    assert files(tmp_path) == []


def test_one_pod_alone_may_be_the_right_one(user, tmp_path, terminal):
    script = Pods(pods=(RIGHT,))
    script.after_data = ctrl_c
    terminal("\n1\n")
    assert user(script).status == 130
    every_sample_is_kept(tmp_path / "run.gait.parquet", ("right",))


def test_pods_on_the_other_feet_are_said_at_the_end_and_nothing_is_renamed(bundled, monkeypatch):
    made = load(bundled / "distance_race_kick.gait.parquet")
    part = [replace(it, **{name: getattr(it, name)[:12000] for name in
                           ("time_s", "acc_mps2", "gyr_radps")}) for it in made.feet]  # fmt: skip
    swapped = replace(made, feet=tuple(
        replace(it, foot=foot) for it, foot in zip(part, ("right", "left"), strict=True)
    )[::-1])  # fmt: skip
    (said,) = record_end._about_sides(swapped)
    assert "other feet" in said
    assert record_end._about_sides(replace(made, feet=tuple(part))) == []


# --- Ctrl-C --------------------------------------------------------------------------------------


def test_ctrl_c_while_searching(user, tmp_path):
    script = Pods(shown=False)
    script.on_scan = ctrl_c
    result = user(script, *BOTH)
    assert result.status == 130
    assert "nothing was recorded" in result.err
    assert files(tmp_path) == []


def test_ctrl_c_while_it_asks(user, tmp_path, terminal, monkeypatch):
    from gaitlab.cli import sides

    plain = sides.line_of_terminal

    async def asked(question):
        ctrl_c()
        return await plain(question)

    monkeypatch.setattr(sides, "line_of_terminal", asked)
    result = user(Pods())
    assert result.status == 130
    assert files(tmp_path) == []


def test_ctrl_c_while_connecting(user, tmp_path):
    script = Pods(connects=["hang", "hang"])
    script.on_connect = ctrl_c
    result = user(script, *BOTH)
    assert result.status == 130
    assert "nothing was recorded" in result.err
    assert files(tmp_path) == []


def test_ctrl_c_while_a_pod_is_set_up(user, tmp_path):
    script = Pods()
    script.on_write = ctrl_c
    result = user(script, *BOTH)
    assert result.status == 130
    assert "Traceback" not in result.err
    assert not any(client.connected for client in script.clients)
    assert files(tmp_path) == []


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_while_recording_saves_every_sample(user, tmp_path, times):
    script = Pods()
    script.after_data = lambda: [ctrl_c() for _ in range(times)]
    result = user(script, *BOTH)
    assert result.status == 130
    assert "saved in run.gait.parquet" in result.out
    assert files(tmp_path) == ["run.gait.parquet"]
    every_sample_is_kept(tmp_path / "run.gait.parquet")


def test_ctrl_c_while_the_file_is_made_keeps_the_journal(user, gaitlab, tmp_path, monkeypatch):
    script = Pods()
    script.after_data = ctrl_c
    plain = record_end._verified

    def interrupted(*arguments):
        ctrl_c()
        return plain(*arguments)

    monkeypatch.setattr(record_end, "_verified", interrupted)
    result = user(script, *BOTH)
    assert result.status == 130
    assert "gaitlab recover run.gait.journal" in result.err
    assert files(tmp_path) == ["run.gait.journal"]
    assert gaitlab("recover", "run.gait.journal").status == 0
    every_sample_is_kept(tmp_path / "run.gait.parquet")


def test_ctrl_c_while_it_looks_at_the_sides_still_says_where_the_file_is(
    user, tmp_path, monkeypatch
):
    script = Pods()
    script.after_data = ctrl_c

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(record_end, "_about_sides", interrupted)
    result = user(script, *BOTH)
    assert result.status == 130
    assert "saved in run.gait.parquet" in result.out
    assert files(tmp_path) == ["run.gait.parquet"]


def test_what_a_crash_left_behind_is_said_and_the_same_name_goes_on(user, tmp_path):
    for name in ("run", "older", "done", "busy"):
        with JournalWriter(tmp_path / f"{name}.gait.journal", {"name": name}) as before:
            before.add(-1, "event", time.monotonic_ns(), "", b"{}")
    (tmp_path / "done.gait.parquet").touch()
    script = Pods()
    script.after_data = ctrl_c
    with JournalWriter(tmp_path / "busy.gait.journal", {}):
        result = user(script, *BOTH)
    assert result.status == 130
    assert "run.gait.journal is there from before" in result.err
    assert "older.gait.journal was not finished: gaitlab recover" in result.err
    assert "done" not in result.err
    assert "busy" not in result.err
    every_sample_is_kept(tmp_path / "run.gait.parquet")


# --- disk ----------------------------------------------------------------------------------------


def test_a_disk_that_is_full_at_the_end_keeps_the_journal(user, tmp_path, monkeypatch):
    from gaitlab.capture import finish
    from gaitlab.model.errors import OutputError

    script = Pods()
    script.after_data = ctrl_c

    def full(*_):
        raise OutputError("run.gait.parquet cannot be written", "disk full", "make room")

    monkeypatch.setattr(finish, "save_in_blocks", full)
    is_one_message(user(script, *BOTH), 1, "cannot be written", "make room")
    assert files(tmp_path) == ["run.gait.journal"]


def test_a_folder_that_may_not_be_written_is_said_before_any_pod_is_started(
    user, tmp_path, monkeypatch
):
    from gaitlab.recordings import journal

    def locked(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(journal, "locked", locked)
    script = Pods()
    is_one_message(user(script, *BOTH), 1, "cannot be written", "Permission denied")
    assert script.clients == []


def test_a_disk_that_stays_full_is_one_message_and_what_was_written_is_kept(
    user, tmp_path, monkeypatch
):
    from gaitlab.recordings import journal

    plain, begun = os.write, []

    def full_after_a_while(descriptor, content):
        if begun:
            raise OSError(28, "No space left on device")
        return plain(descriptor, content)

    script = Pods()
    monkeypatch.setattr(journal.os, "write", full_after_a_while)
    plain_send = script._send

    async def send(client):
        await asyncio.sleep(0.8)  # what was said at first is on the disk by now
        begun.append(True)
        await plain_send(client)

    script._send = send
    script.after_data = ctrl_c
    result = user(script, *BOTH)
    is_one_message(result, 1, "No space left", "make room")
    assert "nothing was recorded: there was no room" in result.err


def test_a_folder_that_is_deleted_while_recording_comes_back_with_every_sample(user, tmp_path):
    (tmp_path / "deep" / "stick").mkdir(parents=True)
    script = Pods()

    def deleted():
        shutil.rmtree(tmp_path / "deep")
        ctrl_c()

    script.after_data = deleted
    result = user(script, *BOTH, "--out", "deep/stick/run")
    assert result.status == 130, result.err
    every_sample_is_kept(tmp_path / "deep" / "stick" / "run.gait.parquet")


def test_a_folder_that_is_gone_for_good_is_one_message(user, tmp_path):
    (tmp_path / "stick").mkdir()
    script = Pods()

    def pulled():
        shutil.rmtree(tmp_path / "stick")
        (tmp_path / "stick").write_text("no folder any more")
        ctrl_c()

    script.after_data = pulled
    result = user(script, *BOTH, "--out", "stick/run")
    is_one_message(result, 1, "cannot be written", "bring the folder back")
    assert "is kept" not in result.err


def test_a_clock_that_is_set_back_while_recording_changes_nothing(user, tmp_path, monkeypatch):
    script = Pods()
    wall = iter(range(10**6))
    monkeypatch.setattr(time, "time_ns", lambda: 10**18 - next(wall) * 10**12)
    monkeypatch.setattr(time, "time", lambda: 1e9 - next(wall) * 1000.0)
    script.after_data = ctrl_c
    assert user(script, *BOTH).status == 130
    every_sample_is_kept(tmp_path / "run.gait.parquet")
    assert (np.diff(load(tmp_path / "run.gait.parquet").feet[0].time_s) > 0).all()
