"""The columns of a Parquet or CSV file as arrays, read within bounds and checked for damage."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import Codes, Floats
from gaitlab.model.words import some
from gaitlab.recordings.buffers import values_of

if TYPE_CHECKING:
    import pandas as pd

ACC_COLUMNS: Final = ("acc_x", "acc_y", "acc_z")
GYR_COLUMNS: Final = ("gyr_x", "gyr_y", "gyr_z")
NEEDED: Final = ("foot", "time", *ACC_COLUMNS)
MOST_ROWS = 36_000_000  # both feet, 24 hours at 200 Hz, or 4 hours at 1200 Hz
LINES_BEFORE, FEWEST_BEFORE = 100, 3  # that tell what the last cell of a text should look like
CUT_CELL: Final = "the file ends within its last number: that line is left out"
NO_END: Final = "the file does not end with a whole line: it may be cut short"
MOST_BYTES = 4 * 1024**3
MOST_BYTES_PER_ROW = 400  # decoded; a longer row is not one sample
ROWS_PER_BYTE = 2.0  # a file that packs more rows into a byte holds no measured signal
SMALL_ROWS = 1_000_000
PARQUET_MAGIC: Final = b"PAR1"


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns of the exchange form, as they are in the file.

    foot_names : the different entries of the column ``foot``
    foot : (n,) index into ``foot_names``, -1 for an empty cell
    time : (n,);  acc, gyr : (n, 3), in the file's units; NaN where empty
    notes : what had to be understood while reading
    """

    foot_names: tuple[str, ...]
    foot: Codes
    time: Floats
    acc: Floats
    gyr: Floats
    notes: tuple[str, ...] = ()


def read_columns(path: Path) -> Columns:
    """The exchange form's columns of ``path``; Parquet is known by its first bytes.

    Raises InputError for anything that is not such a table, or is damaged or absurdly large.
    """
    return _read_parquet(path) if is_parquet(path) else _read_csv(path)


def is_parquet(path: Path) -> bool:
    """True for a file that begins like Parquet; InputError when only its name says so."""
    with path.open("rb") as file:
        start = file.read(4)
    if start != PARQUET_MAGIC and path.suffix.lower() in {".parquet", ".pq"}:
        raise InputError(
            f"{path.name} is not a Parquet file",
            "its first four bytes are not those of one",
            "export the recording again, or rename it if it is a CSV file",
        )
    return start == PARQUET_MAGIC


# --- Parquet ---------------------------------------------------------------------------


