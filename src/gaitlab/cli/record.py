"""``gaitlab record``: pods on the shoes, a live table, a file that survives everything."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common
from gaitlab.cli.record_end import Outcome, left_behind, make_file
from gaitlab.model.errors import GaitlabError, UsageError
from gaitlab.model.recording import Athlete, Foot

if TYPE_CHECKING:
    from types import FrameType

    from gaitlab.capture.choice import Chosen
    from gaitlab.pod.radio import Backend

INTERRUPTED: Final = 130
SUFFIX: Final = ".gait.parquet"
SEARCH_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class Radio:
    """Where pods are looked for: this computer's adapter, or a virtual one."""

    backend: "Backend | None"
    clock_ns: Callable[[], int]
    ids: Mapping[Foot, str]
    athlete: Athlete
    foot_pod: str | None = None
    until: Callable[[asyncio.Event], Any] | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    ids: Mapping[Foot, str]
    foot_pod: str | None
    out: Path
    duration_s: float | None
    n_virtual: int | None
    speed: float
    athlete: Athlete
    as_json: bool
    keep_journal: bool
    marks: tuple[str, ...] = ()


@click.command(
    name="record",
    epilog="\b\nExamples:\n  gaitlab record --left 'gait 001' --right 'gait 002' --out monday\n"
    "  gaitlab record --virtual 2",
)
@click.option("--left", metavar="ID", help="Pod on the left shoe: address, name or serial number.")
@click.option("--right", metavar="ID", help="Pod on the right shoe.")
@click.option(
    "--foot-pod", metavar="ID",
    help="A foot pod that sends its own speed and cadence, kept beside the recording.",
)  # fmt: skip
@click.option(
    "--out", "-o", type=click.Path(path_type=Path),
    help="File to make; by default named after date and time.",
)  # fmt: skip
@click.option("--duration", type=common.Number(min=0.1), help="Stop after so many seconds.")
@click.option("--athlete", default="unnamed athlete", help="Name of the runner.")
@click.option(
    "--virtual", "n_virtual", type=click.IntRange(1, 2),
    help="Use simulated pods over a real Bluetooth host stack: see it work without any.",
)  # fmt: skip
@click.option(
    "--speed", type=common.Number(0.1, 50.0), default=1.0, show_default=True,
    help="How fast simulated pods live.",
)  # fmt: skip
@click.option(
    "--mark", "marks", metavar="NAME", multiple=True,
    help="What the first, second, ... mark is called, with its metres: --mark 'gate 30'.",
)  # fmt: skip
@click.option("--keep-journal", is_flag=True, help="Keep the raw bytes beside the file.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each contact and event.")
def command(
    left: str | None,
    right: str | None,
    foot_pod: str | None,
    out: Path | None,
    duration: float | None,
    athlete: str,
    n_virtual: int | None,
    speed: float,
    marks: tuple[str, ...],
    keep_journal: bool,
    as_json: bool,
) -> int:
    """Record pods on the shoes and show every step: cadence, contact, flight, strike, speed.

    The space bar sets a mark (gate, cone, finish); a program may send a line for each instead.
    Ctrl-C ends the recording at any moment; everything is saved.
    """
    if n_virtual and (left or right):
        raise UsageError(
            "simulated pods have their own sides", "--virtual goes without --left and --right",
            "leave one of them out",
        )  # fmt: skip
    if speed != 1.0 and not n_virtual:
        raise UsageError("real pods live in real time", "--speed needs --virtual", "leave it out")
    sides: dict[Foot, str | None] = {"left": left, "right": right}
    ids = {foot: wanted for foot, wanted in sides.items() if wanted}
    order = Order(
        ids, foot_pod, _free_file(out), duration, n_virtual, speed, Athlete(athlete), as_json,
        keep_journal, marks,
    )  # fmt: skip
    return _record(order)


def _free_file(wanted: Path | None) -> Path:
    """Where the recording goes, ``NAME.gait.parquet``; never over another one."""
    path = wanted or Path(time.strftime("run-%Y%m%d-%H%M%S") + SUFFIX)
    if not path.name.endswith(SUFFIX):
        path = path.with_name(path.name.removesuffix(".parquet") + SUFFIX)
    if path.exists():
        raise UsageError(
            f"{path} is there already", "a recording is never overwritten", "choose another --out"
        )
    if not path.parent.is_dir():
        raise UsageError(
            f"no folder {path.parent}", "--out names a file in it", "make the folder first"
        )
    return path


def _record(order: Order) -> int:
    """Record, make the file, say where it is; the exit status."""
    journal = order.out.with_name(order.out.name.removesuffix(SUFFIX) + ".gait.journal")
    outcome = Outcome()
    try:
        asyncio.run(_stream(order, journal, outcome))
    except GaitlabError as error:
        outcome.trouble = error
    except KeyboardInterrupt:
        outcome.interrupted = True
    if outcome.begun:
        try:
            make_file(order.out, journal, outcome, keep=order.keep_journal, as_json=order.as_json)
        except GaitlabError as error:
            outcome.trouble = outcome.trouble or error  # what went wrong first is what counts
    elif outcome.trouble is None:
        common.messages().print("nothing was recorded")
    if outcome.trouble is not None:
        raise outcome.trouble
    return INTERRUPTED if outcome.interrupted else 0


async def _stream(order: Order, folder: Path, outcome: Outcome) -> None:
    """Everything while the radio is on."""
    stop = asyncio.Event()
    with _interrupts(stop, outcome):
        async with _radio(order) as radio:
            say = common.messages().print
            for line in left_behind(folder):
                say(line, soft_wrap=True)
            say(f"looking for pods … {_how_to_end(order)}", soft_wrap=True)
            pods = await _search(radio, stop)
            if pods:
                await _with_pods(order, folder, outcome, radio, pods, stop)


