"""Plain sentences about a comparison: what differs, what does not, how sure; nothing is judged."""

from collections.abc import Sequence
from math import isfinite
from typing import Final

from gaitlab.coaching.comparison.apart import GAP_TOLD_MPS, Apart, apart
from gaitlab.coaching.comparison.between import Placed
from gaitlab.coaching.comparison.compare import Comparison, Row, own_value
from gaitlab.coaching.comparison.own_range import OwnRange
from gaitlab.coaching.comparison.position import Place
from gaitlab.coaching.comparison.study import Study
from gaitlab.coaching.numbers.select import Part
from gaitlab.metrics.catalog import metric
from gaitlab.report.words import QUALITY_ORDER, quality_of_part, strike_of_part

HEAD_METRICS: Final = (
    "contact_time_s", "flight_time_s", "cadence_spm", "step_length_m", "duty_factor",
    "strike_angle_rad",
)  # fmt: skip
FEW: Final = 4  # runners whose strike is told one by one
PERCENT: Final = 100.0
WAY_METRICS: Final = ("speed_mps", "cadence_spm", "contact_time_s")


def comparison_sentences(study: Study) -> tuple[str, ...]:
    """What the comparison shows, in order: alike or not, how sure, the numbers, who is missing."""
    comparison = study.comparison
    strikes = _strikes(study.parts)
    own = tuple(own_range_sentence(one) for one in study.own)
    if not comparison.at:
        opening = f"{comparison.reason[:1].upper()}{comparison.reason[1:]}."
        each = tuple(line for part in study.parts if (line := _own_numbers(part)))
        return tuple(line for line in (opening, _tops(study), *each, *strikes, *own) if line)
    rows = [row for row in comparison.rows if row.metric.name in HEAD_METRICS]
    rows.sort(key=lambda row: HEAD_METRICS.index(row.metric.name))
    lines = (
        _opening(study, rows),
        _how_sure(study),
        _tops(study),
        *_differences(rows),
        *_beside_bands(study),
        _published_sprinters(study),
        *strikes,
        *own,
        *_alone(rows),
    )
    return tuple(line for line in lines if line)


def _opening(study: Study, rows: Sequence[Row]) -> str:
    """The page in one plain sentence: what is alike and what differs; numbers come after it."""
    speed = study.comparison.at
    if len(study.parts) == 1:
        return f"Looked at {speed}; the pictures show all speeds."
    found = [one for row in rows if (one := apart(row)) is not None]
    if not found:
        return f"Compared at {speed}: fewer than two of them have a value there."
    clear = listed([one.metric.label for one in found if one.resolved])
    blurred = listed([one.metric.label for one in found if one.blurred])
    same = listed([one.metric.label for one in found if not (one.resolved or one.blurred)])
    told = (
        f"they differ in {clear}" if clear else "",
        f"no difference can be told in {same}" if same else "",
        f"no comparison of {blurred}: the gap of {widest_gap(study.comparison):.1f} m/s is too "
        "wide for that" if blurred else "",
    )  # fmt: skip
    return f"Compared at {speeds_words(study.comparison)}: {'; '.join(filter(None, told))}."


def widest_gap(comparison: Comparison) -> float:
    """How far the speeds of the compared values lie apart, m/s: 0 where own lines bridge it."""
    found = [one.gap_mps for row in comparison.rows if (one := apart(row)) is not None]
    return max(found, default=0.0)


def speeds_words(comparison: Comparison) -> str:
    """The speed of the comparison, or the speeds where they are not one."""
    if comparison.matched_share is not None or widest_gap(comparison) < GAP_TOLD_MPS:
        return comparison.at
    row = next(row for row in comparison.rows if row.metric.name == "cadence_spm")
    speeds = [value.speed_mps for value in row.values if isfinite(value.speed_mps)]
    if len(speeds) == 2:
        return f"{speeds[0]:.1f} against {speeds[1]:.1f} m/s"
    return f"{comparison.at} ({min(speeds):.1f} to {max(speeds):.1f} m/s)" if speeds else ""


def _tops(study: Study) -> str:
    """Each one's top speed and speed here, when speeds are matched as shares; else empty."""
    if not study.tops:
        return ""
    tops = "; ".join(top.words for top in study.tops)
    if study.comparison.matched_share is None:
        return f"Top speeds: {tops}."
    return (
        f"Top speeds: {tops}. The runners go at different speeds here, each at the same share of "
        "what they can do; contact time and step length would differ by that alone."
    )


