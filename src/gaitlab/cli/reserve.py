"""``gaitlab reserve``: top speed beside aerobic speed, and what that says."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.potential.race_events import RaceTime, Sex
    from gaitlab.coaching.potential.speed_reserve import Ratio, Reserve, Speed


@click.command(
    name="reserve",
    short_help="Speed reserve: top speed beside race speed.",
    epilog="\b\nExamples:\n"
    "  gaitlab reserve --sex m --fly 30=3.20 --time 1500=4:00 --pace 4:30\n"
    "  gaitlab reserve --sex m --recording fly.gait.parquet --time 1500=3:58\n"
    "  gaitlab reserve --sex f --time 400=58.2 --time 800=2:10 --time 1500=4:30",
)
@click.option("--sex", "sexes", multiple=True, metavar="m|f", help="For bands and ratios.")
@click.option("--mss", "mss_mps", type=common.AnyNumber(), metavar="M/S", help="Top speed, m/s.")
@click.option(
    "--fly", metavar="METRES=SECONDS", help="Top speed from a flying zone by gates: 30=3.20."
)
@click.option(
    "--recording", type=click.Path(path_type=Path), metavar="FILE",
    help="Top speed from the best flying zone of a recording.",
)  # fmt: skip
@click.option(
    "--zone", "zone_m", type=common.Number(5.0, 200.0), default=30.0, show_default=True,
    help="Length of that zone, m.",
)  # fmt: skip
@click.option(
    "--time", "times", multiple=True, metavar="EVENT=TIME",
    help="Best times: one of 3 to 25 minutes gives the aerobic speed, pairs give the ratios.",
)  # fmt: skip
@click.option(
    "--mas", "mas_mps", type=common.AnyNumber(), metavar="M/S", help="Aerobic speed, if measured."
)
@click.option("--pace", metavar="MIN:S", help="The usual easy pace per kilometre: 4:30.")
@common.drill_out_option
@common.json_option
def command(
    sexes: tuple[str, ...],
    mss_mps: float | None,
    fly: str | None,
    recording: Path | None,
    zone_m: float,
    times: tuple[str, ...],
    mas_mps: float | None,
    pace: str | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """Speed reserve (ASR), speed reserve ratio (SRR), and the ratios of race averages.

    Top speed comes from a sprint test (--mss, --fly or --recording), aerobic speed from a race.
    Race averages are compared among themselves only.
    """
    from gaitlab.cli.potential import read_time
    from gaitlab.coaching.potential.race_events import refuse_contradictions, sex_of
    from gaitlab.coaching.potential.speed_reserve import ratios_of

    target = common.wanted_page(page, *([recording] if recording else []))
    sex = sex_of(sexes)
    known = tuple(read_time(text, sex) for text in times)
    refuse_contradictions(known)
    found = read_reserve(top_speed(mss_mps, fly, recording, zone_m), mas_mps, known, sex)
    ratios = ratios_of(known, sex)
    easy = None if pace is None else read_pace(pace)
    if found is None and not ratios:
        raise UsageError(
            "neither a top speed nor a pair of races",
            "the reserve needs a sprint test and a race; a ratio needs two races, such as 400, 800",
            "for example --fly 30=3.20 --time 1500=4:00",
        )
    if target is not None:
        from gaitlab import __version__
        from gaitlab.report.pages.potential import write_reserve

        write_reserve(found, ratios, easy, known, sex, target, __version__)
    if as_json:
        from gaitlab.coaching.potential.reserve_exchange import reserve_dict

        head = common.page_key(target)
        common.emit_json("reserve", {**head, **reserve_dict(found, ratios, easy)})
        return
    show(found, ratios, easy)
    if target is not None:
        common.results().print(str(target))


def top_speed(
    mss_mps: float | None, fly: str | None, recording: Path | None, zone_m: float
) -> "Speed | None":
    """The one top speed that was given; None for none, UsageError for several."""
    from gaitlab.coaching.potential.speed_reserve import fly_top_speed, typed_top_speed

    given = [value for value in (mss_mps, fly, recording) if value is not None]
    if len(given) > 1:
        raise UsageError(
            "the top speed is given twice",
            "--mss, --fly and --recording are three ways to say the same",
            "keep one of them",
        )
    if recording is not None:
        return recorded_top_speed(recording, zone_m)
    if fly is not None:
        return fly_top_speed(*parse_fly(fly))
    return None if mss_mps is None else typed_top_speed(mss_mps)


def parse_fly(text: str) -> tuple[float, float]:
    """``30=3.20`` as metres and seconds; a decimal comma will do.

    >>> parse_fly("30=3,20")
    (30.0, 3.2)
    """
    from gaitlab.recordings.splits import number

    zone, _, time = text.partition("=")
    try:
        zone_m, time_s = number(zone), number(time)
    except ValueError:
        zone_m, time_s = 0.0, 0.0
    if not (zone_m > 0.0 and time_s > 0.0):
        raise UsageError(
            f"--fly {text} is no flying zone",
            "it needs metres, an equals sign and seconds, both above zero",
            "for example --fly 30=3.20",
        )
    return zone_m, time_s


def recorded_top_speed(recording: Path, zone_m: float) -> "Speed":
    """Mean speed of the fastest flying zone of a recording."""
    from gaitlab.coaching.drills.flying import best_of, flying
    from gaitlab.coaching.potential.speed_reserve import recorded_fly

    analysis = common.analyze_file(recording)
    flies = flying(analysis, zone_m)
    name = f"{recording.name} (SIMULATED)" if analysis.recording.simulated else recording.name
    return recorded_fly(flies[best_of(flies)], zone_m, name)


def read_reserve(
    mss: "Speed | None", mas_mps: float | None, known: "tuple[RaceTime, ...]", sex: "Sex"
) -> "Reserve | None":
    """The reserve, when a top speed was given."""
    from gaitlab.coaching.potential.speed_reserve import (
        aerobic_speed,
        refuse_mixed_speeds,
        reserve_of,
        typed_aerobic_speed,
    )

    if mss is None:
        return None
    refuse_mixed_speeds(mss, known)
    mas = aerobic_speed(known, sex) if mas_mps is None else typed_aerobic_speed(mas_mps)
    return reserve_of(mss, mas, sex)


def read_pace(text: str) -> "Speed":
    """``4:30`` per kilometre as a speed."""
    from gaitlab.coaching.potential.race_events import seconds_of
    from gaitlab.coaching.potential.speed_reserve import Speed

    try:
        seconds = seconds_of(text.removesuffix("/km").strip())
    except ValueError:
        seconds = 0.0
    if not 150.0 <= seconds <= 900.0:
        raise UsageError(
            f"--pace {text} is no running pace",
            "it is minutes and seconds per kilometre, between 2:30 and 15:00",
            "for example --pace 4:30",
        )
    return Speed(1000.0 / seconds, 0.0, "typed")


def show(found: "Reserve | None", ratios: "tuple[Ratio, ...]", easy: "Speed | None") -> None:
    """Print the reserve and the ratios for a coach."""
    from gaitlab.report.sheets import reserve as sheet

    console = common.results()
    if found is not None:
        for line in (*sheet.reserve_lines(found, easy), *sheet.reserve_notes(found)):
            console.print(line)
    if ratios:
        console.print(common.table_of(sheet.ratio_grid(ratios)))
        console.print(sheet.NOT_MIXED)