async def _search(radio: Radio, stop: asyncio.Event) -> "tuple[Chosen, ...]":
    """The pods to record; none when it was interrupted."""
    searching = asyncio.create_task(_found(radio))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({searching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return () if stop.is_set() else searching.result()
    finally:
        searching.cancel()
        stopping.cancel()
        await asyncio.gather(searching, stopping, return_exceptions=True)


async def _found(radio: Radio) -> "tuple[Chosen, ...]":
    """Listen, and choose; where nobody knows the sides and somebody is there, ask."""
    from gaitlab.capture.choice import (
        SidesUnknownError,
        all_named,
        choose,
        with_foot_pod,
        without_a_side,
    )
    from gaitlab.cli.sides import asked_sides, line_of_terminal, somebody_is_there
    from gaitlab.pod.known import known_pods
    from gaitlab.pod.radio import scan

    known = {} if radio.simulated else known_pods()
    seen = await scan(
        SEARCH_S,
        radio.backend,
        enough=lambda seen: all_named(seen, radio.ids, known, radio.foot_pod),
    )
    try:
        pods = choose(seen, radio.ids, known, SEARCH_S)
    except SidesUnknownError as error:
        if not somebody_is_there():
            raise
        ids = await asked_sides(error.here, line_of_terminal)
        if not ids:
            raise
        pods = choose(seen, ids, known, SEARCH_S)
    if not radio.ids and (hint := without_a_side(pods, seen)):
        common.messages().print(hint, soft_wrap=True)
    return with_foot_pod(pods, seen, radio.foot_pod, SEARCH_S)


def _how_to_end(order: Order) -> str:
    return "" if order.duration_s else "Ctrl-C ends the recording and saves it"


async def _with_pods(
    order: Order,
    folder: Path,
    outcome: Outcome,
    radio: Radio,
    pods: "tuple[Chosen, ...]",
    stop: asyncio.Event,
) -> None:
    from functools import partial

    from gaitlab.capture.live_view import LiveView
    from gaitlab.capture.recorder import Recorder
    from gaitlab.cli.marks import listening, named
    from gaitlab.cli.replay import display
    from gaitlab.cli.tell import Teller, misfits
    from gaitlab.pod.radio import PodSession
    from gaitlab.recordings.journal import JournalWriter

    feet = [pod.foot for pod in pods]
    view = LiveView(
        [foot for foot in feet if foot], radio.athlete.name, simulated=radio.simulated
    )  # fmt: skip
    outcome.view = view
    about = {
        "name": order.out.name.removesuffix(SUFFIX),
        "athlete": asdict(radio.athlete),
        "pods": [{"foot": pod.foot, "profile": pod.profile.name} for pod in pods],
        "simulated": radio.simulated,
    }
    teller = Teller(pods, outcome, as_json=order.as_json, remembers=not radio.simulated)
    for line in misfits(pods):
        common.messages().print(line, soft_wrap=True)
    with JournalWriter(folder, about, background=True) as journal:
        outcome.begun = True
        recorder = Recorder(
            feet, journal, view, clock_ns=radio.clock_ns, athlete=radio.athlete,
            on_contacts=teller.contacts, on_event=teller.event, on_speed=teller.speed,
        )  # fmt: skip
        lock = asyncio.Lock()
        sessions = [
            PodSession(
                pod.profile, pod.found.advertisement.address, found=pod.found,
                on_data=partial(recorder.on_data, number),
                on_event=partial(recorder.on_event, number),
                backend=radio.backend, connect_lock=lock, clock_ns=radio.clock_ns,
            )
            for number, pod in enumerate(pods)
        ]  # fmt: skip
        ending = asyncio.create_task(radio.until(stop)) if radio.until else None
        loop, mark = asyncio.get_running_loop(), named(recorder.mark, order.marks)
        try:
            with listening(mark, loop), display(view, quiet=order.as_json) as refresh:
                await recorder.run(sessions, stop, duration_s=order.duration_s, refresh=refresh)
        finally:
            if ending:
                ending.cancel()


@asynccontextmanager
async def _radio(order: Order) -> AsyncIterator[Radio]:
    """This computer's radio, or one with simulated pods around it."""
    if order.n_virtual is None:
        yield Radio(None, time.monotonic_ns, order.ids, order.athlete, order.foot_pod)
        return
    from gaitlab.cli.virtual import foot_pod, source
    from gaitlab.pod.virtual import virtual_pods, virtual_radio

    run = source(order.n_virtual)
    pods = virtual_pods(run)
    ids = {pod.side: pod.address for pod in pods}
    also = foot_pod(run) if order.foot_pod else None

    async def until(stop: asyncio.Event) -> None:
        await asyncio.gather(*(pod.finished.wait() for pod in pods))
        stop.set()

    async with AsyncExitStack() as stack:
        around = (*pods, also) if also else pods
        radio = await stack.enter_async_context(virtual_radio(*around, speed=order.speed))
        yield Radio(
            radio.backend, radio.clock_ns, ids, run.athlete, also.address if also else None,
            until, simulated=True,
        )  # fmt: skip


@contextmanager
def _interrupts(stop: asyncio.Event, outcome: Outcome) -> Iterator[None]:
    """Ctrl-C and SIGTERM set ``stop``."""
    loop = asyncio.get_running_loop()

    def on_signal(_: int, __: "FrameType | None") -> None:
        outcome.interrupted = True
        loop.call_soon_threadsafe(stop.set)

    before = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError):  # not the main thread
            before[number] = signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
