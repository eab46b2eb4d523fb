"""At which speed runners are matched: one they ran, or one between slower and faster contacts."""

from collections.abc import Callable, Sequence

import numpy as np

from gaitlab.coaching.numbers.select import Part
from gaitlab.model.gait import Contacts
from gaitlab.model.units import Bools, Floats

MATCH_WITHIN_MPS = 0.3  # what is left of it is in the uncertainty: see speed_gap
FEWEST_PER_FOOT = 10  # contacts of one foot for a steady mean
GRID_MPS = 0.1
FEW_ENOUGH = 0.5  # share of the contacts given up for a speed nearer to what was run
SHARE_WITHIN = 0.05  # of the own top speed; as far as 0.3 m/s of a runner who can do 6 m/s
SHARE_GRID = 0.01
WIDE_WITHIN = 0.30  # where 15 % hold no line: a test in steps of 1 m/s; its bend is an error
BRIDGED_BY = 0.25  # share of the contacts there that are slower, and faster
LINE_WITHIN = 0.15  # of the speed: see held_by_line


def near(speed_mps: float | None, target_mps: float) -> bool:
    """True within 0.3 m/s (rounding of the last digit forgiven); never for an unknown speed."""
    return speed_mps is not None and abs(speed_mps - target_mps) <= MATCH_WITHIN_MPS + 1e-9


def share_words(share: float) -> str:
    """A share of the own top speed.

    >>> share_words(0.78)
    '78 % of the own top speed'
    """
    return f"{100 * share:.0f} % of the own top speed"


def along(part: Part) -> Floats:
    """(k,) what is matched: the speed of each contact, or its share of the own top speed."""
    speeds = part.contacts.speed_mps
    return speeds if part.top_mps is None else np.asarray(speeds / part.top_mps)


def reach(part: Part) -> float:
    """How far from the wanted speed, or share, a contact still counts."""
    return MATCH_WITHIN_MPS if part.top_mps is None else SHARE_WITHIN


Preference = Callable[[Floats], Bools]


