"""Pods made of software, on bumble: to try, to demonstrate, to test without any hardware.

bumble comes with the extra ``gaitlab-running[virtual]``; nothing of it is imported before
it is needed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gaitlab.model.errors import DeviceError
from gaitlab.model.recording import Recording

if TYPE_CHECKING:
    from gaitlab.pod.radio import Backend
    from gaitlab.pod.virtual.pod import Faults, VirtualPod
    from gaitlab.pod.virtual.world import World


@dataclass(frozen=True, slots=True)
class VirtualRadio:
    """A computer's radio and the pods around it.

    backend : for `gaitlab.pod.radio.scan` and `PodSession`
    world : their common time; give ``world.monotonic_ns`` to sessions as their clock
    """

    backend: "Backend"
    world: "World"
    pods: tuple["VirtualPod", ...]

    @property
    def clock_ns(self) -> Callable[[], int]:
        """The monotonic clock of this world, which may run fast."""
        return self.world.monotonic_ns


@asynccontextmanager
async def virtual_radio(
    *pods: "VirtualPod", speed: float = 1.0, interval_s: float = 0.0
) -> AsyncIterator[VirtualRadio]:
    """Switch ``pods`` on around a virtual adapter, and off again at the end.

    speed : how much faster than real time the pods live, at most: all slow down when busy
    interval_s : connection interval of the air; 0 lets everything through at once
    """
    require_bumble()
    from bumble.device import Device
    from bumble.hci import Address

    from gaitlab.pod.virtual.backend import make_backend
    from gaitlab.pod.virtual.link import VirtualLink, make_controller
    from gaitlab.pod.virtual.world import World

    link, world = VirtualLink(interval_s), World(speed)
    ticking = asyncio.create_task(world.tick())
    radio = make_controller("computer", link, "C0:00:00:00:00:01")
    adapter = Device.with_hci("gaitlab", Address("F0:F1:F2:F3:F4:F5"), radio, radio)
    await adapter.power_on()
    try:
        for number, pod in enumerate(pods):
            chip = make_controller(pod.name, link, f"C0:00:00:00:01:{number:02X}")
            await pod.power_on(chip, chip, world)
        yield VirtualRadio(make_backend(adapter), world, pods)
    finally:
        for pod in pods:
            await pod.power_off()
        await adapter.power_off()
        link.close()
        ticking.cancel()


def virtual_pods(
    recording: Recording,
    *,
    protocol: str = "generic",
    faults: "tuple[Faults, ...]" = (),
    rate_hz: float | None = None,
    endless: bool = False,
) -> "tuple[VirtualPod, ...]":
    """One pod for each foot of ``recording``, on its common clock; ``faults`` one for each."""
    require_bumble()
    from gaitlab.pod.virtual.pod import Faults, VirtualPod

    origin_s = min(float(foot.time_s[0]) for foot in recording.feet)
    chosen = faults or tuple(Faults() for _ in recording.feet)
    return tuple(
        VirtualPod(
            foot,
            protocol=protocol,
            serial=f"V{number:04d}",
            rate_hz=rate_hz,
            faults=fault,
            origin_s=origin_s,
            endless=endless,
        )
        for number, (foot, fault) in enumerate(zip(recording.feet, chosen, strict=True), 1)
    )


async def serve(pod: "VirtualPod", transport: str, ready: Callable[[], Any] = lambda: None) -> None:
    """Let ``pod`` live on a real Bluetooth controller until that is unplugged.

    transport : as bumble names it: usb:0, serial:/dev/ttyACM0, tcp-client:127.0.0.1:6402
    Raises DeviceError when the controller cannot be used.
    """
    require_bumble()
    from bumble.core import BaseBumbleError
    from bumble.transport import open_transport

    from gaitlab.pod.virtual.world import World

    failures: tuple[type[Exception], ...] = (BaseBumbleError, OSError, ValueError)
    failures += _usb_failures()
    try:
        async with await open_transport(transport) as hci:
            await pod.power_on(hci.source, hci.sink, World())
            try:
                ready()
                await hci.source.wait_for_termination()
            finally:
                await pod.power_off()
    except failures as error:
        raise DeviceError(
            f"the Bluetooth controller {transport} cannot be used",
            str(error) or type(error).__name__,
            "name a dongle that the system does not use itself, for example --transport usb:0",
        ) from error


def _usb_failures() -> tuple[type[Exception], ...]:
    """What a dongle that is missing, in use or forbidden raises; nothing without its package."""
    try:
        from usb1 import USBError
    except (ImportError, OSError):  # no libusb
        return ()
    failures: tuple[type[Exception], ...] = (USBError,)
    return failures


def require_bumble() -> None:
    """Raise DeviceError when the package that makes virtual pods is missing."""
    try:
        import bumble  # noqa: F401
    except ImportError as error:
        raise DeviceError(
            "virtual pods need the package bumble",
            str(error),
            'install it with: pip install "gaitlab-running[virtual]"',
        ) from error
