"""A session against a radio that follows a script: every way in which a connection can fail."""

import asyncio
import dataclasses

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from radio_stand_in import CONTROL, DATA, StandIn, Taker, until
from scripted_radio import ADDRESS, Script

from gaitlab.model.errors import DeviceError, OutputError
from gaitlab.pod.model import Expect, PodSettings, Write
from gaitlab.pod.pace import Pace
from gaitlab.pod.radio import PodSession, scan
from gaitlab.pod.troubles import (
    BluetoothError,
    PodBusyError,
    PodNotFoundError,
    WrongPodError,
)

QUICK = Pace(
    find_s=0.05, find_again_s=0.05, connect_s=0.2, silence_s=5.0, back_off_s=(0.0, 0.001, 0.002)
)
Reason = BleakBluetoothNotAvailableReason


def session(script, taker, *, profile=StandIn(), pace=QUICK, **options):  # noqa: B008
    return PodSession(
        profile,
        ADDRESS,
        on_data=taker.said.append,
        on_event=taker.events.append,
        backend=script.backend(),
        pace=pace,
        **options,
    )


def recorded(script, act, **options):
    """What a session hands on while ``act(script, taker)`` plays, then is told to stop."""

    async def main():
        taker, stop = Taker(), asyncio.Event()
        task = asyncio.create_task(session(script, taker, **options).run(stop))
        await asyncio.wait(
            {task, asyncio.create_task(act(script, taker))}, return_when="FIRST_COMPLETED"
        )
        stop.set()
        async with asyncio.timeout(5):
            await task
        return taker

    return asyncio.run(main())


def failure(script, **options):
    """The error with which a session ends that never reaches its pod."""

    async def main():
        async with asyncio.timeout(5):
            await session(script, Taker(), **options).run(asyncio.Event())

    with pytest.raises(DeviceError) as caught:
        asyncio.run(main())
    error = caught.value
    assert error.exit_status == 4
    assert error.what
    assert error.why
    assert error.todo
    return error


def working():
    return Script((DATA, CONTROL))


async def connected(taker, times=1):
    await until(lambda: len(taker.named("connected")) == times)


def test_data_comes_after_the_event_that_tells_how_to_decode_it():
    order = []
    script = working()
    script.on_write = lambda client, uuid, data: (
        client.say(DATA, b"early") if data == b"\1" else None
    )

    async def main():
        stop = asyncio.Event()
        own = PodSession(
            StandIn(), ADDRESS, on_data=lambda it: order.append(it.payload),
            on_event=lambda it: order.append(it["event"]), backend=script.backend(), pace=QUICK,
        )  # fmt: skip
        task = asyncio.create_task(own.run(stop))
        await until(lambda: b"early" in order)
        script.client.say(DATA, b"late")
        stop.set()
        await task

    asyncio.run(main())
    assert order == ["connected", b"early", b"late", "disconnected"]


def test_the_stamp_is_that_of_the_arrival_and_the_bytes_are_a_copy():
    ticks = iter(range(10**6))

    async def act(script, taker):
        await connected(taker)
        data = bytearray(b"abc")
        script.client.listeners[DATA](data)
        data[:] = b"xyz"
        await until(lambda: taker.said)

    taker = recorded(working(), act, clock_ns=lambda: next(ticks))
    (said,) = taker.said
    assert said.payload == b"abc"
    assert said.characteristic == DATA
    times = [it["host_ns"] for it in taker.events]
    assert times[0] < said.host_ns < times[1]


def test_connects_again_with_a_fresh_client_and_the_same_settings_after_every_loss():
    async def act(script, taker):
        for times in (1, 2, 3):
            await connected(taker, times)
            script.client.say(DATA, bytes([times]))
            script.client.lose()
        await connected(taker, 4)

    script = working()
    taker = recorded(script, act)
    assert len(script.clients) == 4
    assert taker.reasons() == ["connection lost"] * 3 + ["stopped"]
    assert [it.payload for it in taker.said] == [b"\1", b"\2", b"\3"]
    assert len({str(it["settings"]) for it in taker.named("connected")}) == 1


