"""The tables of docs/accuracy.md, as Markdown."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from certainty import contact_coverage, coverage, reliability
from measures import BANDS, OTHER_ACTIVITIES, RUNNING, Results, clipped, describe, worst_foot
from targets import QUANTITIES, TITLES, Quantity, against_targets, in_family

GOOD_RATE_HZ = 200.0
COLUMNS = (
    "n", "F1", "initial contact, ms", "terminal contact, ms", "contact time, ms",
    "class right, %", "unknown, %", "angle, deg", "length, %", "speed, %", "cadence, /min",
)  # fmt: skip
METRIC_WORDS = {
    "contact_time_s": "contact time", "flight_time_s": "flight time", "step_time_s": "step time",
    "stride_time_s": "stride time", "swing_time_s": "swing time", "cadence_spm": "cadence",
    "duty_factor": "duty factor", "strike_angle_rad": "strike angle",
    "stride_length_m": "stride length", "speed_mps": "speed",
}  # fmt: skip
COVERED = (85.0, 95.0)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; the first column is text, the others numbers."""
    head = list(head)
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float, digits: int = 1, *, sign: bool = False) -> str:
    """A number or an en dash; never minus zero."""
    if not np.isfinite(value):
        return "–"
    text = f"{value:{'+' if sign else ''}.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0.0:.{digits}f}"


def cells(row: dict[str, float]) -> list[str]:
    """The numbers of one row: bias ± SD where there are both."""

    def both(name: str) -> str:
        bias, sd = row[f"{name}:bias"], row[f"{name}:sd"]
        return f"{number(bias, sign=True)} ± {number(sd)}" if np.isfinite(bias) else "–"

    return [
        f"{row['n']:.0f}", number(row["f1"], 3), both("ic_error_ms"), both("tc_error_ms"),
        number(row["contact_mae_ms"]), number(row["strike_right_pct"]),
        number(row["strike_unknown_pct"]), both("angle_error_deg"), both("length_error_pct"),
        both("speed_error_pct"), number(row["cadence_median_spm"], 2, sign=True),
    ]  # fmt: skip


def good_pods(results: Results, source: str) -> Results:
    """Cases of a source at 200 Hz or more with nothing wrong."""
    cases = results.cases
    good = (cases["source"] == source) & (cases["fault"] == "")
    return results.where(good & (cases["rate_hz"] >= GOOD_RATE_HZ))


def running(results: Results) -> Results:
    """Running contacts only."""
    pairs = results.pairs[results.pairs["true_activity"].isin(RUNNING)]
    missing = results.missing[results.missing["activity"].isin(RUNNING)]
    extra = results.extra[results.extra["near_activity"].isin(RUNNING)]
    return Results(pairs, missing, extra, results.intervals, results.cases)


def short_table(part: Results) -> str:
    """What a coach asks: how far off is one contact, and how far the mean of one foot."""
    rows = []
    for family, title in TITLES.items():
        mine = in_family(part, family)
        if not len(mine.pairs):
            continue
        whole = describe(mine)
        medians = _foot_medians(mine)
        rows.append(
            [
                title, number(whole["contact_mae_ms"]), number(medians["contact_error_ms"]),
                number(whole["strike_right_pct"], 0), number(medians["angle_error_deg"]),
                number(medians["length_error_pct"]), number(medians["speed_error_pct"]),
                number(medians["cadence_error_spm"], 2),
            ]
        )  # fmt: skip
    head = (
        "typical error of", "contact time of one contact, ms", "its mean over a run, ms",
        "strike class right, %", "mean strike angle, deg", "mean stride length, %",
        "mean speed, %", "cadence, /min",
    )  # fmt: skip
    return table(head, rows)


def _foot_medians(part: Results) -> dict[str, float]:
    """Per number the mean size of the error of one foot's median."""
    columns = (
        "contact_error_ms", "angle_error_deg", "length_error_pct", "speed_error_pct",
        "cadence_error_spm",
    )  # fmt: skip
    counted = part.pairs[part.pairs["found_valid"].astype(bool)]
    medians = counted.groupby(["case", "true_foot"])[list(columns)].median()
    return {name: float(medians[name].abs().mean()) for name in columns}