def listed(words: Sequence[str]) -> str:
    """Words as a person lists them.

    >>> listed(["cadence"]), listed(["cadence", "contact time", "step length"])
    ('cadence', 'cadence, contact time and step length')
    """
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _how_sure(study: Study) -> str:
    """How many contacts, from where a difference counts, how good the recordings are."""
    values = next(r for r in study.comparison.rows if r.metric.name == "cadence_spm").values
    known = [value for value in values if isfinite(value.value)]
    if not known:
        return ""
    if len(known) <= FEW:
        counts = ", ".join(f"{value.label} {value.n}" for value in known)
    else:
        fewest, most = min(value.n for value in known), max(value.n for value in known)
        counts = f"{fewest} to {most} of each of {len(known)} runners"
    rule = (
        " A difference counts from two combined standard uncertainties on, which hold what a gap "
        "between the speeds may make."
        if len(study.parts) > 1
        else ""
    )
    return f"How sure: contacts {counts}.{rule} Recordings: {_quality_words(study.parts)}."


def _quality_words(parts: Sequence[Part]) -> str:
    qualities = [quality_of_part(part)[0] for part in parts]
    found = [(quality, qualities.count(quality)) for quality in QUALITY_ORDER]
    told = [f"{quality} {n}" for quality, n in found if n]
    return qualities[0] if len(parts) == 1 else ", ".join(told)


def _differences(rows: Sequence[Row]) -> tuple[str, ...]:
    """One sentence for what differs, one for what is alike as far as can be told."""
    found = [one for row in rows if (one := apart(row)) is not None]
    clear = "; ".join(_apart_words(one) for one in found if one.resolved)
    same = "; ".join(_alike_words(one) for one in found if not (one.resolved or one.blurred))
    blurred = "; ".join(_blurred_words(one) for one in found if one.blurred)
    return (
        f"What differs: {clear}." if clear else "",
        f"What does not differ as far as this can tell: {same}." if same else "",
        f"Not compared, because of the speeds: {blurred}." if blurred else "",
    )


def _apart_words(one: Apart) -> str:
    ends = [
        f"{value.label} {one.metric.text(value.value)} "
        f"± {one.metric.spread_text(value.uncertainty)}"
        for value in (one.low, one.high)
    ]
    between = " to " if one.n > 2 else " and "
    return f"{one.metric.label} ({between.join(ends)} {one.metric.unit}{_gap_tail(one)})"


def _gap_tail(one: Apart) -> str:
    return f"; {_gap_words(one)}" if one.gap_mps >= GAP_TOLD_MPS else ""


def _gap_words(one: Apart) -> str:
    made = f"{one.metric.spread_text(one.made_by_gap)} {one.metric.unit}"
    return f"the gap of {one.gap_mps:.1f} m/s alone may make {made}"


def _blurred_words(one: Apart) -> str:
    ends = [
        f"{value.label} {one.metric.text(value.value)} {one.metric.unit} at "
        f"{value.speed_mps:.1f} m/s"
        for value in (one.low, one.high)
    ]
    return f"{one.metric.label} ({' and '.join(ends)}; {_gap_words(one)})"


def _alike_words(one: Apart) -> str:
    low, high = one.metric.text(one.low.value), one.metric.text(one.high.value)
    error = one.metric.spread_text(one.error)
    both = f"{low} and {high} {one.metric.unit}, ± {error} on the difference"
    return f"{one.metric.label} ({both}{_gap_tail(one)})"


def _beside_bands(study: Study) -> tuple[str, ...]:
    """Contact time of each runner beside each recorded band, and the position if there is one."""
    names = [row.metric.name for row in study.comparison.rows]
    place = names.index("contact_time_s")
    row, found = study.comparison.rows[place], study.places[place]
    told = []
    for part, one in zip(study.parts, found, strict=True):
        told += [
            f"{part.label} beside {item.who} (n {item.n}) at {item.speed_mps:.1f} m/s: contact "
            f"time {row.metric.text(item.value)} against "
            f"{row.metric.text(item.mean, with_unit=True)}, {_z_words(item.z, item.reason)}."
            for item in one.standings
            if item.own
        ]
        if isfinite(one.position.value):
            told.append(f"{part.label}: {position_words(one)}.")
    return tuple(told)


def _z_words(z: float, reason: str) -> str:
    return f"z {signed_text(z)}" if isfinite(z) else f"no z-value ({reason})"


