"""``gaitlab pods``: what is near, what it is, and whether it is fit for running."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common
from gaitlab.model.errors import DeviceError

if TYPE_CHECKING:
    from gaitlab.pod.radio import Found


@click.command(name="pods", epilog="\b\nExample:\n  gaitlab pods --seconds 10")
@click.option(
    "--seconds", type=common.Number(0.5, 120.0), default=5.0, show_default=True,
    help="How long to listen.",
)  # fmt: skip
@click.option(
    "--virtual", "n_virtual", type=click.IntRange(1, 2), help="Listen to simulated pods instead."
)
@common.json_option
def command(seconds: float, n_virtual: int | None, as_json: bool) -> None:
    """List the pods that show themselves: kind, side where known, fit for running or why not."""
    rows = [_row(it) for it in asyncio.run(_scan(seconds, n_virtual))]
    pods = [row for row in rows if row["profile"]]
    if as_json:
        common.emit_json("pods", {"pods": pods, "other_devices": len(rows) - len(pods)})
    if not pods:
        raise DeviceError(
            "no pod found",
            f"within {seconds:g} s none showed itself; {len(rows)} other devices did",
            "wake the pods (move them); `gaitlab record --virtual 2` works without any",
        )
    if not as_json:
        _print(pods)


async def _scan(seconds: float, n_virtual: int | None) -> "list[Found]":
    from gaitlab.pod.radio import scan

    async with AsyncExitStack() as stack:
        if n_virtual is None:
            return await scan(seconds)
        from gaitlab.cli.virtual import source
        from gaitlab.pod.virtual import virtual_pods, virtual_radio

        radio = await stack.enter_async_context(virtual_radio(*virtual_pods(source(n_virtual))))
        return await scan(
            seconds,
            radio.backend,
            enough=lambda seen: sum(bool(it.advertisement.name) for it in seen) >= n_virtual,
        )


def _row(found: "Found") -> dict[str, Any]:
    """What is known about a device before connecting."""
    from gaitlab.pod.known import known_pods
    from gaitlab.pod.profiles import profile_for

    said = found.advertisement
    profile = profile_for(said)
    worn = {pod.address.casefold(): pod for pod in known_pods().values()}
    known = worn.get(said.address.casefold())
    unfit = profile.unfit() if profile else ()
    return {
        "name": said.name,
        "address": said.address,
        "signal_dbm": said.rssi_dbm,
        "profile": profile.name if profile else None,
        "title": profile.title if profile else None,
        "foot": known.foot if known else None,
        "serial": known.serial if known else None,
        "fit": profile is not None and not unfit,
        "unfit": list(unfit),
        "cautions": list(profile.cautions()) if profile else [],
        "remark": profile.remark if profile else "",
    }


def _print(pods: Sequence[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted

    console = common.results()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("name", "address", "signal", "worn", "fit for running?"):
        table.add_column(heading)
    for pod in pods:
        signal = "" if pod["signal_dbm"] is None else f"{pod['signal_dbm']} dBm"
        said = ["yes", *pod["cautions"]] if pod["fit"] else ["no", *pod["unfit"]]
        verdict = "; ".join([*said, *([pod["remark"]] if pod["remark"] else [])])
        words = (
            pod["name"],
            pod["address"],
            signal,
            pod["foot"] or "",
            f"{verdict} ({pod['title']})",
        )
        table.add_row(*words)
    console.print(Fitted(table))
    console.print("Record with: gaitlab record --left NAME --right NAME", soft_wrap=True)
