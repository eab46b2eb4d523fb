"""All that a page or a JSON of a comparison is made of, found once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gaitlab.coaching.comparison.band import Band, held_by_bands
from gaitlab.coaching.comparison.compare import Comparison, compare
from gaitlab.coaching.comparison.own_range import OwnRange, own_ranges
from gaitlab.coaching.comparison.position import Place, places
from gaitlab.coaching.comparison.relative import Top, relative_to_top
from gaitlab.coaching.numbers.select import Part
from gaitlab.model.units import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Runners beside each other, beside bands, and beside themselves.

    places : per row of the comparison, per runner
    own : cruise, kick and fly of every recording with a kick
    tops : top speeds, when speeds were matched as shares of them
    """

    parts: tuple[Part, ...]
    comparison: Comparison
    bands: tuple[Band, ...]
    places: tuple[tuple[Place, ...], ...]
    own: tuple[OwnRange, ...]
    tops: tuple[Top, ...] = ()


def study_of(
    parts: Sequence[Part], speed_mps: float | None = None, bands: Sequence[Band] = ()
) -> Study:
    """The comparison of the parts at a speed (None: one that they, and the bands, share)."""

    def near_bands(speeds: Floats) -> Bools:
        return held_by_bands(bands, speeds)

    return study_with(compare(parts, speed_mps, near_bands if bands else None), parts, bands)


def study_with(comparison: Comparison, parts: Sequence[Part], bands: Sequence[Band] = ()) -> Study:
    """What a comparison that was made already says beside bands and about each runner's range."""
    return Study(
        tuple(parts), comparison, tuple(bands), places(comparison, parts, bands), own_ranges(parts)
    )  # fmt: skip


def study_at_share(
    parts: Sequence[Part], given: Mapping[str, float], share: float | None = None
) -> Study:
    """The comparison at one share of each runner's own top speed; bands have no place there.

    given : top speeds, m/s, by athlete or recording;  share : None takes one they all ran

    Raises
    ------
    UsageError : a top speed that nobody runs, or for somebody who is not there.
    """
    found = relative_to_top(parts, given)
    comparison = compare(found.parts, share, reason=found.reason)
    return replace(study_with(comparison, found.parts), tops=found.tops)
