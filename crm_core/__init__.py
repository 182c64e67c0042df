"""The core of the CRM, and all that a plugin may use of it.

`__all__` is the interface: what stands there is kept stable, all else may change from one version to the next. Names
are imported when they are first used, so that a plugin's entry module costs next to nothing. The core's own modules
never import from here. What is promised, and how a name goes, is in docs/plugin-authors/promise.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from crm_core.version import __version__

if TYPE_CHECKING:
    from crm_core.book import Book as Book
    from crm_core.book import Removal as Removal
    from crm_core.checklist import Row as Row
    from crm_core.checklist import check_row as check_row
    from crm_core.cli.context import json_option as json_option
    from crm_core.cli.context import pass_book as pass_book
    from crm_core.cli.context import show as show
    from crm_core.cli.context import show_one as show_one
    from crm_core.cli.context import talk as talk
    from crm_core.cli.context import told as told
    from crm_core.cli.dialog.asking import ask as ask
    from crm_core.cli.dialog.asking import confirm as confirm
    from crm_core.cli.dialog.asking import edit_text as edit_text
    from crm_core.cli.dialog.asking import progress as progress
    from crm_core.cli.dialog.asking import someone_there as someone_there
    from crm_core.cli.dialog.forms import FormPart as FormPart
    from crm_core.cli.dialog.forms import Remark as Remark
    from crm_core.cli.dialog.forms import edit_form as edit_form
    from crm_core.cli.dialog.forms import form_comment as form_comment
    from crm_core.cli.dialog.forms import form_parts as form_parts
    from crm_core.cli.dialog.forms import form_text as form_text
    from crm_core.cli.draft import again_option as again_option
    from crm_core.cli.draft import by_option as by_option
    from crm_core.cli.draft import show_coverage as show_coverage
    from crm_core.cli.draft import show_draft as show_draft
    from crm_core.cli.draft import show_drafts as show_drafts
    from crm_core.cli.given import check_period as check_period
    from crm_core.cli.given import has_come as has_come
    from crm_core.cli.params import APPLICATION as APPLICATION
    from crm_core.cli.params import COMPANY as COMPANY
    from crm_core.cli.params import CONTACT as CONTACT
    from crm_core.cli.params import DATE as DATE
    from crm_core.cli.params import INTERVIEW as INTERVIEW
    from crm_core.cli.params import LETTER as LETTER
    from crm_core.cli.params import NEXT_INTERVIEW as NEXT_INTERVIEW
    from crm_core.cli.params import WHEN as WHEN
    from crm_core.cli.screen.cells import fold_line as fold_line
    from crm_core.cli.screen.output import Column as Column
    from crm_core.cli.values import WEB_ADDRESS as WEB_ADDRESS
    from crm_core.commands import Command as Command
    from crm_core.contentlines import escaped_value as escaped_value
    from crm_core.contentlines import folded_line as folded_line
    from crm_core.dates import Deadline as Deadline
    from crm_core.dates import Moment as Moment
    from crm_core.dates import When as When
    from crm_core.dates import day_end as day_end
    from crm_core.dates import day_of as day_of
    from crm_core.dates import day_start as day_start
    from crm_core.dates import deadline as deadline
    from crm_core.dates import evening_after as evening_after
    from crm_core.dates import hours_after as hours_after
    from crm_core.dates import moment_of as moment_of
    from crm_core.dates import months_after as months_after
    from crm_core.errors import AmbiguousName as AmbiguousName
    from crm_core.errors import BookUnreadable as BookUnreadable
    from crm_core.errors import Conflict as Conflict
    from crm_core.errors import CrmError as CrmError
    from crm_core.errors import InputError as InputError
    from crm_core.errors import PartlyDone as PartlyDone
    from crm_core.errors import UnknownName as UnknownName
    from crm_core.exporting import Export as Export
    from crm_core.exporting import ExportedFile as ExportedFile
    from crm_core.exporting import Exporter as Exporter
    from crm_core.figures import Count as Count
    from crm_core.figures import Figure as Figure
    from crm_core.figures import Spread as Spread
    from crm_core.files import write_private_file as write_private_file
    from crm_core.hookspecs import hookimpl as hookimpl
    from crm_core.importing import Candidate as Candidate
    from crm_core.importing import Importer as Importer
    from crm_core.importing import LeftAlone as LeftAlone
    from crm_core.importing import Problem as Problem
    from crm_core.importing import TableColumn as TableColumn
    from crm_core.importing.people import import_people as import_people
    from crm_core.labels import USUAL_LABELS as USUAL_LABELS
    from crm_core.labels import usual_label as usual_label
    from crm_core.letters import Drafted as Drafted
    from crm_core.letters import LetterKind as LetterKind
    from crm_core.letters import Likeness as Likeness
    from crm_core.letters import alike as alike
    from crm_core.letters import blanks as blanks
    from crm_core.letters import draft_each as draft_each
    from crm_core.letters import draft_letter as draft_letter
    from crm_core.letters import draft_or_open as draft_or_open
    from crm_core.letters import mark_sent as mark_sent
    from crm_core.letters import open_letter as open_letter
    from crm_core.letters import open_thanks as open_thanks
    from crm_core.letters import sent_thanks as sent_thanks
    from crm_core.letters import since_start as since_start
    from crm_core.letters import stale_thanks as stale_thanks
    from crm_core.lookup import application_label as application_label
    from crm_core.lookup import employer_name as employer_name
    from crm_core.lookup import employer_of as employer_of
    from crm_core.lookup import ended_label as ended_label
    from crm_core.lookup import interview_label as interview_label
    from crm_core.network import CompanyIndex as CompanyIndex
    from crm_core.network import Staff as Staff
    from crm_core.network import fold as fold
    from crm_core.network.paths import Path as Path
    from crm_core.network.paths import PathFinder as PathFinder
    from crm_core.network.profiles import read_profile as read_profile
    from crm_core.pictures import LARGEST_PICTURE as LARGEST_PICTURE
    from crm_core.pictures import picture_kind as picture_kind
    from crm_core.pipeline import UNKNOWN_ROLE as UNKNOWN_ROLE
    from crm_core.pipeline import accepted_offer as accepted_offer
    from crm_core.pipeline import alive as alive
    from crm_core.pipeline import long_over as long_over
    from crm_core.pipeline import sent_between as sent_between
    from crm_core.pipeline import sent_on as sent_on
    from crm_core.records import NOTE_KINDS as NOTE_KINDS
    from crm_core.records import STAGES as STAGES
    from crm_core.records import Application as Application
    from crm_core.records import BusinessCard as BusinessCard
    from crm_core.records import Company as Company
    from crm_core.records import Contact as Contact
    from crm_core.records import FeedItem as FeedItem
    from crm_core.records import Interaction as Interaction
    from crm_core.records import Interview as Interview
    from crm_core.records import Label as Label
    from crm_core.records import Letter as Letter
    from crm_core.records import Mark as Mark
    from crm_core.records import Migration as Migration
    from crm_core.records import Move as Move
    from crm_core.records import Note as Note
    from crm_core.records import NoteKind as NoteKind
    from crm_core.records import OwnedBy as OwnedBy
    from crm_core.records import Part as Part
    from crm_core.records import Position as Position
    from crm_core.records import Profile as Profile
    from crm_core.records import Promise as Promise
    from crm_core.records import Question as Question
    from crm_core.records import Record as Record
    from crm_core.records import RecordKind as RecordKind
    from crm_core.records import Ref as Ref
    from crm_core.records import Seat as Seat
    from crm_core.records import Stage as Stage
    from crm_core.records import Version as Version
    from crm_core.search import Hit as Hit
    from crm_core.search import mentions as mentions
    from crm_core.settings import Me as Me
    from crm_core.settings import Section as Section
    from crm_core.sheets import guard_cell as guard_cell
    from crm_core.sheets import unguard_cell as unguard_cell
    from crm_core.steps import Agenda as Agenda
    from crm_core.steps import Entry as Entry
    from crm_core.steps import Step as Step
    from crm_core.steps import application_of as application_of
    from crm_core.texts import clean_text as clean_text
    from crm_core.texts import line_blocks as line_blocks
    from crm_core.texts import one_line as one_line
    from crm_core.texts import physical_lines as physical_lines
    from crm_core.thanks import Covered as Covered
    from crm_core.thanks import ThanksTimes as ThanksTimes
    from crm_core.thanks import coverage as coverage
    from crm_core.thanks import record_thanks as record_thanks
    from crm_core.thanks import thanks_missed as thanks_missed
    from crm_core.thanks import thanks_step as thanks_step
    from crm_core.thanks import why_no_thanks as why_no_thanks
    from crm_core.words import say_day as say_day
    from crm_core.words import say_on as say_on
    from crm_core.words import say_when as say_when

_HOMES = {
    "book": ("Book", "Removal"),
    "checklist": ("Row", "check_row"),
    "cli.dialog.asking": ("ask", "confirm", "edit_text", "progress", "someone_there"),
    "cli.screen.cells": ("fold_line",),
    "cli.context": ("json_option", "pass_book", "show", "show_one", "talk", "told"),
    "cli.draft": ("again_option", "by_option", "show_coverage", "show_draft", "show_drafts"),
    "cli.dialog.forms": ("FormPart", "Remark", "edit_form", "form_comment", "form_parts", "form_text"),
    "cli.given": ("check_period", "has_come"),
    "cli.screen.output": ("Column",),
    "cli.params": ("APPLICATION", "COMPANY", "CONTACT", "DATE", "INTERVIEW", "LETTER", "NEXT_INTERVIEW", "WHEN"),
    "cli.values": ("WEB_ADDRESS",),
    "commands": ("Command",),
    "contentlines": ("escaped_value", "folded_line"),
    "dates": (
        "Deadline",
        "Moment",
        "When",
        "day_end",
        "day_of",
        "day_start",
        "deadline",
        "evening_after",
        "hours_after",
        "moment_of",
        "months_after",
    ),
    "errors": ("AmbiguousName", "BookUnreadable", "Conflict", "CrmError", "InputError", "PartlyDone", "UnknownName"),
    "exporting": ("Export", "ExportedFile", "Exporter"),
    "figures": ("Count", "Figure", "Spread"),
    "files": ("write_private_file",),
    "hookspecs": ("hookimpl",),
    "importing": ("Candidate", "Importer", "LeftAlone", "Problem", "TableColumn"),
    "importing.people": ("import_people",),
    "labels": ("USUAL_LABELS", "usual_label"),
    "letters": (
        "Drafted",
        "LetterKind",
        "Likeness",
        "alike",
        "blanks",
        "draft_each",
        "draft_letter",
        "draft_or_open",
        "mark_sent",
        "open_letter",
        "open_thanks",
        "sent_thanks",
        "since_start",
        "stale_thanks",
    ),
    "lookup": ("application_label", "employer_name", "employer_of", "ended_label", "interview_label"),
    "network": ("CompanyIndex", "Staff", "fold"),
    "network.paths": ("Path", "PathFinder"),
    "network.profiles": ("read_profile",),
    "pictures": ("LARGEST_PICTURE", "picture_kind"),
    "pipeline": ("UNKNOWN_ROLE", "accepted_offer", "alive", "long_over", "sent_between", "sent_on"),
    "records": (
        "NOTE_KINDS",
        "STAGES",
        "Application",
        "BusinessCard",
        "Company",
        "Contact",
        "FeedItem",
        "Interaction",
        "Interview",
        "Label",
        "Letter",
        "Mark",
        "Migration",
        "Move",
        "Note",
        "NoteKind",
        "OwnedBy",
        "Part",
        "Position",
        "Profile",
        "Promise",
        "Question",
        "Record",
        "RecordKind",
        "Ref",
        "Seat",
        "Stage",
        "Version",
    ),
    "search": ("Hit", "mentions"),
    "settings": ("Me", "Section"),
    "sheets": ("guard_cell", "unguard_cell"),
    "steps": ("Agenda", "Entry", "Step", "application_of"),
    "texts": ("clean_text", "line_blocks", "one_line", "physical_lines"),
    "thanks": ("Covered", "ThanksTimes", "coverage", "record_thanks", "thanks_missed", "thanks_step", "why_no_thanks"),
    "words": ("say_day", "say_on", "say_when"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

# Names on their way out: where each is for as long as it works, and what to say of it, such as
# "old_name": ("words", "use crm_core.new_name; it goes with crm-core 0.4"). They stand in `_HOMES` no more.
_DEPRECATED: dict[str, tuple[str, str]] = {}

__all__ = ["__version__", *sorted(_HOME_OF)]  # noqa: PLE0604 (all are strings)


def __getattr__(name: str) -> Any:
    if name in _DEPRECATED:
        return _on_its_way_out(name)
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def _on_its_way_out(name: str) -> Any:
    """A deprecated name's value, which is not kept: each place that uses it is to hear of it."""
    import warnings

    home, advice = _DEPRECATED[name]
    warnings.warn(f"{__name__}.{name} is deprecated: {advice}", DeprecationWarning, stacklevel=3)
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return list(__all__)
