"""Writing a page whole or not at all."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gaitlab.model.errors import OutputError, UsageError


@contextmanager
def unswept() -> Iterator[None]:
    """While a page is made nothing looks for rings of dead objects: a tenth of its time.

    Figures are many small objects that all live until the page is done.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_whole(text: str, path: Path) -> Path:
    """Write ``text`` to ``path`` in one step, as :func:`write_bytes` does."""
    return write_bytes(text.encode("utf-8"), path)


def refuse_place(path: Path, example: str = "page.html") -> Path:
    """``path`` as it is; UsageError when it is a folder, OutputError when its folder is missing."""
    if path.is_dir():
        raise UsageError(
            f"{path} is a folder", "a file is written", f"for example -o {path / example}"
        )
    if not path.parent.is_dir():
        raise OutputError(
            f"no folder {path.parent}",
            f"{path.name} would be written into it",
            "make the folder first, or choose another place with -o",
        )
    return path


def page_ending(path: Path) -> str:
    """``.html`` or ``.pdf``, as the name of a page says; UsageError for any other ending.

    >>> page_ending(Path("monday.HTM")), page_ending(Path("monday.pdf"))
    ('.html', '.pdf')
    """
    suffix = path.suffix.lower()
    if suffix not in (".html", ".htm", ".pdf"):
        pictures = suffix in (".png", ".svg", ".jpg", ".jpeg")
        raise UsageError(
            f"cannot write a page as {path.suffix or 'a file without an ending'}",
            "a page is .html, or .pdf on A4",
            f"for example -o {path.stem or 'page'}.html"
            + ("; `gaitlab plot` draws single pictures" if pictures else ""),
        )
    return ".pdf" if suffix == ".pdf" else ".html"


def write_page(html: str, path: Path) -> Path:
    """Write a page: as it is, or printed on A4 when ``path`` ends in ``.pdf``.

    Raises
    ------
    UsageError : the name is a folder, or has another ending.
    OutputError : the place cannot be written, or there is no browser to print.
    """
    if page_ending(refuse_place(path)) == ".html":
        return write_whole(html, path)
    from gaitlab.report.pages.pdf import pdf_of

    return write_bytes(pdf_of(html), path)


def write_bytes(content: bytes, path: Path) -> Path:
    """Write ``content`` to ``path`` in one step; an older file stays as it was on failure.

    Raises
    ------
    UsageError : ``path`` is a folder.
    OutputError : its folder is missing or cannot be written.
    """
    refuse_place(path)
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise OutputError(
            f"cannot write {path}",
            error.strerror or str(error),
            "choose another place with -o, or make room and check the rights of the folder",
        ) from error
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
