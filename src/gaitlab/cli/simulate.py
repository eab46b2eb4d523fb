"""``gaitlab simulate``: a recording of a simulated runner, and what really happened in it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.simulate import Pod, Simulated

STRIKES = ("rearfoot", "midfoot", "forefoot")
PLACES = ("laces", "instep", "heel", "lateral")


def _show_list(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from gaitlab.simulate.presets import PRESETS

    for name, item in PRESETS.items():
        speed = f"{item.speed_mps:g} m/s" if item.speed_mps else "on the spot"
        click.echo(f"{name:20} {item.about} ({speed}, {item.rate_hz:g} Hz)")
    ctx.exit()


@click.command(
    name="simulate",
    epilog="\b\nExamples:\n"
    "  gaitlab simulate --list\n"
    "  gaitlab simulate distance-easy -o easy.gait.parquet --truth easy.truth.parquet\n"
    "  gaitlab simulate sprinter-fly -o fly.csv --plain --acc-range 16 --loss 0.02",
)
@click.argument("preset_name", metavar="PRESET")
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_list,
    help="Show the presets and leave.",
)
@click.option(
    "--out",
    "-o",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    help="The recording to write: gaitlab's own file, or the plain form with --plain.",
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    help="Also write every true contact to this file (.parquet or .csv).",
)
@click.option(
    "--plain",
    is_flag=True,
    help="Write the plain exchange form, .parquet or .csv, with facts in a .json beside it.",
)
@click.option("--speed", metavar="M/S", type=common.Number(1.0, 13.0), help="Main speed.")
@click.option(
    "--duration",
    metavar="S",
    type=common.Number(5.0, 7200.0),
    help="How long that speed is run; the rest of the preset comes on top.",
)
@click.option(
    "--grade",
    metavar="PERCENT",
    type=common.Number(-15.0, 15.0),
    default=0.0,
    help="Ground that rises (or falls, below 0) all the way.",
)
@click.option("--strike", type=click.Choice(STRIKES), help="Land like this at every speed.")
@click.option("--rate", metavar="HZ", type=common.Number(20.0, 4000.0), help="Sampling rate.")
@click.option(
    "--acc-range",
    metavar="G",
    type=common.Number(2.0, 400.0),
    help="Full scale of the accelerometer; impacts beyond it are cut.",
)
@click.option(
    "--gyr-range",
    metavar="DEG/S",
    type=common.Number(125.0, 8000.0),
    help="Full scale of the gyroscope.",
)
@click.option("--no-gyroscope", is_flag=True, help="Accelerometer only.")
@click.option("--placement", type=click.Choice(PLACES), help="Where the pods sit on the shoe.")
@click.option("--random-mounting", is_flag=True, help="Turn the pods in any direction.")
@click.option(
    "--loss", metavar="SHARE", type=common.Number(0.0, 0.9), help="Share of packets lost."
)
@click.option("--single-foot", type=click.Choice(("left", "right")), help="Wear one pod only.")
@click.option("--force", is_flag=True, help="Overwrite the files if they exist.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Another number is another run, of another runner of the same kind.",
)
@common.json_option
def command(
    preset_name: str,
    out: Path,
    truth: Path | None,
    plain: bool,
    speed: float | None,
    duration: float | None,
    grade: float,
    strike: str | None,
    rate: float | None,
    acc_range: float | None,
    gyr_range: float | None,
    no_gyroscope: bool,
    placement: str | None,
    random_mounting: bool,
    loss: float | None,
    single_foot: str | None,
    force: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Make a recording of the simulated runner PRESET, whose true contacts are known.

    The feet move by physics (rolling contact, midsole, swing), the pods add their errors.
    What comes out says SIMULATED everywhere: it tests programs and shows features, it is
    no evidence about people. Give --list instead of PRESET to see what there is.
    """
    from gaitlab.simulate import simulate, sloped, striking
    from gaitlab.simulate.presets import preset

    chosen = preset(preset_name)
    _check(out, truth, plain, force)
    runner = striking(chosen.runner, strike) if strike else chosen.runner
    changes = {
        "rate_hz": rate, "acc_range_g": acc_range, "gyr_range_dps": gyr_range,
        "placement": placement, "loss": loss,
        "gyroscope": False if no_gyroscope else None,
        "mounting": "random" if random_mounting else None,
    }  # fmt: skip
    known = {name: value for name, value in changes.items() if value is not None}
    pods: tuple[Pod, ...] = tuple(
        pod for pod in chosen.pods(**known) if single_foot in (None, pod.foot)
    )
    programme = chosen.programme(common.output_name(out), speed, duration)
    programme = sloped(programme, grade / 100.0)
    made = simulate(runner, programme, pods, seed)
    _write(made, out, truth, plain)
    facts = _facts(made, preset_name, seed, out, truth)
    if as_json:
        common.emit_json("simulate", facts)
    else:
        click.echo(_words(facts))


def _check(out: Path, truth: Path | None, plain: bool, force: bool) -> None:
    """Refuse, before anything is made, to write over a file or to write two to one place."""
    from gaitlab.model.errors import UsageError
    from gaitlab.recordings.exchange import plain_files

    files = plain_files(out) if plain else (out,)
    if truth is not None and truth.resolve() in {file.resolve() for file in files}:
        raise UsageError(
            f"recording and truth would both be {truth}",
            "--truth and --out name the same file",
            "choose another name for the truth",
        )
    common.refuse_existing((*files, truth) if truth else files, force)


def _write(made: "Simulated", out: Path, truth: Path | None, plain: bool) -> None:
    """The recording, and the truth if wanted."""
    from gaitlab.model.errors import OutputError
    from gaitlab.recordings import save, save_plain

    (save_plain if plain else save)(made.recording, out)
    if truth is None:
        return
    import pandas as pd

    table = pd.DataFrame(made.truth.columns())
    try:
        if truth.suffix.lower() == ".csv":
            table.to_csv(truth, index=False)
        else:
            table.to_parquet(truth, index=False)
    except OSError as error:
        raise OutputError(
            f"cannot write the truth to {truth}",
            str(error),
            "choose a folder that you may write to",
        ) from error


def _facts(
    made: "Simulated", preset_name: str, seed: int, out: Path, truth: Path | None
) -> dict[str, Any]:
    streams = made.recording.feet
    return {
        "preset": preset_name,
        "seed": seed,
        "simulated": True,
        "recording": str(out),
        "truth": None if truth is None else str(truth),
        "feet": [stream.foot for stream in streams],
        "rate_hz": streams[0].declared_rate_hz,
        "samples": sum(stream.n_samples for stream in streams),
        "duration_s": float(max(stream.time_s[-1] for stream in streams)),
        "contacts": len(made.truth),
        "sha256_samples": made.recording.sha256,
    }


def _words(facts: dict[str, Any]) -> str:
    lines = [
        f"wrote {facts['recording']} (SIMULATED): {' and '.join(facts['feet'])} foot, "
        f"{facts['duration_s']:.0f} s at {facts['rate_hz']:g} Hz, {facts['contacts']} contacts"
    ]
    if facts["truth"]:
        lines.append(f"wrote {facts['truth']}: what really happened, one row per contact")
    lines.append(f"next: gaitlab report {facts['recording']} -o report.html")
    return "\n".join(lines)
