"""The ready-made questions over the results of many recordings.

Every value has its spread and its number beside it, and ``flag`` says what weakens it. Values are
compared at the same speed: where a question names none, rows are kept apart by speed or a change
is left empty. An empty answer says what there is instead.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gaitlab.batch.query import Answer, ask
from gaitlab.metrics.catalog import CATALOG, Metric
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FEWEST_CONTACTS: Final = 20
FEW_CONTACTS: Final = 50
SAME_SPEED_MPS: Final = 0.25
IQR_TO_SD: Final = 0.7413  # of a normal distribution
MOST_NAMED: Final = 12
SQUAD: Final = ("speed_mps", "cadence_spm", "contact_time_s", "flight_time_s", "step_length_m")
RUNNING: Final = "valid AND activity = 'run' AND isfinite(speed_mps)"
BY_NAME: Final = {item.column: item for item in CATALOG}


@dataclass(frozen=True, slots=True)
class Near:
    """A band of speed, m/s: ``speed_mps`` plus and minus ``band_mps``; None for every speed."""

    speed_mps: float | None = None
    band_mps: float = SAME_SPEED_MPS

    def __str__(self) -> str:
        if self.speed_mps is None:
            return "at any speed"
        low, high = self.speed_mps - self.band_mps, self.speed_mps + self.band_mps
        return f"at {low:.2f} to {high:.2f} m/s"


ANY_SPEED: Final = Near()


def metric_of(text: str) -> Metric:
    """The metric of a name, its unit and its spelling left open; UsageError with near ones.

    >>> metric_of("contact time").column, metric_of("strike_angle").column
    ('contact_time_s', 'strike_angle_deg')
    """
    import difflib

    names = {_plain(name): item for item in CATALOG
             for name in (item.label, item.name, item.column, item.column.rpartition("_")[0])
             if name}  # fmt: skip
    asked = _plain(text)
    if asked in names:
        return names[asked]
    near = difflib.get_close_matches(asked, names, n=6, cutoff=0.4)
    close = list(dict.fromkeys(names[one].column for one in near))[:3]
    raise UsageError(
        f"there is no metric {text!r}",
        "near to it: " + ", ".join(close or list(SQUAD)),
        "names are those of the contacts table, with or without the unit (docs/analyze.md)",
    )


def _plain(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def best(
    db: "duckdb.DuckDBPyConnection", metric: Metric, near: Near, *,
    athlete: str | None = None, highest: bool = False,
) -> Answer:  # fmt: skip
    """Every athlete's median of a metric at one speed, the lowest first.

    Over valid running contacts; with robust spread, n and recordings. Athletes with fewer than
    20 contacts in the band are not listed. Without a speed: at every speed, in bands that lie
    side by side. Whether low is wanted is the reader's affair.
    """
    if metric.column == "speed_mps":
        raise UsageError(
            "speed cannot be asked at a speed", "it is what the others are compared at",
            "ask for another metric; how fast everybody runs: --squad",
        )  # fmt: skip
    name, ways = metric.column, "DESC" if highest else "ASC"
    width = 2 * near.band_mps
    at = f"round(speed_mps / {width!r}) * {width!r}" if near.speed_mps is None else "0"
    where, values = _where(near, athlete)
    sql = f"""SELECT at_mps, athlete, q[2] AS {name}, {_spread("q")} AS spread, n, recordings,
            speed_mps
        FROM (SELECT {at} AS at_mps, athlete, {_quartiles(name)} AS q, count(*) AS n,
                count(DISTINCT key) AS recordings, median(speed_mps) AS speed_mps
            FROM contacts WHERE {where} AND isfinite({name})
            GROUP BY at_mps, athlete HAVING n >= {FEWEST_CONTACTS})
        ORDER BY at_mps, {name} {ways}, athlete"""  # names from the catalogue
    answer = ask(db, sql, values)
    frame = answer.frame if near.speed_mps is None else answer.frame.drop(columns="at_mps")
    if frame.empty:
        return Answer(frame, notes=_nothing(db, metric, near, athlete))
    where_at = f"in bands of {width:g} m/s" if near.speed_mps is None else str(near)
    notes = (
        f"{metric.label}, running contacts {where_at}, {'highest' if highest else 'lowest'} first: "
        "which one is wanted is yours to say",
        f"spread and n: of contacts; with fewer than {FEWEST_CONTACTS} there is no row",
    )
    return _flagged(db, frame, frame["n"], answer.cut, *notes)


def squad(db: "duckdb.DuckDBPyConnection", near: Near = ANY_SPEED) -> Answer:
    """One row per athlete: recordings, contacts, last day, and the main metrics.

    NAME, NAME_spread and NAME_n. Of whole recordings: median of their medians, spread between
    them, their number. At a speed: median, robust spread and number of the contacts.
    """
    if near.speed_mps is not None:
        return _squad_at(db, near)
    parts = ", ".join(
        f"median({name}) FILTER (isfinite({name})) AS {name}, "
        f"stddev_samp({name}) FILTER (isfinite({name})) AS {name}_spread, "
        f"count(*) FILTER (isfinite({name})) AS {name}_n"
        for name in SQUAD
    )
    sql = f"""SELECT athlete, count(*) AS recordings, sum(valid_contacts)::BIGINT AS contacts,
        max(date) FILTER (date <> 'unknown') AS last_day, {parts}
        FROM runs GROUP BY athlete ORDER BY athlete"""  # names from the list above
    answer = ask(db, sql)
    if answer.frame.empty:
        return Answer(answer.frame, notes=there_is(db))
    notes = (
        "medians of each athlete's recordings, at the speeds they ran: --at SPEED compares at one",
        "spread and n: of recordings, no spread of a single one",
    )
    return _flagged(db, answer.frame, answer.frame["contacts"], answer.cut, *notes)


def _squad_at(db: "duckdb.DuckDBPyConnection", near: Near) -> Answer:
    found = ", ".join(
        f"{_quartiles(name)} FILTER (isfinite({name})) AS q_{name}, "
        f"count(*) FILTER (isfinite({name})) AS {name}_n"
        for name in SQUAD
    )
    shown = ", ".join(
        f"q_{name}[2] AS {name}, {_spread(f'q_{name}')} AS {name}_spread, {name}_n"
        for name in SQUAD
    )
    where, values = _where(near, None)
    sql = f"""SELECT athlete, recordings, contacts, last_day, {shown}
        FROM (SELECT athlete, count(DISTINCT key) AS recordings, count(*) AS contacts,
                max(date) FILTER (date <> 'unknown') AS last_day, {found}
            FROM contacts WHERE {where} GROUP BY athlete HAVING contacts >= {FEWEST_CONTACTS})
        ORDER BY athlete"""  # names from the list above
    answer = ask(db, sql, values)
    if answer.frame.empty:
        return Answer(answer.frame, notes=_nothing(db, None, near, None))
    notes = (f"medians of running contacts {near}; spread and n: of contacts",)
    return _flagged(db, answer.frame, answer.frame["contacts"], answer.cut, *notes)


def season(
    db: "duckdb.DuckDBPyConnection", metric: Metric, athlete: str | None = None,
    near: Near = ANY_SPEED,
) -> Answer:  # fmt: skip
    """A metric by month, and its change from the athlete's first month.

    Of whole recordings: median of their medians, spread between them, and within one. At a
    speed: median and robust spread of the contacts. The change is empty where the middle speed
    of the two months differs by more than 0.25 m/s, because it would be one of speed.
    """
    name = metric.column
    if near.speed_mps is None:
        middle = f"""median({name}) AS {name}, stddev_samp({name}) AS spread,
            median({name}_sd) AS spread_within, sum({name}_n)::BIGINT AS contacts"""
        table, where, values = "runs", "true", list[object]()
        if athlete is not None:
            where, values = "lower(athlete) = lower(?)", [athlete]
    else:
        middle = f"""{_quartiles(name)}[2] AS {name}, {_spread(_quartiles(name))} AS spread,
            count(*) AS contacts"""
        table, (where, values) = "contacts", _where(near, athlete)
    speed = "" if name == "speed_mps" else ", median(speed_mps) AS speed_mps"
    sql = f"""SELECT athlete, date[:7] AS month, {middle}, count(DISTINCT date) AS sessions,
            count(DISTINCT key) AS recordings{speed}
        FROM {table} WHERE {where} AND isfinite({name}) AND date <> 'unknown'
        GROUP BY athlete, month HAVING contacts >= {FEWEST_CONTACTS}
        ORDER BY athlete, month"""  # names from the catalogue
    answer = ask(db, sql, values)
    if answer.frame.empty:
        return Answer(answer.frame, notes=_nothing(db, metric, near, athlete, dated=True))
    frame = _with_change(answer.frame, name)
    return _flagged(db, frame, frame["contacts"], answer.cut, *_about_season(frame, metric, near))


def _about_season(frame: "pd.DataFrame", metric: Metric, near: Near) -> tuple[str, ...]:
    """What the columns are, and how to get the changes that were left empty."""
    whole = near.speed_mps is None
    notes = [
        f"{metric.label} of running {near}; spread of "
        + ("recordings, spread within: of contacts in a recording" if whole else "contacts"),
        "change is from the athlete's first month; where the speeds differ a part of it is theirs",
    ]
    later = frame["athlete"].duplicated()
    if frame.loc[later, "change"].isna().any():
        way = "--at SPEED compares at one speed" if whole else "a smaller --band brings them closer"
        notes.append(f"no change beyond {SAME_SPEED_MPS} m/s of another speed: {way}")
    return tuple(notes)


def _with_change(frame: "pd.DataFrame", name: str) -> "pd.DataFrame":
    first = frame.groupby("athlete")[list({name, "speed_mps"})].transform("first")
    change = (frame[name] - first[name]).where(frame["athlete"].duplicated())
    if name != "speed_mps":
        change = change.where((frame["speed_mps"] - first["speed_mps"]).abs() <= SAME_SPEED_MPS)
    names = list(frame.columns)
    names.insert(names.index(name) + 1, "change")
    return frame.assign(change=change)[names]


# --- flags, and what there is instead --------------------------------------------------------


def _quartiles(name: str) -> str:
    """The three quartiles, at the price of one: the second is the median."""
    return f"quantile_cont({name}, [0.25, 0.5, 0.75])"


def _spread(quartiles: str) -> str:
    """A robust spread: of a normal distribution its standard deviation."""
    return f"{IQR_TO_SD} * ({quartiles}[3] - {quartiles}[1])"


def _where(near: Near, athlete: str | None) -> tuple[str, list[object]]:
    where, values = RUNNING, list[object]()
    if near.speed_mps is not None:
        where += " AND speed_mps BETWEEN ? AND ?"
        values += [near.speed_mps - near.band_mps, near.speed_mps + near.band_mps]
    if athlete is not None:
        where += " AND lower(athlete) = lower(?)"
        values.append(athlete)
    return where, values


def _flagged(
    db: "duckdb.DuckDBPyConnection", frame: "pd.DataFrame", contacts: "pd.Series[int]",
    cut: bool, *notes: str,
) -> Answer:  # fmt: skip
    """The table with ``flag``: what weakens a row, empty for none."""
    simulated = _simulated(db)
    flags = [
        ", ".join(word for word, there in (
            ("SIMULATED", athlete in simulated),
            ("one recording", recordings == 1),
            ("few contacts", n < FEW_CONTACTS),
        ) if there)
        for athlete, recordings, n in zip(
            frame["athlete"], frame["recordings"], contacts, strict=True)
    ]  # fmt: skip
    return Answer(frame.assign(flag=flags), cut, notes)


def _simulated(db: "duckdb.DuckDBPyConnection") -> set[str]:
    """Athletes with a simulated recording; none in results that do not say it."""
    there = [row[0] for row in db.execute("DESCRIBE runs").fetchall()]
    if "simulated" not in there:
        return set()
    found = db.execute("SELECT DISTINCT athlete FROM runs WHERE simulated").fetchall()
    return {row[0] for row in found}


def _nothing(
    db: "duckdb.DuckDBPyConnection", metric: Metric | None, near: Near, athlete: str | None, *,
    dated: bool = False,
) -> tuple[str, ...]:  # fmt: skip
    """Why a question has no answer, and what there is."""
    said = f"there are not {FEWEST_CONTACTS} valid running contacts {near}"
    said += f" of {athlete}" if athlete else ""
    said += f" with a {metric.label}" if metric else ""
    said += ", in recordings with a date" if dated else ""
    if metric is not None:
        where, _ = _where(ANY_SPEED, None)
        there = ask(db, f"SELECT count(*) AS n FROM contacts WHERE {where} AND "
                    f"isfinite({metric.column})") if _has(db, metric.column) else None  # fmt: skip
        if there is None or not there.frame["n"].iloc[0]:
            return (said, *_metrics(db))
    return (said, *there_is(db))


def _has(db: "duckdb.DuckDBPyConnection", column: str) -> bool:
    return column in {row[0] for row in db.execute("DESCRIBE contacts").fetchall()}


def _metrics(db: "duckdb.DuckDBPyConnection") -> tuple[str, ...]:
    """Metrics that have numbers in the contacts."""
    names = [item.column for item in CATALOG if _has(db, item.column)]
    if not names:
        return ("the results hold no contacts",)
    counts = ", ".join(f"count(*) FILTER (isfinite({name}))" for name in names)
    (found,) = db.execute(f"SELECT {counts} FROM contacts WHERE {RUNNING}").fetchall()
    there = [name for name, n in zip(names, found, strict=True) if n]
    return ("metrics with numbers: " + (", ".join(there) or "none"),)


def there_is(db: "duckdb.DuckDBPyConnection") -> tuple[str, ...]:
    """Which athletes there are, at which speeds they ran, and when; a line each."""
    if not _has(db, "speed_mps"):
        return ("the results hold no contacts",)
    sql = f"""SELECT athlete, list(step ORDER BY step) AS speeds, min(first) AS first,
            max(last) AS last
        FROM (SELECT athlete, round(speed_mps * 2) / 2 AS step, min(date) FILTER (date <> 'unknown')
            AS first, max(date) FILTER (date <> 'unknown') AS last
            FROM contacts WHERE {RUNNING} GROUP BY athlete, step
            HAVING count(*) >= {FEWEST_CONTACTS})
        GROUP BY athlete ORDER BY athlete"""
    rows = db.execute(sql).fetchall()
    lines = [
        f"  {athlete or '(no name)'}: running at {_ranges(speeds)} m/s, "
        + (f"{first} to {last}" if first else "without a date")
        for athlete, speeds, first, last in rows[:MOST_NAMED]
    ]
    if len(rows) > MOST_NAMED:
        lines.append(f"  and {len(rows) - MOST_NAMED} other athletes: --squad names them")
    return ("there are:" if lines else "no running contact with a speed is there", *lines)


def _ranges(speeds: list[float]) -> str:
    """Steps of half a metre a second, put together where they follow each other.

    >>> _ranges([2.5, 3.0, 3.5, 8.0])
    '2.5 to 3.5, 8.0'
    """
    text: list[str] = []
    start = last = speeds[0]
    for speed in [*speeds[1:], float("inf")]:
        if speed - last > 0.75:  # more than one step
            text.append(f"{start:.1f}" if start == last else f"{start:.1f} to {last:.1f}")
            start = speed
        last = speed
    return ", ".join(text)
