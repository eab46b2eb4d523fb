"""Tables and summary on disk: all of them, or none."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitlab.model.analysis import Analysis, Measured, record_of
from gaitlab.model.errors import OutputError
from gaitlab.model.units import Bools
from gaitlab.tables.frames import (
    CONTACT_COLUMNS,
    contacts_frame,
    contacts_table,
    segments_frame,
    segments_table,
)
from gaitlab.tables.summary import SCHEMA_VERSION, summary_dict

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def write_tables(
    analysis: Analysis | Measured, folder: Path | str, *, csv: bool = False, name: str | None = None
) -> list[Path]:
    """Write NAME.contacts.parquet, NAME.segments.parquet and NAME.summary.json to ``folder``.

    csv : also the two tables as CSV;  name : NAME, the recording's own name when None.
    All files appear or none: each is written under a temporary name first.
    Raises OutputError when the folder cannot be made or written to.
    """
    folder, name = Path(folder), name or record_of(analysis).recording.name
    contacts, segments = contacts_table(analysis), segments_table(analysis)
    writers: dict[str, Callable[[Path], object]] = {
        "contacts.parquet": partial(_write_parquet, contacts, "contacts"),
        "segments.parquet": partial(_write_parquet, segments, "segments"),
        "summary.json": partial(_write_json, summary_dict(analysis)),
    }
    if csv:
        writers["contacts.csv"] = partial(_write_csv, contacts_frame(analysis))
        writers["segments.csv"] = partial(_write_csv, segments_frame(analysis))
    return write_together({folder / f"{name}.{kind}": write for kind, write in writers.items()})


def write_contacts(analysis: Analysis | Measured, path: Path) -> None:
    """The contacts table alone, as CSV or Parquet by the suffix; OutputError when it fails."""
    if path.suffix.lower() == ".csv":
        write_together({path: partial(_write_csv, contacts_frame(analysis))})
    else:
        write_together({path: partial(_write_parquet, contacts_table(analysis), "contacts")})


def write_together(writers: dict[Path, Callable[[Path], object]]) -> list[Path]:
    """Write every file through its writer under a temporary name, then rename them all.

    Raises OutputError, with no temporary file left, when any of them cannot be written.
    """
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in writers}
    try:
        for path, write in writers.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write(temporary[path])
        for path in writers:
            temporary[path].replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {next(iter(writers)).name}",
            f"{error.strerror or error} ({next(iter(writers)).parent})",
            "choose another folder with --out, or free some space in this one",
        ) from error
    finally:
        for path in temporary.values():
            _remove(path)
    return list(writers)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # its folder is a file, or is gone: then nothing was written either
        return


def _write_parquet(columns: dict[str, np.ndarray], table_name: str, path: Path) -> None:
    from pyarrow import parquet

    parquet.write_table(arrow_table(columns, table_name), path)


def arrow_table(columns: dict[str, np.ndarray], table_name: str) -> "pa.Table":
    """Columns (k,) with fixed types (an empty text column stays text), units in the metadata.

    NaN becomes null. Made of bare buffers: Arrow's own conversions load pandas first, which
    takes longer than everything else that ``gaitlab analyze`` does with a minute of running.
    """
    import pyarrow as pa

    arrays = {name: _arrow_array(values) for name, values in columns.items()}
    metadata = {
        "gaitlab.schema": f"gaitlab.{table_name}",
        "gaitlab.schema_version": str(SCHEMA_VERSION),
    }
    if table_name == "contacts":
        metadata["gaitlab.units"] = json.dumps(CONTACT_COLUMNS)
    schema = pa.schema([(name, array.type) for name, array in arrays.items()], metadata=metadata)
    return pa.Table.from_arrays(list(arrays.values()), schema=schema)


def _arrow_array(values: np.ndarray) -> "pa.Array":
    """An Arrow array of float64, int64, bool or string, by the kind of ``values`` (k,)."""
    import pyarrow as pa

    n, kind = len(values), values.dtype.kind
    if kind == "f":
        whole = np.ascontiguousarray(values, np.float64)
        there = ~np.isnan(whole)
        bits = None if there.all() else _bits(there)
        return pa.Array.from_buffers(pa.float64(), n, [bits, pa.py_buffer(whole)])
    if kind == "b":
        return pa.Array.from_buffers(pa.bool_(), n, [None, _bits(values)])
    if kind in "iu":
        whole = np.ascontiguousarray(values, np.int64)
        return pa.Array.from_buffers(pa.int64(), n, [None, pa.py_buffer(whole)])
    words = [str(word).encode() for word in values]
    ends = np.zeros(n + 1, np.int32)
    np.cumsum([len(word) for word in words], out=ends[1:])
    text = pa.py_buffer(b"".join(words))
    return pa.Array.from_buffers(pa.string(), n, [None, pa.py_buffer(ends), text])


def _bits(mask: Bools) -> "pa.Buffer":
    import pyarrow as pa

    return pa.py_buffer(np.packbits(mask, bitorder="little"))


def _write_csv(frame: "pd.DataFrame", path: Path) -> None:
    frame.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def _write_json(summary: dict[str, Any], path: Path) -> None:
    text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
