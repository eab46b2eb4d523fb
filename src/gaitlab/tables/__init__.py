"""An analysis as tables and files: the fixed outputs that other programs rely on.

``contacts`` (one row per ground contact), ``segments`` (one row per stretch of one activity)
and ``summary`` (everything else, as JSON). Degrees instead of radians, words instead of codes,
NaN in tables and null in JSON for what is not known. Means are over valid contacts only.
"""

from gaitlab.tables.files import write_tables, write_together
from gaitlab.tables.frames import (
    CONTACT_COLUMNS,
    METRICS,
    contact_rows,
    contacts_frame,
    segments_frame,
)
from gaitlab.tables.summary import SCHEMA_VERSION, plain, strike_shares, summary_dict

__all__ = [
    "CONTACT_COLUMNS",
    "METRICS",
    "SCHEMA_VERSION",
    "contact_rows",
    "contacts_frame",
    "plain",
    "segments_frame",
    "strike_shares",
    "summary_dict",
    "write_tables",
    "write_together",
]
