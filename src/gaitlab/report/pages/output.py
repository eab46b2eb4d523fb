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


def write_page(html: str, path: Path) -> Path:
    """Write a page: as it is, or printed on A4 when ``path`` ends in ``.pdf``.

    Raises
    ------
    UsageError : the name is that of a picture.
    OutputError : the place cannot be written, or there is no browser to print.
    """
    suffix = path.suffix.lower()
    if suffix in (".png", ".svg", ".jpg", ".jpeg"):
        raise UsageError(
            f"cannot write a page as {suffix}",
            "a page is .html, or .pdf on A4",
            f"for example -o {path.stem}.html; `gaitlab plot` draws single pictures",
        )
    if suffix != ".pdf":
        return write_whole(html, path)
    from gaitlab.report.pages.pdf import pdf_of

    return write_bytes(pdf_of(html), path)


def write_bytes(content: bytes, path: Path) -> Path:
    """Write ``content`` to ``path`` in one step; an older file stays as it was on failure.

    Raises
    ------
    OutputError : the folder cannot be made or written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
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
