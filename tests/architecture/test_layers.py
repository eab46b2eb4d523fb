"""Arrows point one way: which part of gaitlab may import which."""

import ast
import sys
from pathlib import Path

import pytest

SPINE = {"model", "signal", "events", "strides", "metrics"}
MAY_IMPORT = {
    "": {"api"},  # gaitlab/__init__.py: names resolved on first use
    "__main__": {"cli"},
    "model": {"numpy"},
    "signal": {"model", "numpy", "scipy"},
    "events": {"model", "signal", "numpy"},
    "strides": {"model", "signal", "events", "numpy"},
    "metrics": {"model", "signal", "events", "strides", "numpy"},
    "recordings": {"model", "signal", "numpy", "scipy", "pandas", "pyarrow", "pooch"}
    | {"platformdirs", "fitdecode"},
    "pod": {"model", "signal", "numpy", "platformdirs", "bleak", "bumble", "usb1"},
    "capture": {"model", "signal", "pod", "recordings", "live", "numpy"},
    "simulate": {"model", "signal", "numpy", "scipy"},
    "memory": set(),
    "provenance": SPINE,
    "pipeline": SPINE | {"provenance", "numpy"},
    "live": SPINE | {"pipeline", "numpy"},
    "tables": SPINE | {"numpy", "pandas", "pyarrow", "fit_tool"},
    "coaching": SPINE | {"pipeline", "numpy", "scipy"},
    "report": SPINE | {"pipeline", "coaching", "numpy", "pandas", "matplotlib", "jinja2"},
    "api": SPINE | {"recordings", "pipeline", "tables", "coaching", "report", "pandas"},
    "library": {"model", "recordings", "numpy", "tomli_w"},
    "batch": SPINE
    | {"pipeline", "provenance", "recordings", "tables", "library", "memory"}
    | {"numpy", "pandas", "pyarrow"}
    | {"fsspec", "duckdb", "distributed"},
    "cli": SPINE
    | {"recordings", "simulate", "pipeline", "live", "tables", "coaching", "report"}
    | {"pod", "capture", "library", "batch", "memory"}
    | {"", "numpy", "pandas", "pyarrow", "click", "rich"},
}


def imported_names(tree: ast.AST) -> set[str]:
    """Dotted names of every import, at the top or inside a function; ``from a import b`` is a.b.

    TYPE_CHECKING imports count: an arrow is an arrow.
    """
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def part_of(dotted: str) -> str:
    """``gaitlab.signal.filters.x`` -> signal; ``scipy.signal`` -> scipy; ``gaitlab.load`` -> ''."""
    head, _, rest = dotted.partition(".")
    if head != "gaitlab":
        return head
    first = rest.split(".")[0]
    return first if first in MAY_IMPORT else ""


def forbidden(part: str, source: str) -> set[str]:
    """Names that a file of ``part`` imports against the arrows."""
    allowed = MAY_IMPORT[part] | {part} | sys.stdlib_module_names
    return {name for name in imported_names(ast.parse(source)) if part_of(name) not in allowed}


def source_files(project: Path) -> list[tuple[str, Path]]:
    root = project / "src" / "gaitlab"
    files = sorted(root.rglob("*.py"))
    return [(file.relative_to(root).parts[0].removesuffix(".py"), file) for file in files]


def test_every_import_follows_the_arrows(project):
    wrong = {}
    for part, file in source_files(project):
        found = forbidden("" if part == "__init__" else part, file.read_text(encoding="utf-8"))
        if found:
            wrong[str(file.relative_to(project))] = sorted(found)
    assert not wrong


def test_every_part_has_a_rule(project):
    parts = {part for part, _ in source_files(project)} - {"__init__"}
    assert parts <= set(MAY_IMPORT), "a new part needs a line in MAY_IMPORT"


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("model", "import scipy.signal"),
        ("model", "from gaitlab import pipeline"),
        ("signal", "def f():\n    from gaitlab.events import contacts"),
        ("events", "from gaitlab.report.pages.recording import write_report"),
        ("coaching", "import matplotlib.pyplot as plt"),
        ("report", "import gaitlab.cli.app"),
        ("recordings", "from gaitlab import analyze"),
    ],
)
def test_the_rule_sees_an_arrow_that_points_up(part, source):
    assert forbidden(part, source)


def test_only_the_report_draws(project):
    drawing = {
        part
        for part, file in source_files(project)
        if any(
            part_of(name) == "matplotlib"
            for name in imported_names(ast.parse(file.read_text(encoding="utf-8")))
        )
    }
    assert drawing <= {"report"}


def files_importing(project, package):
    root = project / "src" / "gaitlab"
    return {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if any(
            part_of(name) == package
            for name in imported_names(ast.parse(file.read_text(encoding="utf-8")))
        )
    }


def test_one_file_speaks_to_the_radio_and_the_virtual_pods_bring_their_own(project):
    assert files_importing(project, "bleak") == {"pod/radio.py", "pod/virtual/backend.py"}
    assert files_importing(project, "bumble") <= {
        f"pod/virtual/{name}.py" for name in ("__init__", "backend", "link", "pod")
    }