def target_tables(results: Results) -> str:
    """Per kind of running: promised, reached on both sources, and the worst single foot."""
    parts = []
    for family, title in TITLES.items():
        both = {
            source: against_targets(good_pods(results, source), family).set_index(
                QUANTITY_LABELS[family]
            )
            for source in ("independent", "own")
            if len(in_family(good_pods(results, source), family).pairs)
        }
        if both:
            parts.append(f"#### {title.capitalize()}\n\n{_target_table(family, both)}")
    return "\n\n".join(parts)


QUANTITY_LABELS = {
    family: pd.Index([item.label for item in QUANTITIES if family in item.limits], name="quantity")
    for family in TITLES
}


def _target_table(family: str, both: dict[str, pd.DataFrame]) -> str:
    rows = []
    for quantity in (item for item in QUANTITIES if family in item.limits):
        pooled, worst = quantity.limits[family]
        row = [quantity.label, _limit(quantity, pooled), _limit(quantity, worst)]
        for reached in both.values():
            mine = reached.loc[quantity.label]
            row += [
                _verdict(mine["pooled"], mine["met"], quantity.digits),
                _verdict(mine["worst"], mine["worst_met"], quantity.digits),
            ]
        rows.append(row)
    head = ["", "target", "worst foot"]
    for source in both:
        head += [f"{source}: reached", "worst foot"]
    return table(head, rows)


def _limit(quantity: Quantity, limit: float) -> str:
    return f"{'≥' if quantity.at_least else '≤'} {limit:g}"


def _verdict(value: float, met: bool, digits: int) -> str:
    text = number(value, digits)
    return text if met else f"**{text}**"


def band_table(part: Results) -> str:
    """Activity and speed band by band, and the worst single foot below each."""
    rows = []
    for name in [*(band[0] for band in BANDS), *OTHER_ACTIVITIES]:
        mine = part.only(name)
        if not len(mine.pairs):
            continue
        rows.append([name, *cells(describe(mine)), number(describe(mine)["clipped_pct"], 0)])
        if worst := worst_foot(mine):
            values = {key: value for key, (value, _) in worst.items()}
            empty = dict.fromkeys(describe(mine), float("nan"))
            rows.append(["*worst foot*", *cells({**empty, **values, "n": np.nan}), ""])
            rows[-1][1] = ""
    return table(["", *COLUMNS, "clipped, %"], rows)


def gait_table(results: Results) -> str:
    """Are contacts found, are any invented, and are walking and running told apart?"""
    rows = []
    for source in ("independent", "own"):
        for words, mask in (("good pods", _good(results)), ("faults", ~_good(results))):
            part = results.where(mask & (results.cases["source"] == source))
            if not len(part.pairs):
                continue
            found, true = part.pairs["found_activity"], part.pairs["true_activity"]
            ran, walked = true.isin(RUNNING), true == "walk"
            still = int((part.extra["near_activity"] == "rest").sum())
            rows.append(
                [
                    f"{source}, {words}", f"{len(part.cases)}", f"{len(part.pairs)}",
                    f"{len(part.missing)}", f"{len(part.extra)}", f"{still}",
                    number(100 * float(found[ran].isin(RUNNING).mean()), 2),
                    number(100 * float((found[walked] == "walk").mean()), 2),
                ]
            )  # fmt: skip
    head = (
        "", "recordings", "contacts found", "missed", "invented", "of these standing",
        "running called running, %", "walking called walking, %",
    )  # fmt: skip
    return table(head, rows)


def _good(results: Results) -> pd.Series:
    return (results.cases["fault"] == "") & (results.cases["rate_hz"] >= GOOD_RATE_HZ)


def varied_table(results: Results, name: str) -> str:
    """One row per value of what was varied; running contacts."""
    cases = results.cases
    rows = []
    for row in dict.fromkeys(cases.loc[cases["table"] == name, "row"]):
        mine = running(results.where((cases["table"] == name) & (cases["row"] == row)))
        shown = describe(mine)
        rows.append([row, *cells(shown), number(shown["left_out_pct"], 0)])
    return table(["", *COLUMNS, "left out, %"], rows)


