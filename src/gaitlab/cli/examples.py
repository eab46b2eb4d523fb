"""The simulated recordings that come with gaitlab: in the checkout, or inside the package."""

from pathlib import Path
from typing import Final

from gaitlab.cli.common import RECORDING_SUFFIXES
from gaitlab.model.errors import InputError

EXAMPLES: Final = ("distance_easy", "distance_race_kick", "sprinter_fly", "heel_striker_easy")
_PACKAGE = Path(__file__).resolve().parents[1]
FOLDERS: Final = (_PACKAGE / "bundled", _PACKAGE.parents[1] / "recordings")


def example_path(name: str, folders: tuple[Path, ...] = FOLDERS) -> Path:
    """Where the bundled recording ``name`` lies; InputError when this installation has none."""
    candidates = (folder / f"{name}{suffix}" for folder in folders for suffix in RECORDING_SUFFIXES)
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise InputError(
            f"the bundled recording {name!r} is missing",
            f"looked in {' and '.join(str(folder) for folder in folders)}",
            "install gaitlab again, or fetch a fresh copy of the project",
        )
    return found
