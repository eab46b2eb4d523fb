"""``gaitlab virtual-pod``: this computer's spare dongle plays a foot pod."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gaitlab.model.recording import FootStream
    from gaitlab.pod.virtual.pod import VirtualPod

PROTOCOL_NAMES = ("generic", "rsc", "polar", "movesense", "witmotion", "metamotion")


@click.command(
    name="virtual-pod",
    epilog="\b\nExamples:\n"
    "  gaitlab virtual-pod --transport usb:0\n"
    "  gaitlab virtual-pod --transport serial:/dev/ttyACM0 --protocol polar\n"
    "  gaitlab virtual-pod --transport usb:0 --recording monday.gait.parquet --foot right",
)
@click.option(
    "--transport",
    metavar="HCI",
    required=True,
    help="The Bluetooth controller to use: usb:0, serial:/dev/ttyACM0, tcp-client:HOST:PORT.",
)
@click.option(
    "--protocol",
    type=click.Choice(PROTOCOL_NAMES),
    default="generic",
    show_default=True,
    help="Which kind of pod to be.",
)
@click.option(
    "--recording",
    type=click.Path(path_type=Path),
    help="What the pod feels; without it a bundled run of a simulated runner.",
)
@click.option("--foot", type=click.Choice(("left", "right")), help="Which foot of the recording.")
@click.option("--serial", default="V0001", show_default=True, help="Serial number, also its name.")
def command(
    transport: str, protocol: str, recording: Path | None, foot: str | None, serial: str
) -> None:
    """Be a foot pod on a Bluetooth dongle, so that another computer or phone can record it.

    The dongle must not be in use by the system itself. The pod plays its recording again and
    again until Ctrl-C. Needs the extra: pip install "gaitlab-running[virtual]".
    """
    from gaitlab.pod.virtual import require_bumble, serve

    require_bumble()
    from gaitlab.pod.virtual.pod import VirtualPod

    stream = _stream(recording, foot)
    pod = VirtualPod(stream, protocol=protocol, serial=serial, endless=True)
    click.echo(f"starting {pod.name} on {transport} ...", err=True)
    asyncio.run(serve(pod, transport, lambda: click.echo(_words(pod))))


def _stream(recording: Path | None, foot: str | None) -> "FootStream":
    """The foot to play: the wanted one, or the first of the recording."""
    from gaitlab.cli.examples import EXAMPLES, example_path
    from gaitlab.model.errors import UsageError
    from gaitlab.recordings import load

    path = recording or example_path(EXAMPLES[0])
    made = load(path)
    feet = {stream.foot: stream for stream in made.feet}
    if foot is not None and foot not in feet:
        raise UsageError(
            f"{path.name} has no {foot} foot",
            f"it holds {', '.join(feet)}",
            "leave --foot out, or name one that is there",
        )
    return next(stream for stream in made.feet if foot in (None, stream.foot))


def _words(pod: "VirtualPod") -> str:
    return (
        f"advertising {pod.name} ({pod.protocol.name}, {pod.rate_hz:g} Hz, serial {pod.serial}, "
        f"{pod.side} foot, SIMULATED or replayed); Ctrl-C ends it"
    )