def test_a_pod_is_asked_who_it_is_only_once():
    serial = "00002a25-0000-1000-8000-00805f9b34fb"
    script = Script((DATA, CONTROL, serial))
    script.values[serial] = b"A1\0"
    reads = []

    async def act(script, taker):
        for times in (1, 2):
            await connected(taker, times)
            reads.append(script.n_reads)
            script.client.lose()

    taker = recorded(script, act)
    assert [it["identity"]["serial"] for it in taker.named("connected")][:2] == ["A1", "A1"]
    assert reads[1] - reads[0] == 1  # the conversation's own read


def test_what_came_in_a_connection_that_was_never_set_up_is_not_taken_for_the_next_ones():
    script = working()

    def on_write(client, uuid, data):
        if data == b"\1" and len(script.clients) == 1:
            client.say(DATA, b"stale")
            client.lose()
            return BleakError("Not connected")
        return None

    script.on_write = on_write

    async def act(script, taker):
        await connected(taker)
        script.client.say(DATA, b"fresh")

    taker = recorded(script, act)
    assert [it.payload for it in taker.said] == [b"fresh"]


def test_the_pod_is_told_to_stop_before_hanging_up():
    async def act(script, taker):
        await connected(taker)

    script = working()
    recorded(script, act)
    assert script.written == [(CONTROL, b"\1"), (CONTROL, b"\0")]
    assert script.disconnects == 1


def test_never_gives_up_once_the_pod_was_there():
    errors = [None, *[BleakError("no"), TimeoutError(), OSError("gone")] * 4]

    async def act(script, taker):
        await connected(taker)
        script.scans = [BleakBluetoothNotAvailableError("off", Reason.POWERED_OFF)] * 3
        script.client.lose()
        await connected(taker, 2)

    script = Script((DATA, CONTROL), connects=errors)
    taker = recorded(script, act)
    assert len(taker.named("waiting")) == 15
    assert script.n_scans > 3  # the old handle is not used for ever
    assert taker.reasons() == ["connection lost", "stopped"]


def test_a_connection_that_says_nothing_is_made_anew():
    async def act(script, taker):
        await connected(taker, 2)

    taker = recorded(working(), act, pace=dataclasses.replace(QUICK, silence_s=0.05))
    assert taker.reasons()[0] == "silent for 0.05 s"


def unavailable(reason):
    return BleakBluetoothNotAvailableError("so it is", reason)


def dbus(name):
    return BleakDBusError(name, ["so it is"])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (unavailable(Reason.NO_BLUETOOTH), "no Bluetooth adapter"),
        (unavailable(Reason.NO_BLE_CENTRAL_ROLE), "no Bluetooth adapter"),
        (unavailable(Reason.POWERED_OFF), "switched off"),
        (unavailable(Reason.DENIED_BY_USER), "no permission"),
        (unavailable(Reason.DENIED_BY_SYSTEM), "no permission"),
        (unavailable(Reason.UNKNOWN), "does not work"),
        (dbus("org.bluez.Error.NotReady"), "switched off"),
        (dbus("org.bluez.Error.InProgress"), "busy"),
        (dbus("org.freedesktop.DBus.Error.AccessDenied"), "no permission"),
        (dbus("org.freedesktop.DBus.Error.ServiceUnknown"), "no Bluetooth adapter"),
        (FileNotFoundError(2, "No such file or directory"), "no Bluetooth adapter"),
        (PermissionError(13, "Permission denied"), "no permission"),
        (BleakError("something else"), "does not work"),
    ],
)
def test_what_is_wrong_with_this_computer_is_said_at_once(error, words):
    script = Script((DATA, CONTROL), scans=[error])
    told = failure(script)
    assert isinstance(told, BluetoothError)
    assert words in told.what
    assert script.n_scans == 1
    with pytest.raises(BluetoothError):
        asyncio.run(scan(0.01, Script((), scans=[error]).backend()))


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "bleak", None)
    monkeypatch.setitem(__import__("sys").modules, "bleak.exc", None)
    with pytest.raises(BluetoothError, match="bleak"):
        asyncio.run(scan(0.01))


