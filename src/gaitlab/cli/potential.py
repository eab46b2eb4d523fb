"""``gaitlab potential``: the chance at a distance event from a few best times."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.potential.answer import Forecast, Question
    from gaitlab.coaching.potential.gain import Gain
    from gaitlab.coaching.potential.local import LocalAthlete
    from gaitlab.coaching.potential.race_events import RaceTime, Sex

GROUPS = ("uk_club", "us_college", "us_highschool", "us_hs_boys", "recreational", "elite")


@click.command(
    name="potential",
    short_help="The chance at a distance event from best times.",
    epilog="\b\nExamples:\n"
    "  gaitlab potential --sex m --time 400=50.0 --time 5000=15:30 --goal 1500=4:00\n"
    "  gaitlab potential --sex f --time 400=60.0 --time 1500=4:45 --goal 800=2:15\n"
    "  gaitlab potential --sex m --time 5000=15:30 --goal half=1h10:00 --group uk_club",
)
@click.option(
    "--sex", "sexes", multiple=True, metavar="m|f", help="Men and women have tables of their own."
)
@click.option(
    "--time", "times", multiple=True, metavar="EVENT=TIME",
    help="A best time, once per event: 400=50.0, 5000=15:30, half=1h10:20; 400=50.0h by hand.",
)  # fmt: skip
@click.option(
    "--goal", metavar="EVENT=TIME",
    help="The goal: 1500=4:00; or the event alone (1500) for the median and the interval. Without "
    "a goal: every event.",
)  # fmt: skip
@click.option(
    "--group", type=click.Choice(GROUPS),
    help="The reference group; without it a mixture of the groups that look alike.",
)  # fmt: skip
@click.option(
    "--results", "table", metavar="FILE", type=click.Path(path_type=Path),
    help="Your club's own results, a CSV table with the columns athlete, sex, event, time: they "
    "shift the forecast and set its spread. Nothing leaves this computer.",
)  # fmt: skip
@common.drill_out_option
@common.json_option
def command(
    sexes: tuple[str, ...],
    times: tuple[str, ...],
    goal: str | None,
    group: str | None,
    table: Path | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """The chance of a goal at 800 m to the marathon, from one to three best times.

    Median, 50 and 80 % interval, and the probability of the goal beside the base rate of the
    reference group. A 200 or 400 alone says nothing about 1500 m and longer: give one distance
    race with it. Events: 200, 400, 800, 1500, mile, 3000, 5000, 10000, half, marathon.
    """
    from gaitlab.coaching.potential.chance import forecast
    from gaitlab.coaching.potential.gain import gains_of

    target = common.wanted_page(page, *([table] if table else []))
    if goal is None:
        every_event(read_question(sexes, times, "800", group), table, target, as_json)
        return
    question = read_question(sexes, times, goal, group)
    athletes, remarks = read_club(table)
    question = replace(question, local=athletes)
    one, faster = forecast(question), gains_of(question)
    if target is not None:
        from gaitlab import __version__
        from gaitlab.report.pages.potential import write_forecast

        write_forecast(one, faster, target, __version__)
    if as_json:
        from gaitlab.coaching.potential.exchange import forecast_dict, gain_dict

        rows = {"faster_400": [gain_dict(gain) for gain in faster]}
        common.emit_json("potential", {**common.page_key(target), **forecast_dict(one), **rows})
        return
    show(one, faster, remarks)
    if target is not None:
        common.results().print(str(target))


def every_event(
    question: "Question", table: Path | None, target: Path | None, as_json: bool
) -> None:
    """Without a goal: what the times say about every event."""
    from gaitlab.coaching.potential.ladder import every_event as ladder
    from gaitlab.report.sheets.potential import ladder_grid

    if target is not None:
        raise UsageError(
            "a page needs a goal",
            "its first picture is the chance over goal times of one event",
            "for example --goal 1500=4:00, or --goal 1500",
        )
    athletes, remarks = read_club(table)
    answers = ladder(replace(question, local=athletes))
    if as_json:
        from gaitlab.coaching.potential.exchange import forecast_dict

        common.emit_json("potential", {"events": [forecast_dict(one) for one in answers]})
        return
    console = common.results()
    console.print(common.table_of(ladder_grid(answers)))
    for remark in remarks:
        console.print(f"note: {remark}")
    console.print("--goal EVENT=TIME adds the chance of a goal beside its base rate.")


def read_question(
    sexes: tuple[str, ...], times: tuple[str, ...], goal: str, group: str | None
) -> "Question":
    """The options as a question, checked."""
    from gaitlab.coaching.potential.answer import Question
    from gaitlab.coaching.potential.race_events import refuse_contradictions, sex_of

    sex = sex_of(sexes)
    known = tuple(read_time(text, sex) for text in times)
    if not known:
        raise UsageError(
            "no best time was given",
            "a forecast needs one to three of them, one from a distance race",
            "for example --time 400=50.0 --time 5000=15:30",
        )
    refuse_contradictions(known)
    if "=" not in goal:
        from gaitlab.coaching.potential.race_events import event_of

        return Question(sex, known, event_of(goal), None, group)
    wanted = read_time(goal, sex, "--goal")
    return Question(sex, known, wanted.event, wanted.time_s, group)


def read_time(text: str, sex: "Sex", option: str = "--time") -> "RaceTime":
    """``5000=15:30`` as a checked time."""
    from gaitlab.coaching.potential.race_events import race_time

    event, sign, time = text.partition("=")
    if not sign or not time.strip():
        raise UsageError(
            f"{option} {text} has no time",
            "it needs an event, an equals sign and a time",
            f"for example {option} 5000=15:30",
        )
    return race_time(event, time, sex)


def read_club(path: Path | None) -> "tuple[tuple[LocalAthlete, ...], tuple[str, ...]]":
    """The club's athletes of a results table, and remarks about it."""
    if path is None:
        return (), ()
    from gaitlab.coaching.potential.local import athletes_of
    from gaitlab.recordings.results import read_results

    lines = read_results(path)
    return athletes_of((one.line, one.athlete, one.sex, one.event, one.time) for one in lines)


def show(one: "Forecast", faster: "tuple[Gain, ...]", remarks: tuple[str, ...]) -> None:
    """Print a forecast for a coach."""
    from gaitlab.report.sheets import potential as sheet

    console = common.results()
    for line in sheet.forecast_lines(one):
        console.print(line)
    console.print(common.table_of(sheet.input_grid(one)))
    for line in (*(f"note: {remark}" for remark in remarks), *sheet.forecast_notes(one)):
        console.print(line)
    if faster:
        console.print(common.table_of(sheet.gain_grid(faster)))
        for line in sheet.gain_notes(faster):
            console.print(line)
