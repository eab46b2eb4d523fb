"""Pods that this user has worn before: which serial number sits on which foot."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gaitlab.model.errors import OutputError
from gaitlab.model.recording import FEET, Foot

FILE_NAME = "pods.json"


@dataclass(frozen=True, slots=True)
class KnownPod:
    """A pod by its serial number; the address is only good on this computer."""

    serial: str
    foot: Foot
    profile: str = ""
    name: str = ""
    address: str = ""


def known_file(folder: Path | None = None) -> Path:
    """Where pods are remembered: the user's own configuration unless ``folder`` is given."""
    if folder is not None:
        return folder / FILE_NAME
    import platformdirs

    return platformdirs.user_config_path("gaitlab") / FILE_NAME


def known_pods(folder: Path | None = None) -> dict[str, KnownPod]:
    """The remembered pods by serial number; none when the file is missing or damaged."""
    try:
        content = json.loads(known_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    rows = content.get("pods") if isinstance(content, dict) else None
    pods = (_pod(row) for row in rows) if isinstance(rows, list) else ()
    return {pod.serial: pod for pod in pods if pod is not None}


def _pod(row: Any) -> KnownPod | None:  # noqa: ANN401  # whatever stands in the file
    if not isinstance(row, Mapping):
        return None
    names = KnownPod.__dataclass_fields__
    values = {name: row.get(name, "") for name in names}
    if not all(isinstance(value, str) for value in values.values()):
        return None
    return KnownPod(**values) if values["serial"] and values["foot"] in FEET else None


def remember(pod: KnownPod, folder: Path | None = None) -> None:
    """Remember ``pod``; another pod that was on this foot keeps its place until it is moved.

    Raises OutputError when the file cannot be written; what it held before stays.
    """
    _write({**known_pods(folder), pod.serial: pod}, known_file(folder))


def forget(serial: str, folder: Path | None = None) -> bool:
    """Forget one pod; False when it was not known."""
    pods = known_pods(folder)
    if pods.pop(serial, None) is None:
        return False
    _write(pods, known_file(folder))
    return True


def _write(pods: Mapping[str, KnownPod], file: Path) -> None:
    rows = [asdict(pods[serial]) for serial in sorted(pods)]
    text = json.dumps({"version": 1, "pods": rows}, ensure_ascii=False, indent=1)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise OutputError(
            f"cannot remember the pods in {file}",
            error.strerror or str(error),
            "check that the folder is writable; the recording itself goes on",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