def test_a_pod_that_does_not_show_itself_is_not_found():
    told = failure(Script((DATA, CONTROL), shown=False))
    assert isinstance(told, PodNotFoundError)
    assert ADDRESS in told.what


@pytest.mark.parametrize(
    "error",
    ["hang", TimeoutError(), BleakError("failed"), dbus("org.bluez.Error.Failed")],
)
def test_a_pod_that_another_program_holds_is_tried_three_times(error):
    script = Script((DATA, CONTROL), connects=[error] * 9)
    told = failure(script)
    assert isinstance(told, PodBusyError)
    assert "other program" in told.todo
    assert len(script.clients) == 3


def test_a_pod_without_what_its_profile_needs_is_the_wrong_pod():
    script = Script((CONTROL,))
    told = failure(script)
    assert isinstance(told, WrongPodError)
    assert DATA in told.why
    assert script.disconnects == 1


def test_a_pod_that_refuses_its_settings_is_told_and_left():
    script = working()
    script.on_write = lambda *_: BleakGATTProtocolError(0x13)
    told = failure(script)
    assert isinstance(told, WrongPodError)
    assert "Value Not Allowed" in told.why
    assert script.disconnects == 1


def test_a_pod_that_the_system_has_forgotten_is_searched_again():
    async def act(script, taker):
        found = await scan(0.01, script.backend(), enough=len)
        script.n_scans, stop = 0, asyncio.Event()
        own = session(script, taker, found=found[0])
        task = asyncio.create_task(own.run(stop))
        await connected(taker)
        stop.set()
        await task

    script, taker = Script((DATA, CONTROL), connects=[BleakDeviceNotFoundError(ADDRESS)]), Taker()
    asyncio.run(act(script, taker))
    assert script.n_scans == 1
    assert len(taker.named("waiting")) == 1


@dataclasses.dataclass(frozen=True)
class Asking(StandIn):
    """Expects the same answer twice after one write, then one more after another."""

    def start(self, wanted_rate_hz):
        yield Write(CONTROL, b"ask")
        first = yield Expect(DATA, b"an", 1.0)
        second = yield Expect(DATA, b"an", 1.0)
        yield Write(CONTROL, b"again")
        third = yield Expect(DATA, b"an", 0.02)
        answers = {"first": first.decode(), "second": second.decode(), "third": str(third)}
        return PodSettings("generic", 200.0, details=answers)


def test_answers_count_from_the_last_write_each_once_and_may_be_missing():
    script = working()

    def on_write(client, uuid, data):
        if data == b"ask":
            for word in (b"noise", b"answer 1", b"answer 2", b"answer 3"):
                client.say(DATA, word)

    script.on_write = on_write

    async def act(script, taker):
        await connected(taker)

    taker = recorded(script, act, profile=Asking())
    (event,) = taker.named("connected")
    assert event["settings"]["details"] == {
        "first": "answer 1",
        "second": "answer 2",
        "third": "None",
    }


def test_a_loss_while_the_pod_is_set_up_ends_the_wait_at_once():
    script = working()
    script.on_write = lambda client, uuid, data: client.lose() if data == b"ask" else None
    told = failure(script, profile=Asking())
    assert isinstance(told, PodBusyError)
    assert "connection lost" in told.why


@pytest.mark.parametrize("turns", range(0, 60, 3))
def test_cancelled_at_any_moment_what_has_arrived_is_handed_on_and_the_pod_let_go(turns):
    script = working()

    def on_write(client, uuid, data):
        if data == b"\1":
            for number in range(5):
                client.say(DATA, bytes([number]))

    script.on_write = on_write

    async def main():
        taker = Taker()
        task = asyncio.create_task(session(script, taker).run(asyncio.Event()))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return taker

    taker = asyncio.run(main())
    if taker.named("connected"):
        assert [it.payload for it in taker.said] == [bytes([number]) for number in range(5)]
        assert taker.reasons() == ["interrupted"]
    assert not any(client.connected for client in script.clients)