@contextmanager
def parquet_errors(path: Path) -> Iterator[None]:
    """Turn whatever a damaged Parquet file sets off into an InputError."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(
            f"{path.name} is damaged or cut short",
            f"the Parquet reader says: {reason[:200]}",
            "copy or export the file again",
        ) from error


def _read_parquet(path: Path) -> Columns:
    import pyarrow.parquet as pq

    with parquet_errors(path):
        metadata = pq.read_metadata(path)
        names = list(metadata.schema.to_arrow_schema().names)
    check_names(path, names)
    check_parquet_size(path, metadata)
    wanted = _wanted(names)
    with (
        parquet_errors(path),
        pq.ParquetFile(path, read_dictionary=["foot"], page_checksum_verification=True) as file,
    ):
        table = file.read(columns=wanted)
    numbers = {name: _arrow_numbers(path, name, table[name]) for name in wanted[1:]}
    foot_names, foot = _arrow_foot(path, table["foot"])
    return _columns(foot_names, foot, numbers)


def check_parquet_size(
    path: Path,
    metadata: Any,  # noqa: ANN401  # pyarrow is untyped
    *,
    empty_is_fine: bool = False,
) -> None:
    """Refuse what the header declares before anything of it is read."""
    rows, on_disk = metadata.num_rows, path.stat().st_size
    # not by column: asking pyarrow for a damaged column's metadata ends the whole program
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    decoded = sum(group.total_byte_size for group in groups)
    if rows or not empty_is_fine:
        check_row_count(path, rows)
    if decoded > MOST_BYTES or decoded > MOST_BYTES_PER_ROW * max(rows, 1000):
        raise InputError(
            f"{path.name} is not a recording",
            f"it declares {decoded / 1e6:,.0f} MB for {rows:,} samples",
            "export the recording again",
        )
    if rows > SMALL_ROWS and rows > ROWS_PER_BYTE * on_disk:
        raise InputError(
            f"{path.name} holds no measured signal",
            f"it declares {rows:,} samples in a file of {on_disk:,} bytes",
            "export the recording again",
        )


def check_row_count(path: Path, rows: int) -> None:
    """Refuse an empty table and one longer than any run."""
    if rows <= 0:
        raise InputError(
            f"{path.name} is empty", "it has columns but no samples", "export the recording again"
        )
    if rows > MOST_ROWS:
        raise InputError(
            f"{path.name} is too long",
            f"it has {rows:,} samples; at most {MOST_ROWS:,} can be read at once",
            "cut the recording into parts",
        )


def _arrow_numbers(path: Path, name: str, column: Any) -> Floats:  # noqa: ANN401  # pyarrow is untyped
    import pyarrow as pa

    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
        raise not_numbers(path, name, f"its type is {kind}")
    with parquet_errors(path):
        return np.asarray(values_of(column), np.float64)


def _arrow_foot(path: Path, column: Any) -> tuple[tuple[str, ...], Codes]:  # noqa: ANN401  # pyarrow is untyped
    import pyarrow as pa

    with parquet_errors(path):
        whole = column.combine_chunks()
        whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
        encoded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
        names = tuple(str(entry) for entry in encoded.dictionary.to_pylist())
        indices = encoded.indices
        indices = indices.fill_null(-1) if indices.null_count else indices
        indices = values_of(pa.chunked_array([indices]))
        if indices.max(initial=-1) >= len(names):
            raise ValueError("a foot that its dictionary does not have")
    return _few_names(path, names), np.asarray(indices).clip(-1, 127).astype(np.int8)


# --- CSV -------------------------------------------------------------------------------


def _read_csv(path: Path) -> Columns:
    import pandas as pd

    header, first, tail = _csv_lines(path)
    last = tail.rstrip().rpartition("\n")[2]
    separator = max(",;\t", key=header.count)
    names = [name.strip().strip('"') for name in header.split(separator)]
    check_names(path, names)
    decimal = "," if separator != "," and "," in first else "."
    if last.count(separator) < header.count(separator):
        raise InputError(
            f"{path.name} ends in the middle of a line",
            f"the last line has {last.count(separator) + 1} of {len(names)} columns",
            "copy or export the file again",
        )
    if '"' not in first:
        _check_line_lengths(path, separator, len(names))
    wanted = _wanted(names)
    try:
        frame = pd.read_csv(
            path, sep=separator, decimal=decimal, header=0, names=names, usecols=wanted,
            dtype={"foot": "category"}, nrows=MOST_ROWS + 1, encoding="utf-8-sig", low_memory=False,
            index_col=False, on_bad_lines="error",
        )  # fmt: skip
    except (pd.errors.ParserError, ValueError, UnicodeDecodeError, MemoryError) as error:
        raise InputError(
            f"{path.name} is not a readable CSV file",
            str(error).strip().splitlines()[0][:200],
            "every line needs the same columns: " + ", ".join(wanted),
        ) from error
    cut = last_cell_is_cut(tail, separator)
    frame = frame.iloc[:-1] if cut else frame
    check_row_count(path, len(frame))
    numbers = {name: _csv_numbers(path, name, frame[name]) for name in wanted[1:]}
    foot_names = tuple(str(entry) for entry in frame["foot"].cat.categories)
    foot = frame["foot"].cat.codes.to_numpy().clip(-1, 127).astype(np.int8)
    note = f"read as CSV with {separator!r} between columns and decimal {decimal!r}"
    end = CUT_CELL if cut else "" if tail.endswith(("\n", "\r")) else NO_END
    read = (f"{end}; {some(len(frame), 'line')} of samples were read",) if end else ()
    notes = (*(() if separator == "," else (note,)), *read)
    return _columns(_few_names(path, foot_names), foot, numbers, notes)


def _csv_lines(path: Path) -> tuple[str, str, str]:
    """Header, first line of samples, and the end of the file."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(
            f"{path.name} is too large",
            f"{size / 1e9:.1f} GB; at most {MOST_BYTES / 1e9:.1f} GB of CSV can be read",
            "cut the recording into parts, or convert it to Parquet",
        )
    with path.open("rb") as file:
        head = file.read(65536)
        file.seek(max(0, size - 65536))
        tail = file.read()
    if b"\0" in head:
        raise InputError(
            f"{path.name} is not a recording",
            "it is neither Parquet nor text",
            "give a Parquet or CSV file in the exchange form (docs/recordings.md)",
        )
    lines = head.decode("utf-8-sig", "replace").splitlines()
    lines = [line for line in lines if line.strip()]
    if len(lines) < 2:
        raise InputError(
            f"{path.name} is empty", f"{some(len(lines), 'line')} in it", "export it again"
        )
    return lines[0], lines[1], tail.decode("utf-8", "replace")


