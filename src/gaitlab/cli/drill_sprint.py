"""``gaitlab drill sprint``: a timed sprint from its split times, or from a recording."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.cli.choice import choice_of, choice_options
from gaitlab.model.errors import AnalysisError, UsageError

if TYPE_CHECKING:
    from gaitlab.cli.fitted import Fitted
    from gaitlab.coaching.sprint.timed import Setting, Sprint
    from gaitlab.recordings.splits import SplitTimes


@click.command(
    name="sprint",
    short_help="A timed sprint: top speed and profile.",
    epilog="\b\nExamples:\n"
    "  gaitlab drill sprint --split 10=1.90 --split 20=3.05 --split 30=4.09 --split 40=5.13\n"
    "  gaitlab drill sprint --file splits.csv --start block --mass-kg 72 --height-m 1.80\n"
    "  gaitlab drill sprint --file splits.csv -o sprint.html\n"
    "  gaitlab drill sprint tuesday.parquet --distance 60 -o sprint.html\n"
    "  gaitlab drill sprint tuesday.parquet --gate 30=4.32 --gate 60=7.50 --rep 2",
)
@click.argument("recording", required=False, type=click.Path(path_type=Path))
@click.option(
    "--split", "splits", multiple=True, metavar="METRES=SECONDS",
    help="A time from the start, once per distance: --split 10=1.90.",
)  # fmt: skip
@click.option(
    "--file", "table", type=click.Path(path_type=Path),
    help="A CSV table with the columns distance and time; columns rep and athlete tell sprints "
    "apart.",
)  # fmt: skip
@click.option(
    "--distance", "--course", "course_m", type=common.Number(10.0, 150.0),
    help="Length of the sprint in RECORDING, m; it ends at a mark or where the runner slows down.",
)  # fmt: skip
@click.option(
    "--gate", "gates", multiple=True, metavar="METRES=SECONDS",
    help="A time at a distance of the sprint in RECORDING: --gate 60=7.50.",
)  # fmt: skip
@click.option("--rep", "rep", type=click.IntRange(1), help="Only that sprint of RECORDING.")
@choice_options
@click.option(
    "--length-scale", type=common.Number(0.8, 1.25), default=1.0, show_default=True,
    help="Personal factor for lengths, from `gaitlab calibrate`.",
)  # fmt: skip
@common.assume_units_option
@click.option(
    "--start", type=click.Choice(["block", "three-point", "standing"]), default=None,
    help="How it was started; F0 compares only between equal starts.",
)  # fmt: skip
@click.option("--mass-kg", type=common.Number(25.0, 200.0), help="Mass with shoes, kg.")
@click.option("--height-m", type=common.Number(1.0, 2.5), help="Height, m.")
@click.option(
    "--wind", "wind_mps", type=common.Number(-15.0, 15.0), default=0.0, show_default=True,
    help="Wind along the track, m/s; from behind is positive.",
)  # fmt: skip
@click.option(
    "--temperature", "temperature_c", type=common.Number(-30.0, 50.0), default=25.0,
    show_default=True, help="Air temperature, °C.",
)  # fmt: skip
@click.option(
    "--pressure", "pressure_mmhg", type=common.Number(400.0, 820.0), default=760.0,
    show_default=True, help="Air pressure, mmHg.",
)  # fmt: skip
@click.option(
    "--free-start",
    is_flag=True,
    help="Also fit when the movement began, for a clock that started early or late.",
)
@click.option(
    "--out", "-o", "page", type=click.Path(path_type=Path),
    help="Write a page (.html) or the speed curve alone (.png, .svg).",
)  # fmt: skip
@common.json_option
def sprint(
    recording: Path | None,
    splits: tuple[str, ...],
    table: Path | None,
    course_m: float | None,
    gates: tuple[str, ...],
    rep: int | None,
    kind: str | None,
    from_s: float | None,
    to_s: float | None,
    length_scale: float,
    assume_units: str | None,
    start: str | None,
    mass_kg: float | None,
    height_m: float | None,
    wind_mps: float,
    temperature_c: float,
    pressure_mmhg: float,
    free_start: bool,
    page: Path | None,
    as_json: bool,
) -> None:
    """Top speed, time constant and force profile of a sprint from a standstill.

    From split times alone (--split, --file), counted from the first movement: four or more make
    a profile. Or from RECORDING: every step, splits each 10 m and the curve; with --distance,
    --gate or marks they are anchored, without any they are estimates with their band.
    """
    if recording is not None:
        from gaitlab.cli.drill_sprint_recording import Asked, sprints_in

        air = (wind_mps, temperature_c, pressure_mmhg)
        asked = Asked(
            recording, course_m, tuple(parse_split(text, "--gate") for text in gates), rep,
            choice_of(kind, from_s, to_s), length_scale, assume_units, start, mass_kg, height_m,
            air, page, as_json,
        )  # fmt: skip
        refuse_splits(splits, table, free_start)
        sprints_in(asked)
        return
    asked_of_one = {
        "--distance": course_m, "--gate": gates or None, "--rep": rep, "--kind": kind,
        "--from": from_s, "--to": to_s, "--assume-units": assume_units,
        "--length-scale": None if length_scale == 1.0 else length_scale,
    }  # fmt: skip
    refuse_without_recording([name for name, value in asked_of_one.items() if value is not None])
    timed = read_timed(splits, table)
    page = None if page is None else common.page_path(page, Path("sprint.html"), [table or Path()])
    setting = make_setting(
        start, mass_kg, height_m, (wind_mps, temperature_c, pressure_mmhg), free_start
    )
    tell(timed, setting, page, as_json)


def tell(
    timed: "tuple[SplitTimes, ...]", setting: "Setting", page: Path | None, as_json: bool
) -> None:
    """Fit every sprint, write the page, print what was found and what was refused."""
    sprints, refused = fit_all(timed, setting)
    if page is not None:
        from gaitlab import __version__
        from gaitlab.report.pages.sprint import write_sprints

        page = write_sprints(sprints, page, __version__)
    if as_json:
        emit(sprints, refused, page)
    else:
        show(sprints, page)
    for name, error in refused.items():
        click.echo(f"{name}: {error.what} ({error.why})", err=True)
    if refused:
        click.echo(f"{len(refused)} of {len(timed)} sprints could not be used", err=True)
        click.get_current_context().exit(next(iter(refused.values())).exit_status)


def refuse_splits(splits: tuple[str, ...], table: Path | None, free_start: bool) -> None:
    """Raise UsageError for what belongs to split times beside a recording."""
    if splits or table is not None:
        raise UsageError(
            "split times beside a recording",
            "--split and --file are for sprints without a sensor",
            "times at gates of the recorded sprint are --gate 30=4.32 --gate 60=7.50",
        )
    if free_start:
        raise UsageError(
            "--free-start beside a recording",
            "the start of a recorded sprint is found from the feet and the strides anyway",
            "leave it out; a mark called start or gun sets where the clock begins",
        )


def refuse_without_recording(options: list[str]) -> None:
    """Raise UsageError for options that only a recording can answer."""
    if options:
        raise UsageError(
            f"{' and '.join(options)} without a recording",
            "split times alone have no steps, parts or lengths to choose from",
            "name the recording, or leave it out: --split 10=1.90 is a time from the start",
        )


def read_timed(splits: tuple[str, ...], table: Path | None) -> "tuple[SplitTimes, ...]":
    """The sprints of the options or of the table; UsageError for none or both."""
    if bool(splits) == bool(table):
        raise UsageError(
            "split times are given twice" if splits else "no split times",
            "--split and --file are two ways to say the same" if splits else "nothing to fit",
            "use one of them: --split 10=1.90 --split 20=3.05, or --file splits.csv",
        )
    import numpy as np

    from gaitlab.recordings.splits import SplitTimes, read_splits

    if table is not None:
        return read_splits(table)
    distances_m, times_s = np.array([parse_split(text) for text in splits]).T
    return (SplitTimes("sprint", distances_m, times_s),)


def parse_split(text: str, option: str = "--split") -> tuple[float, float]:
    """``10=1.90`` as metres and seconds; a decimal comma will do.

    >>> parse_split("10=1.90"), parse_split("30 = 4,09")
    ((10.0, 1.9), (30.0, 4.09))
    """
    from gaitlab.recordings.splits import number

    distance, _, time = text.partition("=")
    try:
        return number(distance), number(time)
    except ValueError as error:
        raise UsageError(
            f"{option} {text} is not a split",
            "it needs metres, an equals sign and seconds from the start",
            f"write for example {option} 10=1.90",
        ) from error


def fit_all(
    timed: "tuple[SplitTimes, ...]", setting: "Setting"
) -> "tuple[list[Sprint], dict[str, AnalysisError]]":
    """The sprints, and those that were refused, by name; the error itself when none is left."""
    from gaitlab.coaching.sprint.timed import sprint_from_splits

    sprints: list[Sprint] = []
    refused: dict[str, AnalysisError] = {}
    for one in timed:
        try:
            sprints.append(sprint_from_splits(one.distance_m, one.time_s, setting, one.name))
        except AnalysisError as error:  # one bad row must not cost the rest of the group
            refused[one.name] = error
    if not sprints:
        raise next(iter(refused.values()))
    return sprints, refused


def make_setting(
    start: str | None,
    mass_kg: float | None,
    height_m: float | None,
    air: tuple[float, float, float],
    free_start: bool,
) -> "Setting":
    """The options as the setting of a sprint."""
    from gaitlab.coaching.sprint.force import TYPICAL_HEIGHT_M, TYPICAL_MASS_KG, Air, Body
    from gaitlab.coaching.sprint.timed import Setting

    return Setting(
        start=start or "not stated",  # type: ignore[arg-type]  # one of the choices
        body=Body(mass_kg or TYPICAL_MASS_KG, height_m or TYPICAL_HEIGHT_M),
        body_known=mass_kg is not None and height_m is not None,
        air=Air(*air),
        free_start=free_start,
    )


def emit(sprints: "list[Sprint]", refused: dict[str, AnalysisError], page: Path | None) -> None:
    """Print the sprints, and those that were refused, as JSON."""
    from gaitlab.coaching.sprint.exchange import sprint_dict

    head = {} if page is None else {"page": str(page)}
    failed = [
        {"name": name, "what": error.what, "why": error.why, "todo": error.todo}
        for name, error in refused.items()
    ]
    reps = [sprint_dict(one) for one in sprints]
    common.emit_json("drill.sprint", {**head, "reps": reps, "failed": failed})


def show(sprints: "list[Sprint]", page: Path | None) -> None:
    """Print the sprints for a coach."""
    from gaitlab.report.sheets.sprint_words import facts, fastest_part, number_lines, split_lines

    console = common.results()
    for one in sprints:
        console.print(f"{one.name}: {facts(one)}")
        console.print(
            table_of(("to", "time", "95 %", "from", "mean speed since", "on the curve"),
                     split_lines(one))
        )  # fmt: skip
        console.print(f"fastest: {fastest_part(one)}")
        numbers = number_lines(one)
        if numbers:
            console.print(table_of(("number", "value", "95 %", "what it says"), numbers))
        for line in one.missing:
            console.print(f"cannot tell: {line}")
        for line in one.notes:
            console.print(f"note: {line}")
    if page is not None:
        console.print(str(page))


def table_of(headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> "Fitted":
    """A plain table; the first and the last of four columns are words."""
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        words = heading in ("number", "what it says", "from")
        table.add_column(heading, justify="left" if words else "right")
    for row in rows:
        table.add_row(*row)
    return Fitted(table)
