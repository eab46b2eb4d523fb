"""Questions over the results of many recordings, answered by DuckDB.

Views ``contacts``, ``segments`` and ``runs``, with ``athlete`` and ``date`` as text columns. The
database lives in memory, reads nothing outside the results and writes nowhere.
"""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gaitlab.batch.dataset import PACKED, TABLES, Results
from gaitlab.model.errors import InputError, UsageError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MOST_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A table, whether rows were left out because there were too many, and words about it."""

    frame: "pd.DataFrame"
    cut: bool = False
    notes: tuple[str, ...] = ()


def opened(results: Results) -> "duckdb.DuckDBPyConnection":
    """A database in memory with the views of one set; InputError when there are no results."""
    try:
        import duckdb
    except ImportError as error:
        raise UsageError(
            "questions need a library that is not installed",
            "it is an extra, because few need it",
            'pip install "gaitlab-running[archive]"',
        ) from error
    there = set(results.sets())
    if results.set not in there:
        raise InputError(
            f"there are no results {results.set} in {results.url}",
            "there are: " + (", ".join(sorted(there)) or "none"),
            "make them: gaitlab analyze LIBRARY; or name a set with --set",
        )
    folder = posixpath.join(results.root, results.set)
    db = duckdb.connect(":memory:")
    db.execute("SET python_enable_replacements = false")
    db.execute("SET autoinstall_known_extensions = false")
    db.execute("SET autoload_known_extensions = false")
    db.execute("SET allowed_directories = ?", [[f"{folder}/"]])
    db.execute("SET enable_external_access = false")
    try:
        for table in TABLES:
            if _is_plain_folder(results):
                db.execute(f"CREATE VIEW {table} AS {_source(results, folder, table)}")
            else:
                db.register(table, _through_arrow(results, folder, table))
    except (duckdb.Error, OSError, ValueError) as error:
        raise InputError(
            f"the results {results.set} in {results.url} cannot be read",
            " ".join(str(error).split())[:300],
            "analyse again: gaitlab analyze LIBRARY",
        ) from error
    db.execute("SET lock_configuration = true")
    return db


def _source(results: Results, folder: str, table: str) -> str:
    """The text of a view; an empty one where a table has no file."""
    packed = posixpath.join(folder, PACKED)
    if table == "runs" and results.fs.exists(packed):
        quoted = packed.replace("'", "''")
        return f"SELECT *, athlete_name AS athlete, day AS date FROM read_parquet('{quoted}')"
    pattern = posixpath.join(folder, table, "*", "*", "*.parquet").replace("'", "''")
    if not results.fs.exists(posixpath.join(folder, table)):
        return "SELECT NULL AS athlete, NULL AS date WHERE false"
    return (
        f"SELECT * FROM read_parquet('{pattern}', hive_partitioning = true, "
        "hive_types_autocast = false, union_by_name = true)"
    )


def _is_plain_folder(results: Results) -> bool:
    """True for a folder of this machine without letters that DuckDB takes for a pattern."""
    protocol = results.fs.protocol
    local = "file" in ((protocol,) if isinstance(protocol, str) else protocol)
    return local and not set(results.root) & set("*?[]{}")


def _through_arrow(results: Results, folder: str, table: str) -> Any:  # noqa: ANN401  # Arrow
    """One table of a set behind an address: runs as they are packed, others as a data set."""
    import pyarrow as pa
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    packed = posixpath.join(folder, PACKED)
    if table == "runs" and results.fs.exists(packed):
        with results.fs.open(packed, "rb") as file:
            rows = pq.read_table(file)
        return rows.append_column("athlete", rows["athlete_name"]).append_column(
            "date", rows["day"]
        )
    keys = pa.schema([("athlete", pa.string()), ("date", pa.string())])
    place = posixpath.join(folder, table)
    if not results.fs.exists(place):
        return keys.empty_table()
    names = [name for name in results.fs.find(place) if name.endswith(".parquet")]
    return ds.dataset(
        names, filesystem=results.fs, format="parquet",
        partitioning=ds.partitioning(keys, flavor="hive"), partition_base_dir=place,
    )  # fmt: skip


def ask(db: "duckdb.DuckDBPyConnection", sql: str, values: Sequence[Any] = ()) -> Answer:
    """The answer to one SELECT; UsageError with DuckDB's own words when it is none."""
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1:
            raise UsageError("one question at a time", f"there are {len(statements)}", "drop ';'")
        if statements[0].type != duckdb.StatementType.SELECT:
            kind = statements[0].type.name.lower().replace("_", " ")
            raise UsageError("only SELECT is a question", f"that is: {kind}", "begin with SELECT")
        asked = db.sql(sql, params=list(values)) if values else db.sql(sql)
        frame = asked.limit(MOST_ROWS + 1).df() if asked is not None else None
    except duckdb.Error as error:
        why = " ".join(str(error).split())[:300]
        raise UsageError(
            "the question cannot be answered", why, "columns: docs/archive.md"
        ) from error
    if frame is None:
        raise UsageError("that is no question", "it gives no table", "begin with SELECT")
    return Answer(frame.head(MOST_ROWS), len(frame) > MOST_ROWS)
