"""`crm completion`: what makes a shell complete command lines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from crm_core.cli.context import output, talk

SCRIPTS: Final = Path(__file__).with_name("scripts")
HOW: Final = {
    "bash": (
        "mkdir -p ~/.local/share/bash-completion/completions",
        "crm completion bash > ~/.local/share/bash-completion/completions/crm",
    ),
    "zsh": (
        "mkdir -p ~/.zfunc && crm completion zsh > ~/.zfunc/_crm",
        "and in ~/.zshrc, before compinit: fpath+=~/.zfunc",
    ),
    "fish": ("crm completion fish > ~/.config/fish/completions/crm.fish",),
}
"""How each shell is told for good."""


@click.command(
    epilog="""\b
Examples:
  crm completion bash > ~/.local/share/bash-completion/completions/crm
  crm completion zsh > ~/.zfunc/_crm
  crm completion fish > ~/.config/fish/completions/crm.fish
"""
)
@click.argument("shell", type=click.Choice(list(HOW)))
def completion(shell: str) -> None:
    """Print what makes your shell complete command lines by the Tab key.

    Commands, options, and names and ids from your book. Nothing is installed: save what is printed where your shell
    looks for it.
    """
    output().block((SCRIPTS / f"crm.{shell}").read_text("utf-8"))
    if output().columns is not None:
        for line in ("To have it in every new shell:", *HOW[shell]):
            talk(line)