def common_speed(
    parts: Sequence[Part], preferred: Preference | None = None
) -> tuple[float | None, str]:
    """The speed at which the parts are compared, m/s (or share of top); or None and the reason.

    Of all speeds the one at which most parts, and at least two, have a value; of those the one
    with contacts rather than a line through slower and faster ones; of those, where half as many
    contacts as at best are left, the one nearest to the speeds that were run. A part without
    speeds is left out of the choice.
    """
    known = [part for part in parts if _has_speeds(part)]
    alone = 1 if preferred is not None else min(2, len(parts))
    if len(known) < alone:
        lacking = next(part for part in parts if not _has_speeds(part))
        few = counted(len(finite(lacking.contacts.speed_mps)))
        return None, f"no comparison: {few} of {lacking.label} with a speed"

    speeds = [finite(along(part)) for part in known]
    step, within = (GRID_MPS if known[0].top_mps is None else SHARE_GRID), reach(known[0])
    needed = np.array([fewest_contacts(part.contacts) for part in known])
    low = min(float(own.min()) for own in speeds)
    high = max(float(own.max()) for own in speeds)
    grid = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    plenty = np.stack([_near_counts(own, grid, within) for own in speeds]) / needed[:, None]
    enough = plenty >= 1.0  # (parts, speeds)
    held = np.stack([held_by_line(own, grid) for own in speeds])
    together = (enough | held).sum(axis=0)
    if preferred is not None:  # a reference stands in for one more runner, and decides a tie
        liked = preferred(grid) & (together > 0)
        together = 2 * together + 3 * liked
        alone = 4
    if together.max() < alone:
        why = f"no speed at which two runners have enough contacts, {FEWEST_PER_FOOT} per foot"
        return None, f"no comparison: {why} ({_what_each_ran(known, speeds)})"

    most = np.where(together == together.max(), enough.sum(axis=0), -1)
    least = np.where(enough, plenty, np.inf).min(axis=0, initial=1e9)
    least = np.where(most == most.max(), least, -1.0)
    away = np.stack([_off_centre(own, grid, within) for own in speeds])
    farthest = np.round(np.where(enough, away, 0.0).max(axis=0) / step)  # in steps of the grid
    good = least >= FEW_ENOUGH * least.max()
    good &= farthest == farthest[good].min()
    best = np.flatnonzero(good & (least >= 0.999 * least[good].max()))
    return round(float(grid[best[len(best) // 2]]), 2), ""


def _off_centre(speeds: Floats, grid: Floats, within: float) -> Floats:
    """(g,) how far the mean of the speeds near each speed lies from it.

    0 where there are none, and where a quarter each within 30 % are slower and faster: a line.
    """
    ordered = np.sort(speeds)
    slower = _between(ordered, (1 - WIDE_WITHIN) * grid, grid)
    faster = _between(ordered, grid, (1 + WIDE_WITHIN) * grid)
    bridged = np.minimum(slower, faster) >= BRIDGED_BY * (slower + faster)
    sums = np.concatenate(([0.0], np.cumsum(ordered)))
    low, high = (
        np.searchsorted(ordered, grid - within),
        np.searchsorted(ordered, grid + within, "right"),
    )
    n = high - low
    alone = (n > 0) & ~bridged
    return np.where(alone, np.abs((sums[high] - sums[low]) / np.maximum(n, 1) - grid), 0.0)


def _has_speeds(part: Part) -> bool:
    return len(finite(part.contacts.speed_mps)) >= fewest_contacts(part.contacts)


def _what_each_ran(parts: Sequence[Part], speeds: Sequence[Floats]) -> str:
    told = []
    for part, own in zip(parts, speeds, strict=True):
        slowest, fastest = np.percentile(own, [5, 95])
        told.append(
            f"{part.label} ran {slowest:.1f} to {fastest:.1f} m/s"
            if part.top_mps is None
            else f"{part.label} ran {100 * slowest:.0f} to {100 * fastest:.0f} % of top speed"
        )
    return "; ".join(told)


def fewest_contacts(contacts: Contacts) -> int:
    """Contacts that a value needs: ten of every foot that was recorded."""
    return FEWEST_PER_FOOT * max(1, len(np.unique(contacts.foot)))


def _between(ordered_mps: Floats, low_mps: Floats, high_mps: Floats) -> Floats:
    """How many sorted speeds lie from ``low_mps`` to ``high_mps``, both included."""
    right = np.searchsorted(ordered_mps, high_mps, "right")
    return (right - np.searchsorted(ordered_mps, low_mps, "left")).astype(np.float64)


def _near_counts(speeds: Floats, grid: Floats, within: float) -> Floats:
    return _between(np.sort(speeds), grid - within, grid + within)


def held_by_line(speeds_mps: Floats, grid_mps: Floats) -> Bools:
    """Whether a short line can be drawn at each speed: ten contacts slower, ten faster.

    Only contacts within 15 % of the speed count: over that stretch contact time bends away
    from a line by about 1 ms (second derivative of 0.58 v^-0.74 s), over more by ten times that.
    """
    ordered = np.sort(speeds_mps)
    slower = _between(ordered, (1 - LINE_WITHIN) * grid_mps, grid_mps)
    faster = _between(ordered, grid_mps, (1 + LINE_WITHIN) * grid_mps)
    return np.asarray(np.minimum(slower, faster) >= FEWEST_PER_FOOT)


def speeds_held(part: Part, grid_mps: Floats) -> Bools:
    """(g,) whether the part has enough contacts at each speed, or a line through it."""
    own = finite(along(part))
    if not len(own):
        return np.zeros(len(grid_mps), bool)
    enough = _near_counts(own, grid_mps, reach(part)) >= fewest_contacts(part.contacts)
    return np.asarray(enough | held_by_line(own, grid_mps))


def counted(n: int) -> str:
    """A number of contacts in words.

    >>> counted(1), counted(12)
    ('1 contact', '12 contacts')
    """
    return f"{n} contact" if n == 1 else f"{n} contacts"


def finite(values: Floats) -> Floats:
    """The values that exist."""
    return np.asarray(values[np.isfinite(values)], dtype=np.float64)
