"""What a user of ``gaitlab query`` asks, from the words that were typed."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gaitlab.cli import common
from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.units import KMH_PER_MPS

if TYPE_CHECKING:
    from gaitlab.batch.dataset import Results

SLOWEST_MPS: Final = 0.5
FASTEST_MPS: Final = 13.0
_SPEED: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m/s|mps|km/h|kmh|kph)?", re.IGNORECASE)
_SQL: Final = re.compile(r"\s|;|\(")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    question : best, squad, season or sql;  place : folder or address of library or results
    """

    question: str
    place: str
    sql: str = ""
    metric: str | None = None
    speed_mps: float | None = None
    band_mps: float = 0.25
    athlete: str | None = None
    highest: bool = False


def speed_of(text: str) -> float:
    """A speed in m/s; UsageError when it is none.

    >>> speed_of("5"), speed_of("5 m/s"), speed_of("18 km/h")
    (5.0, 5.0, 5.0)
    """
    found = _SPEED.fullmatch(text.strip())
    if not found:
        raise UsageError(
            f"{text!r} is no speed", "it is not like 5, 5 m/s or 18 km/h", "such as --at 5"
        )
    speed = float(found[1].replace(",", "."))
    if (found[2] or "").lower().startswith("k"):
        speed /= KMH_PER_MPS
    if not SLOWEST_MPS <= speed <= FASTEST_MPS:
        raise UsageError(
            f"{text} is no speed of running",
            f"that is {speed:.4g} m/s; from {SLOWEST_MPS} to {FASTEST_MPS} m/s can be asked",
            "such as --at 5",
        )
    return speed


def asked_of(
    words: tuple[str, ...], place: str | None, *, best: str | None, season: str | None,
    squad: bool, speed: float | None, band: float, athlete: str | None, highest: bool,
) -> Asked:  # fmt: skip
    """The one question that is asked; UsageError when there is none, or several.

    words : what stands beside the options: a dataset, SQL, ``at 5 m/s``, the rest of a name
    """
    before, spoken = _at(words, speed)
    places = [one for one in before if "://" in one or Path(one).is_dir()]
    rest = [one for one in before if one not in places]
    sql = [one for one in rest if _SQL.search(one)] or ([] if best or season or squad else rest)
    rest = [one for one in rest if one not in sql]
    kinds = [name for name, there in (
        ("best", best), ("season", season), ("squad", squad), ("sql", sql)) if there]  # fmt: skip
    if len(kinds) != 1 or len(sql) > 1:
        raise _not_one(kinds)
    if len(places) + (place is not None) > 1:
        raise UsageError("one dataset at a time", "several are named", "name one folder")
    metric, speed = _with_rest(best or season, rest, spoken)
    only = {"--at": speed, "--athlete": athlete, "--highest": highest or None}
    fit = {"sql": (), "squad": ("--at",), "season": ("--at", "--athlete"), "best": tuple(only)}
    for option, value in only.items():
        if value is not None and option not in fit[kinds[0]]:
            raise UsageError(
                f"{option} does not go with {'SQL' if sql else '--' + kinds[0]}",
                "it would change nothing", "leave it out, or say it in SQL",
            )  # fmt: skip
    return Asked(
        kinds[0], place or (places[0] if places else "."), sql[0] if sql else "", metric, speed,
        band, athlete, highest,
    )  # fmt: skip


def _at(words: tuple[str, ...], speed: float | None) -> tuple[tuple[str, ...], float | None]:
    """The words before ``at``, and the speed after it."""
    lower = [one.lower() for one in words]
    if "at" not in lower:
        return words, speed
    place = lower.index("at")
    after = " ".join(words[place + 1 :])
    found = _SPEED.match(after)
    behind = after[found.end() :].split() if found else []
    spoken = speed_of(found[0] if found else after)
    if speed is not None and speed != spoken:
        raise UsageError("two speeds are named", f"{spoken:g} and {speed:g} m/s", "name one")
    return (*words[:place], *behind), spoken


def _with_rest(
    metric: str | None, rest: list[str], speed: float | None
) -> tuple[str | None, float | None]:
    """The metric with the words that belong to its name; UsageError for words that do not."""
    from gaitlab.batch.questions import metric_of

    if metric is not None and " at " in metric:
        metric, _, spoken = metric.partition(" at ")
        speed = speed_of(spoken)
    if rest:
        try:
            metric = metric_of(" ".join([metric or "", *rest])).column
        except UsageError as error:
            raise UsageError(
                f"there is no folder {' '.join(rest)!r}",
                "nor is it part of a question",
                "first the dataset, then a question: gaitlab query club --best contact_time at 5",
            ) from error
    return metric, speed


def _not_one(kinds: list[str]) -> UsageError:
    named = ", ".join("SQL" if kind == "sql" else f"--{kind}" for kind in kinds)
    return UsageError(
        "one question at a time" if kinds else "no question is asked",
        f"there are several: {named}" if kinds else "the results alone say nothing",
        "give SQL, or one of --best METRIC, --squad, --season METRIC",
    )


def results_in(place: str, set_folder: str | None) -> "Results":
    """The results in a library's folder, in a folder or address of results, or one set of them."""
    from gaitlab.batch.dataset import Results
    from gaitlab.library.folder import RESULTS

    inside = Path(place) / RESULTS
    if "://" not in place and not Path(place).is_dir():
        raise InputError(
            f"there is no folder {place}", "it holds no results", "name a library, or its results"
        )
    results = Results(str(inside) if inside.is_dir() else place, set_folder)
    there = results.by_age()
    if "runs" in there and set_folder is None:  # one set itself
        folder, _, name = results.url.rstrip("/").rpartition("/")
        return Results(folder or ".", name)
    if set_folder is None and results.set not in there and there:
        results = Results(results.url, there[-1])
        common.messages().print(
            f"results of this program are not there: those of {there[-1]} are shown",
            soft_wrap=True,
        )
    return results
