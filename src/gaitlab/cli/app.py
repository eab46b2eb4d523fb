"""The command group: grouped help, lazy commands, errors as three short lines."""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Final, NamedTuple

import click

from gaitlab.model.errors import GaitlabError

INTERRUPTED: Final = 130
FAILED: Final = 1
FULL: Final = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


class Settings(NamedTuple):
    """What holds for every command of one call."""

    debug: bool


class Entry(NamedTuple):
    """One line of ``gaitlab --help``; the command itself lives in ``gaitlab.cli.<module>``."""

    section: str
    module: str
    short: str


COMMANDS: Final = {
    "demo": Entry("Start here", "demo", "See it work without a pod: reports from bundled runs."),
    "record": Entry("Record", "record", "Two pods on the shoes: live table and crash-safe file."),
    "pods": Entry("Record", "pods", "Which pods are near, and are they fit for running?"),
    "replay": Entry("Record", "replay", "The live table from a stored recording."),
    "analyze": Entry("Measure", "analyze", "Contacts, strike and cadence of recordings as tables."),
    "report": Entry("Measure", "report", "One recording as one self-contained page."),
    "compare": Entry("Measure", "compare", "Athletes, or parts of a run, side by side."),
    "plot": Entry("Measure", "plot", "Strike patterns and more as pictures: PNG, SVG or PDF."),
    "band": Entry("Measure", "band", "A reference band made of your own athletes' recordings."),
    "race": Entry("Measure", "race", "Laps, last stretches and the kick of a distance race."),
    "session": Entry("Measure", "session", "Every repetition of a whole session, by kind."),
    "drill": Entry("Measure", "drill", "Timed sprint, flying 30, ins and outs, hops and bounds."),
    "potential": Entry("Measure", "potential", "The chance at a distance event from best times."),
    "reserve": Entry("Measure", "reserve", "Speed reserve: top speed beside race speed."),
    "trend": Entry("Measure", "trend", "Top speed, easy pace and contact over a season."),
    "reference": Entry("Measure", "reference", "A watch or foot pod beside a recording."),
    "correction": Entry("Measure", "correction", "Your own correction of contact times, fitted."),
    "calibrate": Entry("Measure", "calibrate", "A personal length factor from a known distance."),
    "recover": Entry("Record", "recover", "A recording from what a crash left behind."),
    "decode": Entry("Record", "decode", "A kept journal, decoded again."),
    "doctor": Entry("Record", "doctor", "Clock, loss, clipping, battery, mounting of a recording."),
    "sync": Entry("Record", "sync", "How far apart in time two feet are, by hops that both felt."),
    "library": Entry("Archive", "library", "A folder of recordings: add, list, tag, check."),
    "query": Entry("Archive", "query", "One question over all results."),
    "diff": Entry("Archive", "diff", "Which numbers a new program changes."),
    "import": Entry("Recordings", "import_", "Other makers' files as a recording."),
    "export": Entry("Recordings", "export", "FIT for watches' services, CSV, Parquet, plain form."),
    "samples": Entry("Recordings", "samples", "Published open recordings: list and fetch."),
    "simulate": Entry("Recordings", "simulate", "Make a recording whose truth is known."),
    "virtual-pod": Entry("Record", "virtual_pod", "A spare Bluetooth dongle plays a foot pod."),
    "completion": Entry("Shell", "completion", "Tab completion for bash, zsh and fish."),
}


class ReaderGoneError(Exception):
    """Whoever read the output has closed it."""


