"""The command `crm`: its group, and the one place where errors become a line, a hint and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from crm_core.cli.app import App
from crm_core.cli.groups import LazyGroup
from crm_core.cli.screen.output import Output
from crm_core.cli.shell import COMPLETE
from crm_core.commands import Command
from crm_core.errors import CrmError
from crm_core.version import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

CORE_COMMANDS: Final[tuple[Command, ...]] = (
    Command("agenda", "What to do next, and by when", "crm_core.cli.agenda:agenda"),
    Command("application", "Applications and their stages", "crm_core.cli.application:application"),
    Command("backup", "Copy the book; list its copies", "crm_core.cli.backup:backup"),
    Command("card", "Business cards", "crm_core.cli.card:card"),
    Command("checklist", "The ten things to do after an interview", "crm_core.cli.checklist:checklist"),
    Command("company", "Employers, agencies, schools", "crm_core.cli.company:company"),
    Command("completion", "Complete command lines in your shell", "crm_core.cli.shell.command:completion"),
    Command("contact", "People", "crm_core.cli.contact:contact"),
    Command("demo", "Make a sample job search to try things on", "crm_core.cli.demo:demo"),
    Command("doctor", "What is wrong with the book, and what mends it", "crm_core.cli.doctor:doctor"),
    Command("done", "Record that a step was done", "crm_core.cli.step:done"),
    Command("export", "Write the book, or a part of it, for others", "crm_core.cli.export:export"),
    Command("find", "Find text anywhere in the book", "crm_core.cli.find:find"),
    Command("forget", "Forget a person for good", "crm_core.cli.forget:forget"),
    Command("help", "Read about dates, names, steps, files and more", "crm_core.cli.help:help_"),
    Command("history", "What happened to your book", "crm_core.cli.history:history"),
    Command("import", "Bring people in from a file", "crm_core.cli.import_:import_"),
    Command("interaction", "Exchanges with people", "crm_core.cli.interaction:interaction"),
    Command("interview", "Interviews: log, correct, record the outcome", "crm_core.cli.interview:interview"),
    Command("letter", "Letters: draft, edit, export, record as sent", "crm_core.cli.letter:letter"),
    Command("log", "Note an exchange with a person", "crm_core.cli.interaction:log"),
    Command("me", "Who you are: it signs your letters", "crm_core.cli.me:me"),
    Command("note", "Notes about interviews", "crm_core.cli.note:note"),
    Command("plugins", "What is installed, and how it fares", "crm_core.cli.plugins:plugins"),
    Command("redo", "Do again what was taken back", "crm_core.cli.history:redo"),
    Command("remind", "Be reminded by your system, day by day", "crm_core.cli.remind:remind"),
    Command("reopen", "Take back done, snooze or skip", "crm_core.cli.step:reopen"),
    Command("restore", "Put a copy back in the book's place", "crm_core.cli.restore:restore"),
    Command("settings", "Settings and where they are", "crm_core.cli.settings:settings"),
    Command("skip", "Drop a step for good", "crm_core.cli.step:skip"),
    Command("snooze", "Hide a step until a day", "crm_core.cli.step:snooze"),
    Command("stats", "How the search goes, in figures", "crm_core.cli.stats:stats"),
    Command("undo", "Take back the newest change, or any other", "crm_core.cli.history:undo"),
)

LEADING_OPTIONS: Final = ("--demo", "--no-plugins", "--plain", "--debug", "--version")
YOUNG_OBJECTS: Final = 200_000

EPILOG: Final = """\b
Start with:
  crm demo
  crm import contacts.vcf
  crm interview log Bluewater --at "yesterday 14:00" --with Mara
  crm help
"""


FAULT: Final = (
    "What was said to be done is done, nothing else is. `crm --debug ...` shows where it failed; please report it."
)


class CrmGroup(LazyGroup):
    """The core's commands, and those of the plugins of this run."""

    def lazy_commands(self, ctx: click.Context) -> Mapping[str, Command | click.Command]:
        """The core's own win over a plugin's of the same name."""
        app = ctx.find_object(App)
        return {**(app.host.commands(self.lazy) if app is not None else {}), **self.lazy}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; a core one is found without asking any plugin."""
        if cmd_name in self.lazy:
            return LazyGroup(lazy=self.lazy).get_command(ctx, cmd_name)
        return super().get_command(ctx, cmd_name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands without importing them, then options."""
        from click.shell_completion import CompletionItem

        commands = self.lazy_commands(ctx)
        names = [name for name in sorted(commands) if name.startswith(incomplete)]
        items = [CompletionItem(name, help=_one_line(commands[name])) for name in names]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]


def _one_line(command: Command | click.Command) -> str:
    return command.help if isinstance(command, Command) else command.get_short_help_str()


