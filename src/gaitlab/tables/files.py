"""Tables and summary on disk: all of them, or none."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitlab.model.analysis import Analysis, Measured, record_of
from gaitlab.model.errors import OutputError
from gaitlab.tables.frames import CONTACT_COLUMNS, contacts_frame, segments_frame
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
    contacts, segments = contacts_frame(analysis), segments_frame(analysis)
    writers: dict[str, Callable[[Path], object]] = {
        "contacts.parquet": partial(_write_parquet, contacts, "contacts"),
        "segments.parquet": partial(_write_parquet, segments, "segments"),
        "summary.json": partial(_write_json, summary_dict(analysis)),
    }
    if csv:
        writers["contacts.csv"] = partial(_write_csv, contacts)
        writers["segments.csv"] = partial(_write_csv, segments)
    return write_together({folder / f"{name}.{kind}": write for kind, write in writers.items()})


def write_contacts(analysis: Analysis | Measured, path: Path) -> None:
    """The contacts table alone, as CSV or Parquet by the suffix; OutputError when it fails."""
    frame = contacts_frame(analysis)
    csv = path.suffix.lower() == ".csv"
    write = partial(_write_csv, frame) if csv else partial(_write_parquet, frame, "contacts")
    write_together({path: write})


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


def _write_parquet(frame: "pd.DataFrame", table_name: str, path: Path) -> None:
    from pyarrow import parquet

    parquet.write_table(arrow_table(frame, table_name), path)


def arrow_table(frame: "pd.DataFrame", table_name: str) -> "pa.Table":
    """Fixed types (an empty text column stays text) and units in the metadata."""
    import pyarrow as pa

    schema = pa.schema([(column, _arrow_type(frame, column)) for column in frame.columns])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    metadata = {
        "gaitlab.schema": f"gaitlab.{table_name}",
        "gaitlab.schema_version": str(SCHEMA_VERSION),
    }
    if table_name == "contacts":
        metadata["gaitlab.units"] = json.dumps(CONTACT_COLUMNS)
    return table.replace_schema_metadata(metadata)


def _arrow_type(frame: "pd.DataFrame", column: str) -> "pa.DataType":
    import pyarrow as pa

    kinds = {"f": pa.float64(), "i": pa.int64(), "u": pa.int64(), "b": pa.bool_()}
    return kinds.get(frame[column].dtype.kind, pa.string())


def _write_csv(frame: "pd.DataFrame", path: Path) -> None:
    frame.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def _write_json(summary: dict[str, Any], path: Path) -> None:
    text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
