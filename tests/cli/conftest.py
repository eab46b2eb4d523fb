"""The command line with the analysis replaced by a made-up one."""

from pathlib import Path

import pytest

from gaitlab.cli import common
from gaitlab.model.errors import AnalysisError, InputError


@pytest.fixture
def faked(monkeypatch, make_analysis):
    """Files called bad* cannot be read, dull* hold nothing, buggy* hit a fault of ours."""

    def analyze_file(path: Path, assume_units: str | None = None, *_: float):
        if path.name.startswith("bad"):
            raise InputError(f"cannot read {path.name}", "it has 0 bytes", "record it again")
        if path.name.startswith("dull"):
            raise AnalysisError(f"nothing in {path.name}", "no stride was found", "check the pods")
        if path.name.startswith("buggy"):
            raise ZeroDivisionError("division by zero")
        return make_analysis(name=common.output_name(path))

    monkeypatch.setattr(common, "analyze_file", analyze_file)