def build() -> CrmGroup:
    """The command group. The leading options are read by `App` before any command is looked up."""
    flag: Any = {"is_flag": True, "expose_value": False}
    return CrmGroup(
        name="crm",
        lazy={command.name: command for command in CORE_COMMANDS},
        callback=_agenda_if_alone,
        invoke_without_command=True,
        no_args_is_help=False,
        help="Keep the facts of your job search; be told what to do next. Alone it shows the agenda.",
        epilog=EPILOG,
        context_settings={"help_option_names": ["-h", "--help"]},
        params=[
            click.Option(["--demo"], help="Use the demo's book (see crm demo), never your own.", **flag),
            click.Option(["--no-plugins"], help="Run without any plugin.", **flag),
            click.Option(["--plain"], help="Print for a screen reader: no columns, no colours.", **flag),
            click.Option(["--debug"], help="Show tracebacks.", **flag),
            click.Option(["--version"], help="Show the version.", is_eager=True, callback=_version, **flag),
        ],
    )


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ, output: Output | None = None) -> int:
    """Run one command line.

    Args:
        argv: The command line without the program's name.
        environ: The environment.
        output: Where to show things; by default whatever suits stdout and stderr.

    Returns:
        The exit code: 0 done; 1 failed or conflict; 2 usage, ambiguous or unknown name; 3 partly done; 4 the book
        can't be read.
    """
    _open_closed_streams()
    app = App(argv, environ, output or Output.detect(environ, sys.stdout, sys.stderr))
    try:
        code = _invoke(app)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader had enough; what was to be written to the book is written.
        _silence()
        return 0
    except OSError as error:
        # What can go wrong with our own files is a CrmError: this is the disk behind stdout, or worse.
        return _failed(app, error)
    return code


def run() -> NoReturn:
    """The console command."""
    # A command lives a second and holds a book: looking through that again and again for cycles took a third of it.
    gc.set_threshold(YOUNG_OBJECTS)
    sys.exit(main(sys.argv[1:]))


def _invoke(app: App) -> int:
    """Run the command; unlike click's own `main`, leave errors of the streams to ours."""
    try:
        if app.environ.get(COMPLETE):
            from crm_core.cli.shell.answering import answer

            answer(build(), app.argv, app.environ, app.output)
            return 0
        group = build()
        # Told how wide the help is, click needs not import what finds it out.
        with group.make_context("crm", list(app.argv), obj=app, terminal_width=app.output.help_width) as context:
            try:
                result = group.invoke(context)
            finally:
                _tell_changed(app)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (CrmError, click.ClickException, click.Abort, KeyboardInterrupt) as error:
        return _explained(app, error)
    except OSError:
        raise
    except Exception as error:
        if app.strict:
            raise
        return _ended(app, error, f"this is a fault of crm or of a plugin: {type(error).__name__}: {error}", FAULT, 1)
    return result if isinstance(result, int) else 0


def _tell_changed(app: App) -> None:
    if app.made("store"):  # most commands that change nothing need no more to know that
        from crm_core.cli.telling import tell_changed

        tell_changed(app)


def _explained(app: App, error: CrmError | click.ClickException | click.Abort | KeyboardInterrupt) -> int:
    """What the user did, or what became of it, as a line and a hint."""
    if isinstance(error, CrmError):
        return _ended(app, error, error.message, error.hint, error.exit_code)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        for line in error.format_message().splitlines():
            app.output.talk(line)
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _ended(
            app, error, " ".join(error.format_message().split()).removesuffix("."), _usage_hint(error), error.exit_code
        )
    return _ended(
        app, error, "stopped; nothing was changed" if isinstance(error, click.Abort) else "interrupted", "", 1
    )


def _ended(app: App, error: BaseException, message: str, hint: str, code: int) -> int:
    if app.flags.debug:
        app.output.traceback(error)
    app.output.error(message, hint, code, as_json="--json" in app.argv)
    return code


def _usage_hint(error: click.ClickException) -> str:
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return ""
    if isinstance(error, click.NoSuchOption) and error.option_name in LEADING_OPTIONS:
        return f"{error.option_name} stands before the command: crm {error.option_name} ..."
    return f"{error.ctx.command_path} --help"


def _failed(app: App, error: OSError) -> int:
    if app.strict:
        raise error
    # stderr may be what fails
    with suppress(OSError):
        reason = (error.strerror or str(error)).lower()
        if error.filename:
            _ended(app, error, f"{error.filename}: {reason}", "", 1)
        else:
            hint = "A change that was to be made is in the book all the same: crm history"
            _ended(app, error, f"what there is to say can't be written: {reason}", hint, 1)
    _silence()
    return 1


def _agenda_if_alone() -> None:
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        from crm_core.cli.agenda import agenda

        context.invoke(agenda)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        app: Any = ctx.find_object(App)
        app.output.line(f"crm {__version__}")
        ctx.exit()


def _open_closed_streams() -> None:
    """Python has None for a stream that was closed when it started (`crm >&-`).

    Something must take its place, or the next file to be opened gets its number, and with it what is printed there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 (open to the end)


def _silence() -> None:
    """Python would complain on its way out that a stream could not be flushed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
