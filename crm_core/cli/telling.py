"""After a command has changed the book: plugins are told, so that what they keep outside of it follows.

The change is made by then. What goes wrong here is said on stderr, and neither undoes it nor makes the command fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm_core.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.cli.app import App
    from crm_core.steps import Entry

HOOK: Final = "crm_changed"


def tell_changed(app: App) -> None:
    """Tell the plugins, if this run has written the book and one of them wants to know."""
    if not app.store.written:
        return
    try:
        if any(HOOK in plugin.hooks for plugin in app.host.plugins):
            _tell(app)
    except CrmError as error:
        _say(app, error)


def _tell(app: App) -> None:
    from crm_core.words import lasting_words

    book = app.open_book()

    def agenda() -> Sequence[Entry]:
        from crm_core.cli.export import typed_steps

        entries = typed_steps(app, book)
        if app.host.failed:
            names = ", ".join(plugin.name for plugin in app.host.failed)
            raise CrmError(f"It would lack the part of: {names}", "`crm plugins` says what went wrong.")
        return entries

    with lasting_words():
        for error in app.host.changed(book, agenda):
            _say(app, error)


def _say(app: App, error: CrmError) -> None:
    app.output.warn(f"{error.message}. {error.hint}".rstrip())
