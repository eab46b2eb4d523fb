"""One figure as a file of its own: for a slide, a message, a paper."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gaitlab.model.errors import UsageError
from gaitlab.report.pages.output import write_bytes, write_whole
from gaitlab.report.style import PAPER, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI: Final = 200
PICTURES: Final = (".png", ".svg", ".pdf")
PAGE: Final = ".html"


def write_page_or_picture(
    path: Path, page: Callable[[], str], figure: Callable[[], "Figure"], what: str
) -> Path:
    """Write the page (.html) or its main picture alone, as the ending of ``path`` says.

    Raises
    ------
    UsageError : another ending.
    OutputError : the place cannot be written.
    """
    suffix = refuse_other_endings(path, what)
    if suffix == PAGE:
        return write_whole(page(), path)
    return _picture(path, suffix, figure)


def write_picture(path: Path, figure: Callable[[], "Figure"], what: str) -> Path:
    """Write a figure alone; UsageError for an ending that is no picture."""
    suffix = path.suffix.lower()
    if suffix not in PICTURES:
        raise UsageError(
            f"cannot write {what} as {path.suffix or 'a file without an ending'}",
            f"the ending says what is wanted: {', '.join(PICTURES)}",
            f"for example -o {path.stem or 'picture'}.png",
        )
    return _picture(path, suffix, figure)


def _picture(path: Path, suffix: str, figure: Callable[[], "Figure"]) -> Path:
    buffer = BytesIO()
    dated = {"CreationDate": None} if suffix == ".pdf" else None
    with house_style():
        figure().savefig(buffer, format=suffix[1:], dpi=DPI, facecolor=PAPER, metadata=dated)
    return write_bytes(buffer.getvalue(), path)


def refuse_other_endings(path: Path, what: str) -> str:
    """The ending in lower case; UsageError for one that is neither a page nor a picture."""
    suffix = PAGE if path.suffix.lower() == ".htm" else path.suffix.lower()
    if suffix not in (PAGE, *PICTURES):
        raise UsageError(
            f"cannot write {what} as {path.suffix or 'a file without an ending'}",
            f"the ending says what is wanted: {', '.join((PAGE, *PICTURES))}",
            f"for example -o {path.stem or 'page'}.html",
        )
    return suffix