def independent_faults(results: Results) -> str:
    """The recordings of the independent simulator that have a fault, one row each."""
    cases = results.cases[(results.cases["source"] == "independent")]
    slow = (cases["fault"] == "") & (cases["rate_hz"] < GOOD_RATE_HZ)
    rows = []
    for case in cases[(cases["fault"] != "") | slow].itertuples():
        shown = describe(running(results.where(results.cases["case"] == case.case)))
        label = case.fault or f"{case.rate_hz:g} Hz"
        rows.append([f"{case.case}: {label}", *cells(shown), number(shown["left_out_pct"], 0)])
    return table(["", *COLUMNS, "left out, %"], rows)


def coverage_tables(results: Results) -> str:
    """How often 90 % intervals hold the truth: medians of a foot, then single contacts."""
    groups = {
        "independent": results.where(results.cases["source"] == "independent"),
        "own, good pods": results.where(
            (results.cases["source"] == "own") & (results.cases["fault"] == "")
        ),
        "own, faults and limits": results.where(
            (results.cases["source"] == "own") & (results.cases["fault"] != "")
        ),
    }
    groups = {name: part for name, part in groups.items() if len(part.pairs)}
    shares = {name: coverage(part.intervals, "metric") for name, part in groups.items()}
    medians = [
        [words, *(_share(share, metric) for share in shares.values())]
        for metric, words in METRIC_WORDS.items()
    ]
    counted = {
        name: part.pairs[part.pairs["found_valid"].astype(bool)] for name, part in groups.items()
    }
    valid = results.pairs[results.pairs["found_valid"].astype(bool)]
    counted["clipped, all sources"] = valid[clipped(valid)]
    singles = {name: contact_coverage(part).set_index("number") for name, part in counted.items()}
    single = [
        [kind, *(_share(share, kind) for share in singles.values())]
        for kind in next(iter(singles.values())).index
    ]
    return (
        table(["median of one foot, share inside", *groups], medians)
        + "\n\n"
        + table(["one contact, share inside", *counted], single)
    )


def _share(shares: pd.DataFrame, row: str) -> str:
    if row not in shares.index:
        return "–"
    value = float(shares.loc[row, "inside_pct"])
    text = f"{number(value, 0)} % of {shares.loc[row, 'n']:.0f}"
    if "low_pct" in shares.columns:
        text += f" ({shares.loc[row, 'low_pct']:.0f} to {shares.loc[row, 'high_pct']:.0f})"
    return text if COVERED[0] <= round(value) <= COVERED[1] else f"**{text}**"


def reliability_table(results: Results) -> str:
    """Stated against real share of right classes, per source."""
    rows = []
    for source in ("independent", "own"):
        part = results.where(results.cases["source"] == source)
        if not len(part.pairs):
            continue
        bins, gap = reliability(running(part).pairs)
        rows += [
            [f"{source}, {100 * row.low:.0f} to {100 * row.low + 10:.0f} %", f"{row.n}",
             number(100 * row.stated, 0), number(100 * row.right, 0)]
            for row in bins.itertuples()
        ]  # fmt: skip
        rows.append([f"{source}, mean gap", "", "", f"{number(100 * gap)} points"])
    return table(["stated chance of the likeliest class", "n", "stated, %", "right, %"], rows)


def swapped_sentence(results: Results) -> str:
    """How often exchanged pods are noticed, and how often pods are suspected wrongly."""
    said = results.cases["warnings"].str.contains("other feet")
    swapped = results.cases["fault"] == "swapped feet"
    right = results.cases[~swapped]
    if not swapped.any():
        return ""
    return (
        f"Pods on the wrong feet were noticed in {int((said & swapped).sum())} of "
        f"{int(swapped.sum())} recordings, and suspected wrongly in "
        f"{int((said & ~swapped).sum())} of {len(right)}."
    )