@contextmanager
def _closed_pipes() -> Iterator[None]:
    """ReaderGoneError for a closed pipe, before click or rich end the program with status 1."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except SystemExit as gone:
        if isinstance(gone.__context__, BrokenPipeError):
            raise ReaderGoneError from gone
        raise


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it is used."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401  # click's
        with _closed_pipes():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as click has it
        with _closed_pipes():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"gaitlab.cli.{COMMANDS[cmd_name].module}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise _unknown_command(args[0], ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section in dict.fromkeys(entry.section for entry in COMMANDS.values()):
            with formatter.section(section):
                formatter.write_dl(
                    [(name, it.short) for name, it in COMMANDS.items() if it.section == section]
                )


class UnknownCommandError(click.UsageError):
    """A command that does not exist, with the nearest one that does."""

    def __init__(self, message: str, guess: str, ctx: click.Context) -> None:
        super().__init__(message, ctx)
        self.guess = guess


def _unknown_command(name: str, ctx: click.Context) -> UnknownCommandError:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    guess = f"did you mean {near[0]!r}?" if near else "it is not one of gaitlab's commands"
    return UnknownCommandError(f"no such command {name!r}", guess, ctx)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from gaitlab import __version__

        click.echo(f"gaitlab {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExample:\n  gaitlab analyze monday.parquet --out results",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
    help="Show the version and leave.",
)  # fmt: skip
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Running mechanics from shoe-worn motion sensors.

    A recording of two pods goes in; ground contacts, foot strike, cadence, contact and flight
    time, step length and speed come out, as tables and as a page for the coach.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; errors are printed, not raised.

    ``--debug`` may stand anywhere before a ``--``. When whoever reads the output has seen enough
    (``| head``), the rest goes nowhere and the status is 0.
    """
    try:
        return _run(arguments)
    except (BrokenPipeError, ReaderGoneError):
        _hush()
        return 0


def _hush() -> None:
    """Send what is still to be printed nowhere: the flush at the end would fail once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(nowhere, stream.fileno())


def _run(arguments: Sequence[str]) -> int:
    arguments = list(arguments)
    end = arguments.index("--") if "--" in arguments else len(arguments)
    debug = "--debug" in arguments[:end]
    kept = [word for i, word in enumerate(arguments) if i >= end or word != "--debug"]
    try:
        status = app.main(kept, prog_name="gaitlab", standalone_mode=False, obj=Settings(debug))
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except (BrokenPipeError, ReaderGoneError):
        raise
    except Exception as error:  # the one place where a fault becomes a message
        if debug:
            import traceback

            traceback.print_exc(file=sys.stderr)
        else:
            click.echo(error_text(error), err=True)
        return exit_status(error)
    return status if isinstance(status, int) else 0


def exit_status(error: BaseException) -> int:
    """What the process returns for ``error``: 1 failed, 2 usage, 3 input, 4 device."""
    if isinstance(error, GaitlabError | click.ClickException):
        return error.exit_status if isinstance(error, GaitlabError) else error.exit_code
    return FAILED


def error_text(error: BaseException) -> str:
    """Three short lines: what went wrong, why, and what to do."""
    what, why, todo = (" ".join(line.split()) for line in error_lines(error))
    rest = "".join(f"\n  {line}" for line in (why, todo) if line)
    mark = "error:" if os.environ.get("NO_COLOR") else click.style("error:", fg="red", bold=True)
    return f"{mark} {what}{rest}"


def error_lines(error: BaseException) -> tuple[str, str, str]:
    """What, why and what to do, of an error of ours, of the command line, or of a fault."""
    if isinstance(error, GaitlabError):
        return error.what, error.why, error.todo
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "gaitlab"
        why = getattr(error, "guess", "") or _usage_line(context)
        return error.format_message().rstrip("."), why, f"'{path} --help' shows how it is used"
    if isinstance(error, OSError) and error.errno in FULL:
        return (
            f"cannot write the output: {os.strerror(error.errno or 0).lower()}",
            error.filename or "the place that the output goes to takes no more",
            "make room, or send the output to another place",
        )
    return (
        f"gaitlab itself failed: {type(error).__name__}: {error}",
        "this is a fault of the program, not of your recording",
        "run the same again with --debug and send us what it prints",
    )


def _usage_line(context: Any) -> str:  # noqa: ANN401  # a click.Context, or None
    if context is None:
        return ""
    pieces = context.command.collect_usage_pieces(context)
    return f"usage: {context.command_path} {' '.join(pieces)}"
