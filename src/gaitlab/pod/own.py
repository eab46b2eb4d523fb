"""The user's own pods: descriptions in the folder ``own_pods`` of the user's configuration."""

from functools import cache
from pathlib import Path

from gaitlab.pod.protocols.description import DescriptionError, PodDescription, read_description

FOLDER_NAME = "own_pods"
ENDINGS = (".toml", ".json")


def own_folder() -> Path:
    """Where descriptions of own pods are looked for; it need not exist."""
    import platformdirs

    return platformdirs.user_config_path("gaitlab") / FOLDER_NAME


@cache
def own_descriptions(folder: Path) -> tuple[PodDescription, ...]:
    """All descriptions in ``folder``, by name of file; read once in a run of the program.

    Raises DescriptionError, with the name of the file, for the first one that cannot be used.
    """
    if not folder.is_dir():
        return ()
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS)
    return tuple(_read(file) for file in files)


def _read(file: Path) -> PodDescription:
    try:
        return read_description(file.read_text(encoding="utf-8"))
    except DescriptionError as error:
        raise DescriptionError(f"{file}: {error.what}", error.why, error.todo) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DescriptionError(f"{file} cannot be read", str(error), "move it away") from error
