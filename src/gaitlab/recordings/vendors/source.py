"""A file, a folder or a zip as a vendor's app left it, read within bounds."""

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from gaitlab.model.errors import InputError
from gaitlab.recordings.tables import CUT_CELL, MOST_ROWS, last_cell_is_cut, parquet_errors

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 2 * 1024**3  # unpacked, of one file
MOST_MEMBERS = 1000
MOST_PACKED = 200  # times; text of sensors packs ten times, a zip made to fill memory a thousand
MOST_COLUMNS = 1000  # the widest programs write some dozens
TAIL = 65536  # characters at the end of a text that tell what its last line should look like
SMALL_BYTES = 16 * 1024**2
HEAD_BYTES = 8192
SEPARATORS: Final = ",;\t"
DAMAGED: Final = "copy or export the file again"


@dataclass(frozen=True)
class Source:
    """``path`` is one file, or a folder or zip with several; nothing is unpacked to disk."""

    path: Path

    @property
    def name(self) -> str:
        """How messages call it."""
        return self.path.name

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names of the files inside a folder or zip, as paths; of a file its own name."""
        if self.path.is_dir():
            files = (p for p in self.path.rglob("*") if p.is_file())
            found = sorted(islice(files, MOST_MEMBERS + 1))
            names = tuple(p.relative_to(self.path).as_posix() for p in found)
        elif self.is_zip:
            with self._zip() as archive:
                names = tuple(one.filename for one in archive.infolist() if not one.is_dir())
        else:
            names = (self.path.name,)
        if len(names) > MOST_MEMBERS:
            raise InputError(
                f"{self.name} holds more than {MOST_MEMBERS} files",
                "an exported recording has a few",
                "name the folder or the file of one recording",
            )
        return names

    @cached_property
    def is_zip(self) -> bool:
        """True for a zip archive."""
        return self.path.is_file() and zipfile.is_zipfile(self.path)

    def member(self, name: str) -> str | None:
        """The member whose last part is ``name``, whatever its case; None without one."""
        wanted = name.casefold()
        return next(
            (one for one in self.members if PurePosixPath(one).name.casefold() == wanted), None
        )

    def head(self, member: str | None = None) -> str:
        """The first lines as text, without a byte order mark; none of a folder or zip itself."""
        if member is None and (self.is_zip or self.path.is_dir()):
            return ""
        return decoded(self._bytes(member, HEAD_BYTES))

    def whole(self, member: str | None = None) -> bytes:
        """All bytes of a member; InputError beyond two gigabytes."""
        data = self._bytes(member, MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise InputError(
                f"{self.name} is too large",
                f"more than {MOST_BYTES / 1e9:.1f} GB in {member or 'it'}",
                "cut the recording into parts",
            )
        return data

    def _bytes(self, member: str | None, most: int) -> bytes:
        try:
            if self.path.is_dir():
                with (self.path / (member or "")).open("rb") as file:
                    return file.read(most)
            if self.is_zip:
                with self._zip() as archive:
                    name = member or self.members[0]
                    self._check_packed(archive.getinfo(name))
                    with archive.open(name) as inside:
                        return inside.read(most)
            with self.path.open("rb") as file:
                return file.read(most)
        except (OSError, KeyError, IndexError, RuntimeError, EOFError, zipfile.BadZipFile) as error:
            raise InputError(
                f"{self.name} cannot be read", f"{member or 'it'}: {error}"[:200], DAMAGED
            ) from error

    def _check_packed(self, about: zipfile.ZipInfo) -> None:
        """InputError for a member that is packed as no measured signal can be."""
        if about.file_size > max(SMALL_BYTES, MOST_PACKED * about.compress_size):
            raise InputError(
                f"{self.name} holds no measured signal",
                f"{about.filename[:80]} is {about.file_size / 1e6:.0f} MB, "
                f"packed into {about.compress_size / 1e6:.1f} MB",
                "export the recording again",
            )

    def _zip(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except (OSError, zipfile.BadZipFile) as error:
            raise InputError(f"{self.name} is a damaged zip", str(error)[:200], DAMAGED) from error


def parquet_names(path: Path) -> list[str]:
    """The names of the columns of a Parquet file; InputError when it is damaged."""
    import pyarrow.parquet as pq

    with parquet_errors(path):
        return list(pq.read_schema(path).names)


def decoded(data: bytes) -> str:
    """Text of whatever encoding apps write: UTF-8, UTF-16 with a mark, else Latin-1."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4:  # a character cut by the end of the head
            return data[: error.start].decode("utf-8-sig")
        return data.decode("latin-1")


