"""A recording while it is made: what a pod says is kept first, then decoded, analysed and shown.

The journal gets every notification at once. The view works on copies in a bounded queue: when it
cannot keep up, what it has not looked at is dropped and counted; the journal never loses any.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from gaitlab.capture.foot_pod import SpeedEar, SpeedNow
from gaitlab.capture.live_view import FOOT_POD, LiveView
from gaitlab.live import LiveAnalyzer, LivePod, no_contacts
from gaitlab.model.errors import DeviceError, GaitlabError, OutputError
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import Athlete, Foot
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2
from gaitlab.pod.live_assembler import LiveAssembler
from gaitlab.pod.model import Decoder, Notification, PodSettings
from gaitlab.pod.profiles import decoder_for

QUEUE_LIMIT: Final = 20_000  # notifications that wait for the view: minutes of two pods
TURN_S: Final = 0.2  # between two looks at the queue: five pictures a second
WAIT_FOR_ALL_S: Final = 5.0  # for the other pod, before the view begins with what is known
NS_PER_S: Final = 1_000_000_000
#: what a fault in an analysis raises: it must not end a recording, nor hide where its file is
FAULTS: Final = (GaitlabError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
EVERY_POD: Final = -1

Facts = dict[str, Any]


class Journal(Protocol):
    """Where everything is kept; see `gaitlab.recordings.journal.JournalWriter`."""

    trouble: OutputError | None

    def add(
        self, pod: int, kind: Any, host_ns: int, characteristic: str, payload: bytes  # noqa: ANN401
    ) -> None: ...  # fmt: skip
    def event(self, pod: int, host_ns: int, facts: Mapping[str, Any]) -> None: ...
    def tick(self) -> None: ...
    def close(self) -> None: ...


class Session(Protocol):
    """What keeps one pod streaming; see `gaitlab.pod.radio.PodSession`."""

    async def run(self, stop: asyncio.Event) -> None: ...


@dataclass(slots=True)
class _Ear:
    """How the notifications of one pod become samples; of the present connection."""

    decoder: Decoder | None = None
    assembler: LiveAssembler | None = None
    settings: PodSettings | None = None
    lost_before: int = 0
    has_clock: bool = False
    speed: SpeedEar = field(default_factory=SpeedEar)


class Recorder:
    """Keeps what pods say and shows what it means.

    feet : of the pods, in the order of their numbers; None for one that only sends its own speed
    journal : gets everything, first
    view : brought up to date as contacts become final
    clock_ns : the clock that stamps arrivals
    on_contacts, on_event, on_speed : told what is new, for lines of JSON and remembering pods
    dropped : notifications that the view, never the journal, has left out
    """

    def __init__(  # noqa: PLR0913  # whom to tell what
        self,
        feet: Sequence[Foot | None],
        journal: Journal,
        view: LiveView,
        *,
        clock_ns: Callable[[], int],
        athlete: Athlete | None = None,
        on_contacts: Callable[[Contacts], None] = lambda _: None,
        on_event: Callable[[int, Facts], None] = lambda _, __: None,
        on_speed: Callable[[int, SpeedNow], None] = lambda _, __: None,
        queue_limit: int = QUEUE_LIMIT,
    ) -> None:
        self.feet, self.journal, self.view = tuple(feet), journal, view
        self.dropped = self.n_received = self.n_marks = 0
        self.begun_ns, self._streams_from_s = clock_ns(), float("inf")
        self._clock_ns, self._athlete, self._limit = clock_ns, athlete, queue_limit
        self._on_contacts, self._on_event, self._on_speed = on_contacts, on_event, on_speed
        self._queue: deque[tuple[int, Notification | Facts]] = deque()
        self._ears = [_Ear() for _ in feet]
        self._speeds: list[tuple[int, SpeedNow]] = []
        self._live: LiveAnalyzer | None = None
        self._blind = False
        for pod, foot in enumerate(self.feet):
            view.status(foot).state = "searching"
            self._keep_event(pod, {"event": "side", "foot": foot, "host_ns": self.begun_ns})

    # --- called by sessions, on the event loop ---------------------------------------------------

    def on_data(self, pod: int, said: Notification) -> None:
        """Keep a notification, then let the view have it if it keeps up."""
        if self.feet[pod] is not None:
            self._streams_from_s = min(self._streams_from_s, self.now_s)
        self.n_received += 1
        self._guarded(
            self.journal.add, pod, "data", said.host_ns, said.characteristic, said.payload
        )
        if len(self._queue) >= self._limit:
            self.dropped += 1
            self.view.notes["dropped"] = (
                f"the view left out {self.dropped} notifications; the recording has them"
            )
            return
        self._queue.append((pod, said))

    def on_event(self, pod: int, facts: Facts) -> None:
        """Keep what happened to a pod; never dropped."""
        self._keep_event(pod, facts)
        self._queue.append((pod, facts))
        status, identity = self.view.status(self.feet[pod]), facts.get("identity") or {}
        kind = facts.get("event")
        ended = "" if facts.get("reason") == "stopped" else "lost"
        status.state = {"connected": "", "disconnected": ended, "waiting": "searching"}.get(
            str(kind), status.state
        )
        told = (facts.get("percent"), identity.get("battery_percent"), status.battery_percent)
        status.battery_percent = next((level for level in told if level is not None), None)
        status.signal_dbm = identity.get("rssi_dbm") or status.signal_dbm
        self._on_event(pod, facts)

    def mark(self, label: str = "", distance_m: float | None = None) -> None:
        """A gate, a cone, the finish: now."""
        self.n_marks += 1
        facts: Facts = {"event": "mark", "label": label or f"mark {self.n_marks}"}
        facts |= {} if distance_m is None else {"distance_m": distance_m}
        facts["host_ns"] = self._clock_ns()
        self._keep_event(EVERY_POD, facts)
        self._on_event(EVERY_POD, facts)
        at_s = (facts["host_ns"] - self.begun_ns) / NS_PER_S
        so_far = f"{self.n_marks} mark{'s' if self.n_marks > 1 else ''}"
        self.view.notes["mark"] = f"{so_far}, last: {facts['label']} at {at_s:.1f} s"

    def _keep_event(self, pod: int, facts: Facts) -> None:
        self._guarded(self.journal.event, pod, int(facts["host_ns"]), facts)

    def _guarded(self, write: Callable[..., None], *arguments: object) -> None:
        """Write; trouble with the disk is shown, and the recording goes on in memory meanwhile."""
        try:
            write(*arguments)
        except OutputError as error:
            self.view.notes["disk"] = f"{error.what}: {error.why}; {error.todo}"
        if self.journal.trouble is None:
            self.view.notes.pop("disk", None)

    # --- the recording ---------------------------------------------------------------------------

    async def run(
        self,
        sessions: Sequence[Session],
        stop: asyncio.Event,
        *,
        duration_s: float | None = None,
        refresh: Callable[[], None] = lambda: None,
        turn_s: float = TURN_S,
    ) -> None:
        """Record until ``stop`` is set or ``duration_s`` after the first sample; ends the view.

        Raises DeviceError when a pod was never reached; the others are kept and ended properly.
        """
        running = [asyncio.create_task(session.run(stop)) for session in sessions]
        try:
            while not stop.is_set() and not all(task.done() for task in running):
                await self._turn(refresh, wait_s=turn_s)
                failed = any(task.done() and task.exception() for task in running)
                if failed or self._is_over(duration_s):
                    stop.set()
        finally:
            stop.set()
            results = await asyncio.gather(*running, return_exceptions=True)
        await self._turn(refresh, wait_s=0.0, last=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    def _is_over(self, duration_s: float | None) -> bool:
        return duration_s is not None and self.now_s >= self._streams_from_s + duration_s

    @property
    def now_s(self) -> float:
        """Since the recording began."""
        return (self._clock_ns() - self.begun_ns) / NS_PER_S

    async def _turn(
        self, refresh: Callable[[], None], *, wait_s: float, last: bool = False
    ) -> None:
        """Let time pass, look at what has come, show it."""
        await asyncio.sleep(wait_s)
        self._guarded(self.journal.tick)
        self.view.now_s = self.now_s
        if last or self._may_begin():
            waiting = list(self._queue)
            self._queue.clear()
            # in a thread: arrivals are stamped on time while the analysis works
            parts = [] if self._blind else await asyncio.to_thread(self._seen, waiting, last)
            for contacts in parts:
                self.view.add(contacts)
                self._on_contacts(contacts)
        for pod, now in self._speeds:
            self.view.speeds[self.feet[pod] or FOOT_POD] = now
            self._on_speed(pod, now)
        self._speeds = []
        for foot, ear in zip(self.feet, self._ears, strict=True):
            lost = ear.assembler.lost if ear.assembler else 0
            self.view.status(foot).n_lost = ear.lost_before + lost
        refresh()

    def _may_begin(self) -> bool:
        """Whether the pods are known well enough: what the view knows beforehand stays so."""
        told = {pod for pod, said in self._queue if isinstance(said, dict) and "settings" in said}
        moving = {pod for pod, foot in enumerate(self.feet) if foot is not None}
        return self._live is not None or moving <= told or self.now_s > WAIT_FOR_ALL_S

    def _seen(
        self, waiting: Sequence[tuple[int, Notification | Facts]], last: bool
    ) -> list[Contacts]:
        """As `_analysed`; a fault in it ends the view, never the recording."""
        try:
            return self._analysed(waiting, last=last)
        except FAULTS as error:
            self._blind = True
            self.view.notes["view"] = (
                f"the live view has failed ({type(error).__name__}: {error}); the recording goes on"
            )
            return []

    def _analysed(
        self, waiting: Sequence[tuple[int, Notification | Facts]], *, last: bool
    ) -> list[Contacts]:
        """The contacts that became final with what has come."""
        found: list[Contacts] = []
        if self._live is None:
            self._live = LiveAnalyzer(self._live_pods(waiting), athlete=self._athlete)
        for pod in range(len(self.feet)):
            heard: list[Notification] = []
            for said in (said for number, said in waiting if number == pod):
                if isinstance(said, Notification):
                    heard.append(said)
                elif said.get("event") == "connected":
                    found.append(self._fed(pod, heard))
                    heard = []
                    self._connected(self._ears[pod], self.feet[pod], settings_of(said))
            found.append(self._fed(pod, heard))
        if last:
            found.append(self._live.finish())
        return [contacts for contacts in found if len(contacts)]

    def _live_pods(self, waiting: Sequence[tuple[int, Notification | Facts]]) -> list[LivePod]:
        pods = {foot: LivePod(foot) for foot in self.feet if foot is not None}
        for number, said in waiting:
            foot = self.feet[number]
            if foot and isinstance(said, dict) and said.get("event") == "connected":
                one = settings_of(said)
                acc = one.acc_range_g and one.acc_range_g * STANDARD_GRAVITY_MPS2
                gyr = one.gyr_range_dps and one.gyr_range_dps * RAD_PER_DEG
                pods[foot] = LivePod(foot, acc, gyr, one.rate_hz)
        return list(pods.values())

    def _connected(self, ear: _Ear, foot: Foot | None, settings: PodSettings) -> None:
        """A fresh decoder; the clock goes on when the pod is set up as before."""
        ear.decoder = decoder_for(settings)
        if foot is None:
            return
        if ear.assembler is None or settings != ear.settings or not ear.has_clock:
            ear.lost_before += ear.assembler.lost if ear.assembler else 0
            ear.assembler = LiveAssembler(foot, settings, origin_ns=self.begun_ns)
        ear.assembler.reconnected()  # what it measured in between was never sent: a gap, no loss
        ear.settings = settings

    def _fed(self, pod: int, heard: Sequence[Notification]) -> Contacts:
        ear = self._ears[pod]
        if not heard or ear.decoder is None or self._live is None:
            return no_contacts()
        decoded = ear.decoder.feed(heard)
        if decoded.speed is not None:
            self._speeds.append((pod, ear.speed.hear(decoded.speed)))
        if ear.assembler is None or (foot := self.feet[pod]) is None:
            return no_contacts()
        ear.has_clock |= any(packets.tick is not None for packets in decoded.packets)
        time_s, acc_mps2, gyr_radps = ear.assembler.feed(decoded.packets)
        return self._live.feed(foot, time_s, acc_mps2, gyr_radps)


def settings_of(facts: Mapping[str, Any]) -> PodSettings:
    """The settings in a ``connected`` event."""
    try:
        return PodSettings(**facts["settings"])
    except (KeyError, TypeError) as error:
        raise DeviceError(
            "a pod told no settings that can be used",
            str(error),
            "this is a fault of the program; the recording itself is kept",
        ) from error
