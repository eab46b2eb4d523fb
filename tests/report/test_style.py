"""Colours that any reader can tell apart, on paper, light and dark screens."""

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

from gaitlab.report.style import (
    ATHLETE_LETTERS,
    ATHLETES,
    BANDS,
    FOOT_LOOKS,
    GROUP_LOOKS,
    INK,
    MUTED,
    PAPER,
    STRIKE_FILLS,
    STRIKE_LETTERS,
    letters_of,
)

STYLE = (files("gaitlab.report") / "templates" / "style.css").read_text("utf-8")
# linear RGB: Brettel, Vienot & Mollon 1997, for protan and deutan in the one-plane form of Vienot
# 1999; tritan needs both half-planes (numbers of libDaltonLens for sRGB primaries)
COLOUR_BLIND = {
    "protan": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, -0.0], [0.00401, -0.00401, 1.0]],
    "deutan": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, -0.0], [-0.02234, 0.02234, 1.0]],
}
TRITAN_SIDES = (
    [[0.93678, 0.18979, -0.12657], [0.06154, 0.81526, 0.12320], [-0.37562, 1.12767, 0.24796]],
    [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.80500, 0.11911]],
)
TRITAN_BORDER = [0.03901, -0.02788, -0.01113]
APART = 10.0  # in L*a*b*; two are just told apart from about 2.3


def linear(colour):
    value = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one, two):
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, two))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722],
                    [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)  # fmt: skip
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen_by(kind, colour):
    """How a reader sees a colour: full sight, or without one of the three kinds of cones."""
    rgb = linear(colour)
    if kind == "tritan":
        return lab(np.array(TRITAN_SIDES[int(rgb @ TRITAN_BORDER >= 0)]) @ rgb)
    return lab(np.array(COLOUR_BLIND[kind]) @ rgb if kind in COLOUR_BLIND else rgb)


def themes():
    found = re.findall(r":root\{(.*?)\}", STYLE, flags=re.DOTALL)  # light, dark, paper
    return [dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", text)) for text in found]


def full(colour):
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def test_letters_are_readable_on_paper_and_bands():
    for ground in (PAPER, *BANDS):
        assert contrast(INK, ground) >= 7
        assert contrast(MUTED, ground) >= 4.5
    for colour in (*ATHLETES, *(look.colour for look in FOOT_LOOKS)):
        assert contrast(letters_of(colour), PAPER) >= 4.5
    for fill, letter in zip(STRIKE_FILLS, STRIKE_LETTERS, strict=True):
        assert contrast(fill, letter) >= 4.5


def test_marks_stand_out_from_the_paper():
    for look in (*FOOT_LOOKS, *GROUP_LOOKS.values()):
        assert contrast(look.colour, PAPER) >= 3
    for colour in ATHLETES:
        assert contrast(colour, PAPER) >= 3


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark", "paper"])
def test_every_theme_keeps_the_contrasts(theme):
    for name in ("ink", "muted", "warn", "accent"):
        assert contrast(full(theme[name]), full(theme["paper"])) >= 4.5
    for place in range(3):
        assert contrast(theme[f"strike-{place}"], theme[f"on-strike-{place}"]) >= 4.5
    for place in range(len(ATHLETES)):
        assert contrast(theme[f"athlete-{place}"], full(theme["paper"])) >= 3
        assert contrast(theme[f"letters-{place}"], full(theme["paper"])) >= 4.5


KINDS = ["full", *COLOUR_BLIND, "tritan"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", themes(), ids=["light", "dark", "paper"])
def test_all_twelve_runners_are_told_apart_with_any_colour_vision(kind, theme):
    seen = [seen_by(kind, theme[f"athlete-{place}"]) for place in range(len(ATHLETES))]
    assert len(seen) == 12
    assert min(np.linalg.norm(one - two) for one, two in combinations(seen, 2)) > APART


@pytest.mark.parametrize("kind", KINDS)
def test_greys_stay_greys_and_the_check_sees_colours_that_only_some_tell_apart(kind):
    grey = seen_by(kind, "#808080")
    assert np.abs(grey[1:]).max() < 1.0
    alike = {"protan": ("#c00000", "#3c3c00"), "deutan": ("#b36a00", "#8c8c14"),
             "tritan": ("#009e73", "#4894c6"), "full": ("#808080", "#828282")}[kind]  # fmt: skip
    assert np.linalg.norm(np.subtract(*(seen_by(kind, one) for one in alike))) < APART


def test_the_page_calls_every_colour_of_the_figures_by_its_light_name():
    light = themes()[0]
    assert len({*ATHLETES, *ATHLETE_LETTERS}) == 24
    for place, (colour, letters) in enumerate(zip(ATHLETES, ATHLETE_LETTERS, strict=True)):
        assert (light[f"athlete-{place}"], light[f"letters-{place}"]) == (colour, letters)


def test_feet_and_groups_differ_by_more_than_colour():
    assert len({look.marker for look in FOOT_LOOKS}) == len(FOOT_LOOKS)
    assert len({(look.marker, look.filled) for look in GROUP_LOOKS.values()}) == len(GROUP_LOOKS)
