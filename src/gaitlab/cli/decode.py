"""``gaitlab decode``: a journal read again with the decoders of this version."""

from pathlib import Path

import click

from gaitlab.cli import common, recover
from gaitlab.model.errors import UsageError


@click.command(
    name="decode", epilog="\b\nExample:\n  gaitlab decode monday.gait.journal -o again.gait.parquet"
)
@click.argument("journal", type=click.Path(path_type=Path))
@recover.out_option
@common.json_option
def command(journal: Path, out: Path | None, as_json: bool) -> None:
    """Make the recording of a kept journal again, with the decoders of this version.

    A journal holds what the pods sent, byte by byte: what a newer gaitlab understands better
    comes out better. The journal stays as it is.
    """
    if journal.is_file() and journal.suffix != ".arrow":
        raise UsageError(
            f"{journal.name} is not a journal",
            "a journal is the folder NAME.gait.journal that gaitlab record keeps while it records",
            f"a recording is read as it is: gaitlab analyze {journal}",
        )
    recover.make(journal, out or recover.new_file(journal), as_json, "decode")
