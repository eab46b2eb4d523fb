"""A figure as a small piece of SVG to stand inside a page."""

import re
import warnings
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from gaitlab.report.hover import SERIES, axes_json, name_series
from gaitlab.report.marks import cut_down, put_back
from gaitlab.report.style import CSS_NAMES, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TAG = re.compile(r"<[^>]*>")
_USES = re.compile(r'(<g(?: clip-path="[^"]*")?)>\s*((?:<use [^>]*/>\s*)+)</g>')
_USE = re.compile(r'<use xlink:href="(#[^"]+)" x="([^"]+)" y="([^"]+)" style="([^"]*)"/>')
_GROUP_ID = re.compile(r' id="[A-Za-z][\w.]*_\d+"')
_SERIES = re.compile(rf' id="{SERIES}(\d+)"')
_HASHED = re.compile(r"\b[hmp][0-9a-f]{10}\b")
_LONG_NUMBER = re.compile(r"(\d+\.\d)\d+")
_FONT = re.compile(r"(font: (?:[\w.]+ )*?[\d.]+px) [^;\"]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def svg_of(figure: "Figure", name: str, alternative: str) -> str:
    """The figure as one ``<svg role="img">``, its colours as CSS variables of the page.

    Parameters
    ----------
    name : short word, unique on the page: keeps the marks of two figures apart
    alternative : what the figure shows, for those who do not see it
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    text = StringIO()
    names = name_series(figure)
    kept = cut_down(figure)
    with house_style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # the reader's own font has the letter
        # not savefig: that draws everything twice
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(text, metadata={"Date": None, "Creator": None})
    whole = compact(text.getvalue(), name, alternative, axes_json(figure, names))
    return put_back(whole, figure, kept)


def compact(text: str, name: str, alternative: str, axes: str = "") -> str:
    """Matplotlib's SVG without prologue, group names, repeated styles and surplus digits."""
    body = text[text.index("<svg") :]
    opening, body = body.split(">", 1)
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = _USES.sub(_hoist_style, body)
    body = _SERIES.sub(r' data-s="\1"', body)
    body = _GROUP_ID.sub("", body)
    body = _TAG.sub(_slim_tag, body)  # tags only: letters and numbers that are read stay whole
    body = re.sub(r">\s*\n\s*<", "><", body)
    body = _short_names(body, name)
    found = re.search(r'viewBox="([^"]*)"', opening)
    box = _LONG_NUMBER.sub(r"\1", found.group(1)) if found else "0 0 100 100"
    label = escape(alternative, quote=True)
    read = f' data-axes="{escape(axes, quote=True)}"' if axes else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'aria-label="{label}"{read}>'
    )
    return head + body.strip()


def _short_names(body: str, name: str) -> str:
    """Marks and clip paths named after the figure, so that no two on a page share a name."""
    known: dict[str, str] = {}

    def short(match: re.Match[str]) -> str:
        return known.setdefault(match.group(0), f"{name}{len(known)}")

    def rename(match: re.Match[str]) -> str:
        return _HASHED.sub(short, match.group(0)).replace("xlink:href", "href")

    return _TAG.sub(rename, body)


def _slim_tag(match: re.Match[str]) -> str:
    tag = _LONG_NUMBER.sub(r"\1", match.group(0))
    tag = _FONT.sub(r"\1 var(--font)", tag)
    return _COLOUR.sub(_as_variable, tag)


def _hoist_style(match: re.Match[str]) -> str:
    """Equal marks share one style, written once on their group."""
    uses = _USE.findall(match.group(2))
    styles = {style for *_, style in uses}
    if len(uses) != match.group(2).count("<use") or len(styles) != 1:
        return match.group(0)
    marks = "".join(f'<use xlink:href="{mark}" x="{x}" y="{y}"/>' for mark, x, y, _ in uses)
    return f'{match.group(1)} style="{styles.pop()}">{marks}</g>'


def _as_variable(match: re.Match[str]) -> str:
    name = CSS_NAMES.get(match.group(0))
    return f"var(--{name})" if name else match.group(0)
