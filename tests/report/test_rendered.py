"""Pages as a browser lays them out, and the values that its marks tell."""

import json
import re
from html import unescape

import numpy as np
import pytest

from gaitlab.metrics.catalog import metric
from rendered import findings

BROKEN = """<!DOCTYPE html><meta name="viewport" content="width=device-width, initial-scale=1">
<figure class="panel" id="bare"><h3>x</h3></figure><div style="width:900px">wide</div>
<p style="color:#999">pale</p>
<svg viewBox="0 0 100 100" style="width:300px" role="img" aria-label="x" id="drawing">
<text x="10" y="50" font-size="12px">one</text><text x="15" y="52" font-size="12px">two</text>
<text x="90" y="80" font-size="12px">too long</text></svg>"""


def test_what_a_reader_would_stumble_over_is_found(browser):
    told = " ".join(findings(browser, BROKEN, ("phone",)))
    for part in ('phone: overlap: drawing: "one" and "two"', 'cut: drawing: "too long"',
                 "scroll: page: 9", "empty: bare", "light: contrast: : 2.8"):  # fmt: skip
        assert part in told


@pytest.mark.parametrize("which", ["page", "pair"])
def test_nothing_overlaps_is_cut_or_pale_on_a_phone_a_laptop_and_paper(which, browser, request):
    assert findings(browser, request.getfixturevalue(which)) == []


def axes_of(page, figure, series):
    """What the first picture of a figure says about its axes, and where the marks of one are."""
    found = re.search(rf'id="{figure}".*?(<svg.*?</svg>)', page, flags=re.DOTALL).group(1)
    about = json.loads(unescape(re.search(r'data-axes="([^"]*)"', found).group(1)))
    group = found.split(f'data-s="{about["names"].index(series)}"')[1].split("data-s=")[0]
    marks = re.findall(r'<use href="[^"]*" x="([^"]*)" y="([^"]*)"', group)
    return about, np.array(marks, dtype=np.float64)


def read(edge, at):
    from_px, to_px, low, high = edge[:4]
    return low + (at - from_px) / (to_px - from_px) * (high - low)


def test_the_value_under_a_mark_is_that_of_the_contact(page, race):
    about, marks = axes_of(page, "contact_time_s", "left")
    (axes,) = about["axes"]
    assert (axes["x"][4], axes["y"][4]) == ("speed [m/s]", "contact time [ms]")
    contacts = race.contacts
    left = contacts.foot == 0
    span = axes["y"][3]
    order = np.argsort(contacts.speed_mps[left])
    found = np.argsort(read(axes["x"], marks[:, 0]))
    np.testing.assert_allclose(
        read(axes["x"], marks[found, 0]), contacts.speed_mps[left][order], atol=0.01
    )
    told = np.sort(read(axes["y"], marks[:, 1]))
    factor = metric("contact_time_s").factor
    np.testing.assert_allclose(
        told, np.sort(factor * contacts.contact_time_s[left]), atol=0.0005 * span
    )


def test_the_value_stands_beside_the_mark_for_keys_and_for_a_finger(browser, page):
    browser.show(page, "phone")
    browser.ask("""(() => {
      const svg = [...document.querySelectorAll("#contact_time_s svg")].find((s) => s.clientWidth);
      svg.scrollIntoView();
      svg.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
    })()""")
    shown = "[...document.querySelectorAll('.value-box > div')].map((one) => one.textContent)"
    name, value, speed = browser.ask(shown)
    assert re.fullmatch(r"contact time \d+ ms", value)
    assert re.fullmatch(r"speed \d+\.\d m/s", speed)
    at = browser.ask("""(() => {
      const box = document.querySelector(".value-ring").getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    })()""")
    browser.ask("document.activeElement.blur()")
    for kind in ("mousePressed", "mouseReleased"):
        browser.tell("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left",
                     clickCount=1)  # fmt: skip
    assert browser.ask(shown) == [name, value, speed]
    right = browser.ask("document.querySelector('.value-box').getBoundingClientRect().right")
    assert right <= 390