def separator_of(header: str) -> str:
    """The most frequent of comma, semicolon and tab."""
    return max(SEPARATORS, key=header.count)


def columns_of(header: str) -> list[str]:
    """The names in a header line, stripped of quotes and blanks.

    >>> columns_of('"Time (s)";"X (m/s^2)"')
    ['Time (s)', 'X (m/s^2)']
    """
    return [name.strip().strip('"').strip() for name in header.split(separator_of(header))]


def first_line(text: str, starts: tuple[str, ...] = ()) -> tuple[int, str] | None:
    """Number and text of the first line with words, or that begins with one of ``starts``."""
    for number, line in enumerate(text.splitlines()):
        plain = line.strip().strip('"').casefold()
        if plain and (not starts or plain.startswith(starts)):
            return number, line
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of text cells and numbers, and what was noticed while reading it."""

    frame: "pd.DataFrame"
    notes: tuple[str, ...]


def read_table(
    source: Source,
    member: str | None = None,
    skip_lines: int = 0,
    names: list[str] | None = None,
) -> Table:
    """The table below ``skip_lines`` lines, numbers where a column is made of them.

    names : of the columns, where the header does not tell them apart

    A last line that is cut in the middle is left out, with a note. Decimal commas are
    understood where the columns are separated by something else.

    Raises InputError when lines do not fit the header, or there are none.
    """
    import pandas as pd

    text = decoded(source.whole(member))
    if "\n" not in text[:HEAD_BYTES] and "\r" in text[:HEAD_BYTES]:
        text = text.replace("\r", "\n")  # the line ends of old Macs
    text = text.split("\n", skip_lines)[-1]
    header, _, rest = text.partition("\n")
    between = separator_of(header)
    _check_header(source, header, rest[:HEAD_BYTES].partition("\n")[0], between)
    text, notes = _without_torn_line(text, header.rstrip(f"\r{between}").count(between), between)
    first = rest.split("\n", 1)[0]
    decimal = "," if between != "," and "," in first else "."
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=between, decimal=decimal, header=0,
            names=names or columns_of(header),
            nrows=MOST_ROWS + 1, low_memory=False, index_col=False, skipinitialspace=True,
            on_bad_lines="error",
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, MemoryError) as error:
        why = str(error).strip().splitlines()[0][:200]
        raise InputError(f"{source.name} is not a readable table", why, DAMAGED) from error
    if not 0 < len(frame) <= MOST_ROWS:
        why = "it has a header but no samples" if frame.empty else f"over {MOST_ROWS:,} rows"
        raise InputError(f"{source.name} holds no recording", why, DAMAGED)
    return Table(frame, notes)


def _check_header(source: Source, header: str, first: str, between: str) -> None:
    """InputError for a header of too many columns, or of fewer than the line below it has."""
    columns = header.count(between) + 1
    if columns > MOST_COLUMNS:
        raise InputError(
            f"{source.name} is no recording",
            f"its header has {columns:,} columns",
            "name the file of one recording",
        )
    cells = first.rstrip(f"\r {between}").count(between) + 1
    if cells > columns and '"' not in first:
        why = f"its header names {columns} columns, the first line below it has {cells} cells"
        if between == ",":
            why += "; so it is with decimal commas between commas"
        raise InputError(f"{source.name} is not a readable table", why, DAMAGED)


def _without_torn_line(text: str, separators: int, between: str) -> tuple[str, tuple[str, ...]]:
    body, _, last = text.rstrip("\r\n").rpartition("\n")
    if body and last.count(between) < separators:
        return body, ("the file ends in the middle of a line: that line is left out",)
    if body and last_cell_is_cut(text[-TAIL:], between):
        return body, (CUT_CELL,)
    return text, ()