def test_cancelled_twice_still_hands_on_everything():
    script = working()

    async def main():
        taker = Taker()
        task = asyncio.create_task(session(script, taker).run(asyncio.Event()))
        await connected(taker)
        for number in range(5):
            script.client.say(DATA, bytes([number]))
        task.cancel()
        await asyncio.sleep(0)
        script.client.say(DATA, b"5") if script.client.connected else None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return taker

    assert len(asyncio.run(main()).said) >= 5


def test_stops_at_once_while_it_still_connects():
    script = Script((DATA, CONTROL), connects=["hang"])

    async def main():
        stop = asyncio.Event()
        pace = dataclasses.replace(QUICK, connect_s=60.0)
        task = asyncio.create_task(session(script, Taker(), pace=pace).run(stop))
        await until(lambda: script.clients)
        stop.set()
        async with asyncio.timeout(1):
            await task

    asyncio.run(main())


def test_an_error_of_the_consumer_ends_the_session_and_lets_the_pod_go():
    script = working()

    async def main():
        taker = Taker()

        def full(_):
            raise OutputError("disk full")

        own = PodSession(
            StandIn(), ADDRESS, on_data=full, on_event=taker.events.append,
            backend=script.backend(), pace=QUICK,
        )  # fmt: skip
        task = asyncio.create_task(own.run(asyncio.Event()))
        await connected(taker)
        script.client.say(DATA, b"x")
        async with asyncio.timeout(1):
            await task

    with pytest.raises(OutputError, match="disk full"):
        asyncio.run(main())
    assert script.disconnects == 1


def test_sessions_that_share_a_lock_connect_one_at_a_time():
    class Counting(Script):
        now = most = 0

    script = Counting((DATA, CONTROL))
    backend = script.backend()
    plain = backend.client.connect

    async def connect(self, pair, **kwargs):
        script.now += 1
        script.most = max(script.most, script.now)
        await asyncio.sleep(0.01)
        await plain(self, pair, **kwargs)
        script.now -= 1

    backend.client.connect = connect

    async def main():
        taker, stop, lock = Taker(), asyncio.Event(), asyncio.Lock()
        tasks = [
            asyncio.create_task(
                PodSession(
                    StandIn(), ADDRESS, on_data=taker.said.append, on_event=taker.events.append,
                    backend=backend, connect_lock=lock, pace=QUICK,
                ).run(stop)
            )
            for _ in range(4)
        ]  # fmt: skip
        await connected(taker, 4)
        stop.set()
        await asyncio.gather(*tasks)

    asyncio.run(main())
    assert script.most == 1


def test_what_a_profile_only_likes_to_have_may_be_missing_or_refused():
    liked, absent = "00002a19-0000-1000-8000-00805f9b34fb", "00002a53-0000-1000-8000-00805f9b34fb"
    script = Script((DATA, CONTROL, liked))
    script.refuse_notify = {liked}

    async def act(script, taker):
        await connected(taker)
        assert set(script.client.listeners) == {DATA}

    recorded(script, act, profile=StandIn(notify_if_there=(liked, absent, DATA)))


def test_battery_is_told_now_and_then():
    battery = "00002a19-0000-1000-8000-00805f9b34fb"
    script = Script((DATA, CONTROL, battery))
    script.values[battery] = b"\x2a"

    async def act(script, taker):
        await until(lambda: taker.named("battery"))

    taker = recorded(script, act, pace=dataclasses.replace(QUICK, battery_every_s=0.01))
    assert taker.named("battery")[0]["percent"] == 42
    assert taker.named("connected")[0]["identity"]["battery_percent"] == 42
