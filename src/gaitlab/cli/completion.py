"""``gaitlab completion``: the script that makes Tab work."""

import click

SHELLS = ("bash", "zsh", "fish")


@click.command(
    name="completion",
    epilog='\b\nExample:\n  eval "$(gaitlab completion bash)"   # put this line in ~/.bashrc',
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL; let your shell read it at start-up."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is not None:
        root = ctx.find_root().command
        click.echo(kind(root, {}, "gaitlab", "_GAITLAB_COMPLETE").source())
