"""Starting up is quick because nothing heavy is imported before it is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gaitlab.recordings import exchange, load

HEAVY = ("scipy", "pandas", "matplotlib", "pyarrow", "bleak", "jinja2", "pooch")
CPU_LIMIT_S = 0.150
TRIES = 20  # a busy machine takes longer for the same work, not always

PROBE = """
import json, sys
sys.argv = json.loads(sys.argv[1])
try:
    {action}
except SystemExit:
    pass
print(json.dumps(sorted(m for m in sys.modules if "." not in m)), file=sys.stderr)
"""
RUN_MAIN = "from gaitlab.cli import main; main()"


def modules_after(action: str, argv: list[str], **environment: str) -> set[str]:
    """Top-level modules that are loaded once ``action`` has run in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(action=action), json.dumps(argv)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_importing_gaitlab_imports_nothing_heavy():
    assert not modules_after("import gaitlab", ["python"]) & {*HEAVY, "numpy", "click", "rich"}


@pytest.mark.parametrize(
    "command",
    ["", "analyze", "report", "compare", "demo", "samples", "potential", "reserve", "trend"],
)
def test_help_imports_nothing_heavy(command):
    argv = ["gaitlab", *command.split(), "--help"]
    assert not modules_after(RUN_MAIN, argv) & {*HEAVY, "numpy", "rich"}


def test_simulate_help_imports_nothing_heavy():
    assert not modules_after(RUN_MAIN, ["gaitlab", "simulate", "--help"]) & set(HEAVY)


def test_completion_imports_nothing_heavy():
    loaded = modules_after(
        RUN_MAIN,
        ["gaitlab"],
        _GAITLAB_COMPLETE="bash_complete",
        COMP_WORDS="gaitlab an",
        COMP_CWORD="1",
    )
    assert not loaded & set(HEAVY)


def test_the_radio_and_virtual_pods_wait_with_their_stacks_until_they_are_used():
    action = "import gaitlab.pod.radio, gaitlab.pod.virtual"
    assert not modules_after(action, ["python"]) & {*HEAVY, "bumble"}


def test_the_probe_sees_a_heavy_import():
    assert "pandas" in modules_after("import pandas", ["python"])


def test_help_is_quick():
    """CPU seconds of a whole ``gaitlab --help``, interpreter included; others use the core too."""
    probe = (
        "import subprocess, sys, resource\n"
        "subprocess.run([sys.executable, '-m', 'gaitlab', '--help'], stdout=subprocess.DEVNULL,"
        " check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)\n"
    )
    pytest.importorskip("resource", reason="CPU time of children is only known on POSIX")
    times_s = []
    while len(times_s) < TRIES and min(times_s, default=CPU_LIMIT_S) >= CPU_LIMIT_S:
        done = subprocess.run(
            [sys.executable, "-c", probe], capture_output=True, text=True, check=True
        )
        times_s.append(float(done.stdout))
    assert min(times_s) < CPU_LIMIT_S


def test_an_analysis_does_without_scipy():
    path = Path(__file__).parents[2] / "recordings" / "distance_easy.gait.parquet"
    action = (
        "import gaitlab.pipeline as p, gaitlab.recordings as r; "
        f"a = p.analyze(r.load({str(path)!r})); "
        "import gaitlab.tables as t; t.contacts_frame(a); t.summary_dict(a)"
    )
    assert "scipy" not in modules_after(action, ["python"])


def test_analysing_a_parquet_file_to_tables_does_without_pandas(tmp_path):
    bundled = Path(__file__).parents[2] / "recordings" / "distance_easy.gait.parquet"
    plain = tmp_path / "plain.parquet"
    exchange.save_plain(load(bundled), plain)
    for path in (bundled, plain):
        action = (
            "import gaitlab.pipeline as p, gaitlab.recordings as r, gaitlab.tables as t; "
            f"t.write_tables(p.analyze(r.load({str(path)!r})), {str(tmp_path)!r})"
        )
        assert not modules_after(action, ["python"]) & {"pandas", "scipy"}
