"""Help, version, completion, errors and exit statuses."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from gaitlab.cli.app import COMMANDS, error_text, exit_status
from gaitlab.model.errors import (
    AnalysisError,
    DeviceError,
    InputError,
    OutputError,
    RateError,
    UnitsError,
    UsageError,
)


def test_help_lists_every_command_under_its_group(gaitlab):
    result = gaitlab("--help")
    assert result.status == 0
    for name, entry in COMMANDS.items():
        assert f"{entry.section}:" in result.out
        assert f"  {name} " in result.out


def test_no_arguments_show_the_help(gaitlab):
    assert gaitlab().out == gaitlab("--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_page_ends_with_an_example(gaitlab, name):
    result = gaitlab(name, "--help")
    assert result.status == 0
    _, _, example = result.out.rpartition("Example")
    assert f"gaitlab {name}" in example
    assert "Options:" not in example


def test_version_is_the_one_of_the_distribution(gaitlab):
    from importlib.metadata import version

    assert gaitlab("--version").out == f"gaitlab {version('gaitlab-running')}\n"


def test_a_typo_is_answered_with_the_nearest_command(gaitlab):
    result = gaitlab("analize", "x.parquet")
    assert result.status == 2
    assert "did you mean 'analyze'?" in result.err
    assert len(result.err.strip().splitlines()) == 3


def test_a_wrong_option_is_answered_with_the_nearest_one(gaitlab):
    result = gaitlab("analyze", "--otu", "x")
    assert result.status == 2
    assert "--out" in result.err
    assert len(result.err.strip().splitlines()) == 3


def test_a_missing_argument_is_a_usage_error(gaitlab):
    assert gaitlab("analyze").status == 2
    assert gaitlab("report").status == 2


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (AnalysisError, 1),
        (OutputError, 1),
        (UsageError, 2),
        (InputError, 3),
        (UnitsError, 3),
        (RateError, 3),
        (DeviceError, 4),
    ],
)
def test_each_error_has_its_exit_status_and_three_lines(kind, status):
    error = kind("what went\nwrong", "why", "what to do")
    assert exit_status(error) == status
    assert click.unstyle(error_text(error)) == "error: what went wrong\n  why\n  what to do"


def test_a_fault_of_ours_has_no_traceback_unless_asked(gaitlab, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("gaitlab.cli.common.analyze_file", broken)
    quiet = gaitlab("report", "x.parquet")
    loud = gaitlab("report", "x.parquet", "--debug")
    assert (quiet.status, loud.status) == (1, 1)
    assert "Traceback" not in quiet.err
    assert "ZeroDivisionError" in quiet.err
    assert "Traceback" in loud.err


def test_ctrl_c_leaves_with_130(gaitlab, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("gaitlab.cli.common.analyze_file", interrupted)
    result = gaitlab("report", "x.parquet")
    assert result.status == 130
    assert "Traceback" not in result.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_of_that_shell(gaitlab, shell):
    result = gaitlab("completion", shell)
    assert result.status == 0
    assert f"_GAITLAB_COMPLETE={shell}_complete" in result.out


def test_completion_of_an_unknown_shell_is_a_usage_error(gaitlab):
    assert gaitlab("completion", "dos").status == 2


def test_the_program_leaves_with_the_status_of_its_command():
    done = subprocess.run(
        [sys.executable, "-m", "gaitlab", "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: no such command")


def test_no_color_is_honoured(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" in error_text(InputError("what"))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in error_text(InputError("what"))


def _list_to(out) -> subprocess.Popen:
    asked = [sys.executable, "-m", "gaitlab", "simulate", "--list"]
    return subprocess.Popen(asked, stdout=out, stderr=subprocess.PIPE, text=True)


def test_who_has_read_enough_gets_no_error():
    asked = _list_to(subprocess.PIPE)
    asked.stdout.close()
    with asked.stderr as stream:
        assert stream.read() == ""
    assert asked.wait(30) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_no_fault_of_the_program():
    with Path("/dev/full").open("w") as full:
        asked = _list_to(full)
        err = asked.communicate(timeout=30)[1]
    assert (asked.returncode, "cannot write the output: no space left" in err) == (1, True), err
