"""``gaitlab drill``: the coach's tests, one command each."""

import click

from gaitlab.cli.drill_flying import flying
from gaitlab.cli.drill_ins_outs import ins_outs
from gaitlab.cli.drill_plyo import plyo
from gaitlab.cli.drill_sprint import sprint


@click.group(
    name="drill",
    epilog="\b\nExample:\n  gaitlab drill sprint --split 10=1.90 --split 20=3.05 --split 30=4.09",
)
def command() -> None:
    """Sprint tests and drills: what a coach writes down, with its error band."""


command.add_command(sprint)
command.add_command(flying)
command.add_command(ins_outs)
command.add_command(plyo)