def signed_text(value: float, decimals: int = 1) -> str:
    """A number with its sign, a true minus.

    >>> signed_text(-0.84), signed_text(1.2), signed_text(-0.01)
    ('−0.8', '+1.2', '0.0')
    """
    text = f"{value:+.{decimals}f}"
    return text[1:] if not float(text) else text.replace("-", "−")


def position_words(place: Place) -> str:
    """Where a contact time lies between the groups, in words without a verdict."""
    where = place.position
    return (
        f"contact time lies at {where.value:.1f} ± {where.uncertainty:.1f} on the way from the "
        "distance band (0) to the sprint band (1) at this speed"
    ).replace("-", "−")


def _published_sprinters(study: Study) -> str:
    """What is missing in print; silent when the squad's own sprinters stand in."""
    row = next(r for r in study.comparison.rows if r.metric.name == "contact_time_s")
    if any(item.own and item.group == "sprint" for one in study.places[
        study.comparison.rows.index(row)] for item in one.standings):  # fmt: skip
        return ""
    return f"There is {row.remark}." if row.remark else ""


def _alone(rows: Sequence[Row]) -> tuple[str, ...]:
    """Who has no value at this speed; each with the reason, or many in one sentence."""
    row = next((row for row in rows if row.metric.name == "cadence_spm"), None)
    missing = [value for value in row.values if not isfinite(value.value)] if row else []
    if len(missing) <= FEW:
        return tuple(f"{value.label}: {value.reason}." for value in missing)
    names = ", ".join(value.label for value in missing)
    return (f"Without a value at this speed, too few contacts there: {names}.",)


def _strikes(parts: Sequence[Part]) -> tuple[str, ...]:
    if len(parts) <= FEW:
        return tuple(strike_of_part(part) for part in parts)
    return (many_strikes(parts),)


def many_strikes(parts: Sequence[Part]) -> str:
    """How many of many runners land how, most often."""
    from gaitlab.report.panels import strike_percent
    from gaitlab.report.words import STRIKE_WORDS

    best = []
    for part in parts:
        percent, n = strike_percent(part.contacts)
        if n:
            best.append(max(range(3), key=percent.__getitem__))
    if not best:
        return "The strike pattern of nobody could be classified."
    told = [f"{name} {best.count(k)}" for k, name in enumerate(STRIKE_WORDS) if k in best]
    rest = f", not classified {len(parts) - len(best)}" if len(best) < len(parts) else ""
    return f"Most frequent landing, number of runners (all speeds): {', '.join(told)}{rest}."


def _own_numbers(part: Part) -> str:
    """Contact time and cadence of a runner with the speed they belong to."""
    names = ("speed_mps", "contact_time_s", "cadence_spm")
    values = {name: own_value(part, name) for name in names}
    told = [
        f"{metric(name).label} {metric(name).text(value.value)} "
        f"± {metric(name).spread_text(value.uncertainty)} {metric(name).unit}"
        for name, value in values.items()
        if isfinite(value.value)
    ]
    return f"{part.label}: {', '.join(told)} (n {len(part.contacts)})." if told else ""


def own_range_sentence(own: OwnRange) -> str:
    """Where the kick begins, and how far it goes from the own cruise to the own fly."""
    kick = own.kick
    before, after = (metric("speed_mps").text(v) for v in (kick.v_before_mps, kick.v_kick_mps))
    gain = (
        f"; {PERCENT * kick.cadence_share:.0f} % of the gain is cadence"
        if isfinite(kick.cadence_share)
        else ""
    )
    head = f"{own.who}: kick from {kick.to_go_m:.0f} m to go, {before} to {after} m/s{gain}."
    if own.found is None:
        return f"{head} Not set beside the own fly: {own.missing}."
    ways = [
        f"{row.metric.label} {way_text(row)}"
        for row in own.found.rows
        if row.metric.name in WAY_METRICS and isfinite(row.position)
    ]
    if not ways:
        return head
    return f"{head} On the way from the own cruise to the own fly the kick has gone: " + (
        f"{', '.join(ways)}."
    )


def way_text(row: Placed) -> str:
    """Share of the way from cruise to fly, in percent, with its 95 % interval."""
    at, low, high = (f"{PERCENT * share:.0f}" for share in (row.position, row.low, row.high))
    return f"{at} % ({low} to {high})".replace("-", "−")