def last_cell_is_cut(tail: str, separator: str) -> bool:
    """Whether a text ends within its last cell, as far as the lines before can tell.

    tail : the end of the text. With a line end it is whole. A number is cut when it has fewer
    decimals than any of the lines before; what is lost of a longer one is below their last digit.

    >>> before = "".join(f"1,9.81{i}\\n" for i in range(5))
    >>> [last_cell_is_cut(before + end, ",") for end in ("1,9.8", "1,9.814", "1,9.8\\n")]
    [True, False, False]
    """
    if tail.endswith(("\n", "\r")):
        return False
    cells = [line.rpartition(separator)[2].strip(' "') for line in tail.splitlines()[1:]]
    *before, last = cells[-LINES_BEFORE:] or [""]
    if len(before) < FEWEST_BEFORE or last in before:
        return False
    if any("e" in cell.lower() for cell in before) or not any(map(_places, before)):
        return any(cell.startswith(last) for cell in before)  # powers of ten, words, whole numbers
    return _places(last) < min(map(_places, before))


def _places(number: str) -> int:
    """Digits behind the decimal sign.

    >>> _places("-9.81"), _places("9"), _places("0,5")
    (2, 0, 1)
    """
    return len(number.replace(",", ".").partition(".")[2])


def _check_line_lengths(path: Path, separator: str, columns: int) -> None:
    """Refuse lines that are too short or too long; the parser would fill or cut them silently."""
    separators = lines = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 24):
            separators += chunk.count(separator.encode())
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    lines += last != b"\n"
    if separators == lines * (columns - 1):
        return
    with path.open("rb") as file:
        counts = (
            (number, line.count(separator.encode()) + 1)
            for number, line in enumerate(file, 1)
            if line.strip()
        )
        odd = next(((number, count) for number, count in counts if count != columns), None)
    if odd:
        raise InputError(
            f"{path.name} has a damaged line",
            f"line {odd[0]} has {odd[1]} columns, the header has {columns}",
            "export the file again; decimal commas need semicolons between the columns",
        )


def _csv_numbers(path: Path, name: str, column: "pd.Series[Any]") -> Floats:
    import pandas as pd

    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64)
    as_numbers = pd.to_numeric(column, errors="coerce")
    text = np.flatnonzero(as_numbers.isna().to_numpy() & column.notna().to_numpy())
    row = int(text[0]) if len(text) else 0
    raise not_numbers(path, name, f"line {row + 2} holds {str(column.iloc[row])[:40]!r}")


# --- both ------------------------------------------------------------------------------


def check_names(path: Path, names: list[str]) -> None:
    """Refuse a table without the columns of the exchange form, naming those that miss."""
    twice = sorted({name for name in _wanted(names) if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{path.name} has the column{'s' if len(twice) > 1 else ''} {', '.join(twice)} twice",
            "it is not clear which one is meant",
            "rename or remove one of them",
        )
    missing = [name for name in NEEDED if name not in names]
    some_gyr = [name for name in GYR_COLUMNS if name in names]
    if some_gyr and len(some_gyr) < len(GYR_COLUMNS):
        missing += [name for name in GYR_COLUMNS if name not in names]
    if missing:
        found = ", ".join(sorted(names))[:120]
        raise InputError(
            f"{path.name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            f"it has: {found or 'none'}",
            "rename the columns as docs/recordings.md shows",
        )


def _wanted(names: Iterable[str]) -> list[str]:
    present = set(names)
    return [name for name in (*NEEDED, *GYR_COLUMNS) if name in present]


def not_numbers(path: Path, name: str, detail: str) -> InputError:
    """The error for text, dates or anything else where numbers are due."""
    return InputError(
        f"the column {name} of {path.name} is not made of numbers",
        detail,
        "remove the text, or export the recording again",
    )


def _few_names(path: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) > 100:
        raise InputError(
            f"the column foot of {path.name} does not name feet",
            f"it has {len(names)} different entries, such as {names[0][:30]!r}",
            "it must hold left, right or unknown",
        )
    return names


def _columns(
    foot_names: tuple[str, ...],
    foot: Codes,
    numbers: dict[str, Floats],
    notes: tuple[str, ...] = (),
) -> Columns:
    acc = np.column_stack([numbers[name] for name in ACC_COLUMNS])
    if GYR_COLUMNS[0] in numbers:
        gyr = np.column_stack([numbers[name] for name in GYR_COLUMNS])
    else:
        gyr = np.full(acc.shape, np.nan)
    return Columns(foot_names, foot, numbers["time"], acc, gyr, notes)
