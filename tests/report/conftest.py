"""Made-up runners whose numbers are known."""

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))


@pytest.fixture(scope="session")
def made_up():
    path = Path(__file__).parents[1] / "coaching" / "made_up.py"
    spec = importlib.util.spec_from_file_location("made_up", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def race(made_up):
    return made_up.runner("Ada Example", warnings=("left pod: 1 gap of 0.2 s at 40 s",))


@pytest.fixture(scope="session")
def page(race):
    """The page of one recording."""
    from gaitlab.report.pages.recording import report_html

    return report_html(race)


@pytest.fixture(scope="session")
def pair(race, made_up):
    """The page of two runners with little in common."""
    from gaitlab.coaching.comparison.study import study_of
    from gaitlab.coaching.numbers.select import parts_of
    from gaitlab.report.pages.comparison import comparison_html

    other = made_up.runner("Ben Example", made_up.race(500, 6.0, 7.2), 9.0, seed=4)
    return comparison_html(study_of(parts_of((race, other))))


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all pages; what it cannot do here is skipped and said."""
    from browser import Browser, BrowserError
    from gaitlab.report.pages.pdf import find_browser

    program = find_browser()
    if program is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine: no page is looked at")
    try:
        opened = Browser(program)
    except (BrowserError, OSError) as error:
        pytest.skip(f"the browser does not run here: {error}")
    with opened:
        yield opened
