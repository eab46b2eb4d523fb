"""A speed reserve in words and tables: for the screen and for its page."""

from typing import Final

from gaitlab.coaching.potential.speed_reserve import (
    MAS_DEFINITION,
    SANDFORD,
    Ratio,
    Reserve,
    Speed,
)
from gaitlab.model.units import KMH_PER_MPS, pace_text
from gaitlab.report.sheets.base import Grid

RATIO_HEADINGS: Final = ("race averages", "ratio", "5 / 25 / 50 / 75 / 95 %", "percentile", "type")
NOT_MIXED: Final = (
    "Race averages contain the start and are no top speed: these ratios stand beside those of "
    "UK club runners only, never beside Sandford's bands."
)


def reserve_lines(found: Reserve, easy: Speed | None) -> tuple[str, ...]:
    """Top speed, aerobic speed, reserve and ratio; the usual pace as shares of them."""
    doubt = "" if found.sure else " (not sure: an edge of a band is within twice the uncertainty)"
    lines = [
        f"top speed (MSS) {_speed(found.mss)}, {found.mss.source}",
        f"aerobic speed (MAS) {_speed(found.mas)}, {found.mas.source}",
        f"reserve (ASR) {found.asr_mps:.2f} ± {found.asr_sd_mps:.2f} m/s; "
        f"ratio (SRR) {found.srr:.2f} ± {found.srr_sd:.2f}: {found.band}"
        + ("" if found.band.startswith("no bands") else doubt),
    ]
    if easy is not None:
        share, sd = shares_of(found, easy)
        lines.append(
            f"usual pace {pace_text(easy.mps)} min/km ({easy.source}): "
            f"{100 * share:.0f} ± {100 * sd:.1f} % of top speed, "
            f"{100 * easy.mps / found.mas.mps:.0f} % of aerobic speed"
        )
    return tuple(lines)


def shares_of(found: Reserve, easy: Speed) -> tuple[float, float]:
    """The usual pace as a share of top speed, and its standard uncertainty."""
    share = easy.mps / found.mss.mps
    relative = (easy.sd_mps / easy.mps) ** 2 + (found.mss.sd_mps / found.mss.mps) ** 2
    return share, float(share * relative**0.5)


def reserve_notes(found: Reserve | None) -> tuple[str, ...]:
    """What the numbers mean and whom the bands were made of."""
    if found is None:
        return ()
    return (
        f"{MAS_DEFINITION}; ± is a standard uncertainty",
        f"SRR: {SANDFORD}: 400-800 type from 1.58, 800 type from 1.48, 800-1500 type from 1.36. "
        "Their aerobic speed was predicted from the 1500 in another way, so near an edge the "
        "type is open",
    )


def ratio_grid(ratios: tuple[Ratio, ...]) -> Grid:
    """Ratios of race averages beside UK club runners."""
    return Grid(
        RATIO_HEADINGS, tuple(_ratio_row(one) for one in ratios), title="Ratios of race averages",
        note=NOT_MIXED, wordy=("race averages", "type"),
    )  # fmt: skip


def _ratio_row(one: Ratio) -> tuple[str, ...]:
    quantiles = "  ".join(f"{value:.3f}" for value in one.quantiles)
    return (
        f"{one.shorter} / {one.longer}", f"{one.value:.3f}", quantiles, one.percentile_text,
        one.word,
    )  # fmt: skip


def _speed(one: Speed) -> str:
    return f"{one.mps:.2f} ± {one.sd_mps:.2f} m/s ({one.mps * KMH_PER_MPS:.1f} km/h)"
