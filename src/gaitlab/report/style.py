"""Colours, markers and letter sizes of every figure; the page gives them their dark twins.

The first four data colours are those of Okabe & Ito 2008 (Color Universal Design); the other eight
were searched for so that all twelve stay apart with any colour vision. Feet, groups and classes
differ by marker, place or label as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from gaitlab.coaching.comparison.reference import Group

HOUSE: Final = "gaitlab"
INK, MUTED, LINE, PAPER = "#1b2027", "#56606b", "#dfe3e8", "#ffffff"
ATHLETES: Final = (
    "#0072b2", "#d55e00", "#009e73", "#b35c90", "#58463e", "#46004f", "#928c46", "#01429c",
    "#9077eb", "#7f3073", "#7d0c0d", "#0c197d",
)  # fmt: skip
ATHLETE_LETTERS: Final = (
    "#00639d", "#a84a01", "#007353", "#93467a", "#58463f", "#460050", "#6e6934", "#01429d",
    "#6d5ab3", "#7f3074", "#7d0c0e", "#0c197e",
)  # fmt: skip
LEFT_COLOUR, RIGHT_COLOUR = ATHLETES[0], ATHLETES[1]
ALONE_COLOUR = "#4a5560"
STRIKE_FILLS: Final = ("#d3dae1", "#93a1af", "#44525f")  # rearfoot, midfoot, forefoot
STRIKE_LETTERS: Final = ("#1c2128", "#1c2129", "#fefefe")  # letters upon those fills
BANDS: Final = ("#eef1f5", "#fafbfc", "#e3e8ee")  # the same classes as grounds of a plot
REFERENCE_DARK, REFERENCE_MID, REFERENCE_PALE = "#30373f", "#6a747e", "#7d8792"

# what the page calls each colour: its style sheet has a light and a dark value for every name
CSS_NAMES: Final[dict[str, str]] = {
    INK: "ink",
    MUTED: "muted",
    LINE: "line",
    PAPER: "paper",
    ALONE_COLOUR: "alone",
    **{colour: f"athlete-{place}" for place, colour in enumerate(ATHLETES)},
    **{colour: f"letters-{place}" for place, colour in enumerate(ATHLETE_LETTERS)},
    **{colour: f"strike-{place}" for place, colour in enumerate(STRIKE_FILLS)},
    **{colour: f"on-strike-{place}" for place, colour in enumerate(STRIKE_LETTERS)},
    **{colour: f"band-{place}" for place, colour in enumerate(BANDS)},
    REFERENCE_DARK: "reference-dark",
    REFERENCE_MID: "reference-mid",
    REFERENCE_PALE: "reference-pale",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of point is drawn and named; where its n stands, in points from it."""

    colour: str
    marker: str
    filled: bool
    label: str
    number_at: tuple[float, float] = (5.0, 3.0)


FOOT_LOOKS: Final = (
    Look(LEFT_COLOUR, "o", True, "left"),
    Look(RIGHT_COLOUR, "^", True, "right"),
    Look(ALONE_COLOUR, "s", True, "foot not named"),
)
GROUP_LOOKS: Final[dict[Group, Look]] = {
    "sprint": Look(REFERENCE_DARK, "D", True, "sprinters"),
    "distance": Look(REFERENCE_MID, "s", True, "distance runners", (-5.0, -8.0)),
    "athletic": Look(REFERENCE_MID, "P", False, "other athletes"),
    "mixed": Look(REFERENCE_PALE, "o", False, "runners, level not stated"),
    "recreational": Look(REFERENCE_PALE, "v", False, "recreational runners", (-5.0, -3.0)),
}


def athlete_colour(place: int) -> str:
    """The colour of the athlete at that place; the same in every figure of a page."""
    return ATHLETES[place % len(ATHLETES)]


def letters_of(colour: str) -> str:
    """The same colour for letters, dark enough to be read on paper (contrast 4.5)."""
    return dict(zip(ATHLETES, ATHLETE_LETTERS, strict=True)).get(colour, colour)


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib settings for drawing and for writing SVG; put back afterwards."""
    from matplotlib import rc_context, rcParams

    if rcParams["svg.hashsalt"] == HOUSE:  # they hold already, and putting them back is slow
        yield
        return
    settings: Any = {
        "svg.hashsalt": HOUSE,  # the same marks have the same names every time
        "font.family": "DejaVu Sans",
        "font.size": 9.0,
        "axes.labelsize": 9.0,
        "axes.titlesize": 9.5,
        "axes.titlelocation": "left",
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": LINE,
        "grid.linewidth": 0.7,
        "text.color": INK,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "legend.fontsize": 8.5,
        "legend.frameon": False,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "svg.fonttype": "none",  # letters stay letters: small, sharp, and readable by machines
        "text.parse_math": False,  # a name may hold a dollar sign
    }
    with rc_context(settings):
        yield
