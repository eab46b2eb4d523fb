"""NAME.json beside a recording: who ran, with what, on what. Unknown keys are let through."""

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from gaitlab.model.errors import InputError
from gaitlab.model.recording import Athlete, Mark, Recording, Setup
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2
from gaitlab.recordings.atomic import replacing

MOST_BYTES = 8 * 1024**2
MOST_MARKS = 10_000
#: what each number may be; outside it the unit is probably another one
LIMITS: Final = {
    "mass_kg": (15.0, 300.0),
    "height_m": (0.8, 2.6),
    "leg_length_m": (0.3, 1.6),
    "acc_range_g": (1.0, 1000.0),
    "gyr_range_dps": (50.0, 20000.0),
    "sampling_rate_hz": (1.0, 20000.0),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sidecar says; None or empty where it says nothing."""

    name: str | None = None
    athlete: Athlete = field(default_factory=Athlete)
    setup: Setup = field(default_factory=Setup)
    marks: tuple[Mark, ...] = ()
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None
    sampling_rate_hz: float | None = None
    source: str | None = None
    simulated: bool = False
    notes: tuple[str, ...] = ()


def read_sidecar(recording: Path) -> Facts:
    """The facts beside ``recording``; empty ones when there is no sidecar.

    Raises InputError for a sidecar that is not a JSON object or has a senseless value.
    """
    path = recording.with_suffix(".json")
    if path == recording or not path.is_file():
        return Facts()
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _bad(
                path, f"it has {path.stat().st_size:,} bytes, at most {MOST_BYTES:,} make sense"
            )
        entries = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _bad(path, f"it cannot be read as JSON: {error}"[:200]) from error
    if not isinstance(entries, dict):
        raise _bad(path, f"it holds a {type(entries).__name__}, expected an object {{...}}")
    return facts_from(entries, path)


def facts_from(entries: dict[str, Any], path: Path) -> Facts:
    """The facts in a JSON object; ``path`` is only named in errors."""
    about = entries.get("athlete")
    person = {**entries, **about} if isinstance(about, dict) else entries
    name = person.get("name") if isinstance(about, dict) else about
    return Facts(
        name=_text(entries, "name", path),
        athlete=Athlete(
            _text({"athlete": name}, "athlete", path) or Athlete().name,
            _sex(person, path),
            *(_number(person, key, path) for key in ("mass_kg", "height_m", "leg_length_m")),
        ),
        setup=Setup(
            *(_text(entries, key, path) for key in ("placement", "surface", "shoe", "device"))
        ),
        marks=_marks(entries, path),
        acc_range_g=_number(entries, "acc_range_g", path),
        gyr_range_dps=_number(entries, "gyr_range_dps", path),
        sampling_rate_hz=_number(entries, "sampling_rate_hz", path),
        source=_text(entries, "source", path) or _text(entries, "source_repository", path),
        simulated=entries.get("simulated") is True,
        notes=_notes(entries.get("notes")),
    )


def write_sidecar(recording: Recording, path: Path) -> None:
    """Write what is known about ``recording`` to NAME.json beside ``path``."""
    athlete, setup = asdict(recording.athlete), asdict(recording.setup)
    named = recording.athlete.name != Athlete().name
    entries = {
        "name": recording.name,
        "athlete": athlete.pop("name") if named else None,
        **{key: value for key, value in athlete.items() if key != "name"},
        **setup,
        "acc_range_g": _common(recording, "acc_range_mps2", STANDARD_GRAVITY_MPS2),
        "gyr_range_dps": _common(recording, "gyr_range_radps", RAD_PER_DEG),
        "sampling_rate_hz": _common(recording, "declared_rate_hz", 1.0),
        "source": recording.source or None,
        "simulated": recording.simulated,
        "notes": list(recording.notes),
        "marks": [_known(asdict(mark)) for mark in recording.marks],
    }
    text = json.dumps(_known(entries), indent=1, ensure_ascii=False)
    with replacing(path.with_suffix(".json")) as file:
        file.write(text.encode() + b"\n")


def _known(entries: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if value is not None}


def _common(recording: Recording, key: str, unit: float) -> float | None:
    """What all pods share, in ``unit``; None when they differ or it is unknown."""
    values = {getattr(stream, key) for stream in recording.feet}
    value = values.pop() if len(values) == 1 else None
    return None if value is None else round(float(value / unit), 9)


def _notes(notes: object) -> tuple[str, ...]:
    if not isinstance(notes, list):
        return ()
    return tuple(note[:500] for note in notes[:100] if isinstance(note, str))


def _bad(path: Path, why: str) -> InputError:
    return InputError(
        f"{path.name}, the file beside the recording, makes no sense",
        why,
        "correct the entry, or remove the file to go without it",
    )


def _text(entries: dict[str, Any], key: str, path: Path) -> str | None:
    value = entries.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _bad(path, f"{key} is {json.dumps(value)[:60]}, expected text")
    return value.strip()[:500] or None


def _number(entries: dict[str, Any], key: str, path: Path) -> float | None:
    value = entries.get(key)
    if value is None:
        return None
    low, high = LIMITS.get(key, (-math.inf, math.inf))
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        wanted = f"{low:g} to {high:g}" if math.isfinite(high - low) else "a number"
        raise _bad(path, f"{key} is {json.dumps(value)[:60]}, expected {wanted}")
    return float(value)


def _sex(entries: dict[str, Any], path: Path) -> Literal["m", "f"] | None:
    word = (_text(entries, "sex", path) or "").lower()
    if word in {"m", "male", "man"}:
        return "m"
    if word in {"f", "female", "woman", "w"}:
        return "f"
    return None


def _marks(entries: dict[str, Any], path: Path) -> tuple[Mark, ...]:
    marks = entries.get("marks") or []
    if not isinstance(marks, list) or len(marks) > MOST_MARKS:
        raise _bad(path, f"marks must be a list of at most {MOST_MARKS} entries")
    return tuple(_mark(entry, path) for entry in marks)


def _mark(entry: object, path: Path) -> Mark:
    if not isinstance(entry, dict):
        raise _bad(path, f"a mark is {str(entry)[:60]!r}, expected time_s and label")
    time_s, distance_m = _number(entry, "time_s", path), _number(entry, "distance_m", path)
    if time_s is None or not math.isfinite(time_s):
        raise _bad(path, f"the mark {str(entry)[:60]} has no time_s")
    return Mark(time_s, _text(entry, "label", path) or "", distance_m)
