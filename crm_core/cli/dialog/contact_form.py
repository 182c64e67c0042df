"""A person as a form in the editor, for `crm contact edit` without options: what stands in it, what is read from it.

What was left as it stood is left as it is in the book, however little of it the form shows: a date, a company behind a
printed name. A heading that is taken out leaves its field alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from msgspec.structs import replace

from crm_core.cli.dialog.forms import FormPart, Remark, edit_form, form_comment, form_lines, form_parts, form_text
from crm_core.cli.params import CONTACT
from crm_core.cli.reached import Reached, read_labelled_email, read_reached, say_reached, with_labels
from crm_core.cli.values import read_birthday, read_name
from crm_core.cli.workplaces import Workplaces
from crm_core.errors import InputError
from crm_core.network.profiles import read_profile
from crm_core.records import Contact, Position, Ref
from crm_core.texts import one_line

if TYPE_CHECKING:
    from crm_core.book import Book

HELP: Final = """\
What you take away under a heading is taken out of the book. Lines like this one are not read."""
OPTION: Final = "an option, such as --title"
BAR: Final = " | "


Lines: TypeAlias = list[tuple[str, Any]]
"""What stands under a heading, each line with what it stands for."""


class Field(NamedTuple):
    """A heading of the form.

    Args:
        heading: As `crm contact show` calls it.
        name: The contact's field.
        about: What to write there; may be empty.
    """

    heading: str
    name: str
    about: str = ""


ONE_LINE: Final = (
    Field("name", "name"),
    Field("called", "nickname"),
    Field("birthday", "birthday", "4 May 1990, or 4 May without the year"),
    Field("introduced by", "introduced_by", "Who brought you together: a name or an id"),
)
LINES: Final = (
    Field("works at", "present", "A line a place: organisation | title"),
    Field("worked at", "former", "Likewise"),
    Field("e-mail", "emails", "A line each, with what it is for: mara@example.com (work)"),
    Field("phone", "phones", "A line each: +49 30 5550123 (work)"),
    Field("profiles", "profiles", "A line each: an address, or network:handle"),
    Field("knows", "knows", "A line each: a name or an id"),
    Field("tags", "tags", "A line each"),
)
TEXTS: Final = (Field("address", "address"), Field("how known", "how"), Field("note", "note"))
ORDER: Final = (
    "name", "called", "works at", "worked at", "e-mail", "phone", "profiles", "address", "birthday", "how known",
    "introduced by", "knows", "tags", "note",
)  # fmt: skip
BY_HEADING: Final = {field.heading: field for field in (*ONE_LINE, *LINES, *TEXTS)}


def edit_in_editor(book: Book, contact: Contact, save: Callable[[dict[str, Any]], None]) -> bool:
    """Open the form, until nothing is wrong with it or the user gives up.

    Args:
        book: Where names are looked up.
        contact: The person.
        save: Records the fields that were changed; told none if only the form was.

    Returns:
        Whether anything in the form was changed.

    Raises:
        CrmError: As `edit_form`; the hint says where the text is kept.
    """
    form = Form(book, contact)

    def use(text: str) -> Sequence[Remark]:
        changes, remarks = form.read(text)
        if not remarks:
            save(changes)
        return remarks

    return edit_form(form.text, use, OPTION)


class Form:
    """A person's form.

    Args:
        book: Where names are looked up.
        contact: The person as they are.
    """

    def __init__(self, book: Book, contact: Contact) -> None:
        self._book = book
        self._contact = contact
        self._workplaces = Workplaces(book)
        self._lines = {
            field.name: [(line, known) for line, known in self._known(field.name) if line]
            for field in (*ONE_LINE, *LINES)
        }

    @property
    def text(self) -> str:
        """What the editor opens with."""
        blocks = [form_comment(f"{self._contact.id} {one_line(self._contact.name)}\n{HELP}")]
        for heading in ORDER:
            field = BY_HEADING[heading]
            lines = [f"## {heading}", *([form_comment(field.about)] if field.about else [])]
            blocks.append("\n".join([*lines, *self._shown(field)]))
        return "\n\n".join(blocks) + "\n"

    def read(self, text: str) -> tuple[dict[str, Any], list[Remark]]:
        """The fields that were changed, and what is wrong."""
        reading = _Reading(text)
        changes: dict[str, Any] = {}
        for field in (*ONE_LINE, *LINES):
            if field.heading in reading.headings:
                reading.take(changes, field, self._lines[field.name], partial(self._read, field.name))
        for field in TEXTS:
            before = getattr(self._contact, field.name)
            written = reading.texts.get(field.heading)
            if written is not None and written != _as_read(before):
                changes[field.name] = written
        reading.check_one_line(changes)
        return ({}, reading.remarks) if reading.remarks else (self._fields(changes), [])

    def _shown(self, field: Field) -> Iterable[str]:
        if field in TEXTS:
            text = getattr(self._contact, field.name)
            return [form_text(text)] if text else []
        return [form_text(line) for line, _ in self._lines[field.name]]

    def _known(self, name: str) -> Lines:
        """The lines under a heading, each with what it stands for."""
        contact = self._contact
        if name in {"present", "former"}:
            return [(_say_position(p), p) for p in contact.positions if p.current == (name == "present")]
        value = getattr(contact, name)
        values = value if isinstance(value, tuple) else tuple(filter(None, [value]))
        if name in {"emails", "phones"}:
            said = zip(say_reached(contact, values), values, strict=True)
            return [(one_line(line), Reached(text, contact.label_of(text))) for line, text in said]
        if name == "profiles":
            return [(one_line(profile.url or f"{profile.network}:{profile.handle}"), profile) for profile in values]
        if name in {"knows", "introduced_by"}:
            return [(one_line(f"{ref} {self._name_of(ref)}"), Ref[Contact](ref)) for ref in values]
        return [(one_line(text), text) for text in values]

    def _name_of(self, ref: str) -> str:
        person = self._book.contacts.find(ref)
        return person.name if person is not None else ""

    def _read(self, name: str, line: str, left: Sequence[Any]) -> Any:
        """What a new line stands for, where these are not there any more."""
        readers: Mapping[str, Callable[[str], Any]] = {
            "present": lambda line: self._position(line, left, former=False),
            "former": lambda line: self._position(line, left, former=True),
            "emails": lambda line: _said(read_labelled_email(line)),
            "phones": lambda line: _said(read_reached(line)),
            "profiles": read_profile,
            "knows": self._person,
            "introduced_by": self._person,
            "name": read_name,
            "birthday": read_birthday,
        }
        return readers.get(name, str)(line)

    def _person(self, line: str) -> Ref[Contact]:
        found = self._book.contacts.find(line.split(maxsplit=1)[0])
        return Ref(found.id if found is not None else CONTACT.convert(line, None, None).id)

    def _position(self, line: str, left: Sequence[Position], *, former: bool) -> Position:
        """A place of work: one that was under the other heading, one with another title now, else a new one."""
        moved: Position | None = dict(self._lines["present" if former else "former"]).get(line)
        if moved is not None:
            return replace(moved, former=True) if former else replace(moved, former=False, until=None)
        organisation, _, title = (part.strip() for part in line.partition("|"))
        same = next((known for known in left if one_line(known.organisation) == organisation), None)
        if same is not None:
            return replace(same, title=title)
        return self._workplaces.position(organisation, title, former=former)

    def _fields(self, changes: dict[str, Any]) -> dict[str, Any]:
        """The contact's own fields."""
        if "present" in changes or "former" in changes:
            places = (changes.pop(name, [known for _, known in self._lines[name]]) for name in ("present", "former"))
            changes["positions"] = tuple(position for place in places for position in place)
        if "name" in changes:
            # The parts that a card gave are those of the old name.
            changes |= {"given": "", "family": ""}
        return with_labels(self._contact, changes)


class _Reading:
    """A filled-in form, and what is wrong with it."""

    def __init__(self, text: str) -> None:
        parts = form_parts(text)
        self.remarks: list[Remark] = []
        self.headings: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        for part in parts:
            self._begin(part)
        self._written: dict[str, list[FormPart]] = {}
        for line in form_lines(text):
            self._written.setdefault(line.heading, []).append(line)

    def _begin(self, part: FormPart) -> None:
        if not part.heading:
            if part.text:
                self.remarks.append(Remark(part.line, "This stands under no heading."))
        elif part.heading not in BY_HEADING:
            self.remarks.append(Remark(part.line, f"There is no heading of that name. There are: {', '.join(ORDER)}."))
        elif part.heading in self.headings:
            self.remarks.append(Remark(part.line, "This heading is there twice."))
        else:
            self.headings[part.heading] = part.line
            self.texts[part.heading] = part.text

    def take(
        self, changes: dict[str, Any], field: Field, known: Lines, read: Callable[[str, Sequence[Any]], Any]
    ) -> None:
        """Put what stands under a heading into the changes, if it is not what stood there."""
        lines = self._written.get(field.heading, [])
        if [line.text for line in lines] == [line for line, _ in known]:
            return
        left = [*known]
        kept = [_taken(left, line.text) for line in lines]
        gone = [value for _, value in left]
        values = []
        for line, value in zip(lines, kept, strict=True):
            try:
                values.append(read(line.text, gone) if value is None else value)
            except InputError as error:
                self.remarks.append(Remark(line.line, f"{error.message}. {error.hint}"))
        changes[field.name] = tuple(dict.fromkeys(values))

    def check_one_line(self, changes: dict[str, Any]) -> None:
        """What is one thing stands on one line, and a name must be there."""
        for field in ONE_LINE:
            values = changes.get(field.name)
            if values is None:
                continue
            if len(values) > 1:
                line = self._written[field.heading][1].line
                self.remarks.append(Remark(line, "There can be only one line here."))
            if not values and field.name == "name" and not self.remarks:
                self.remarks.append(Remark(self.headings["name"] + 1, "Somebody must have a name."))
            changes[field.name] = values[0] if values else None if field.name == "introduced_by" else ""


def _taken(left: Lines, text: str) -> Any:
    """What a line that was there stands for, taken out of those; None for a new one."""
    place = next((place for place, (line, _) in enumerate(left) if line == text), None)
    return None if place is None else left.pop(place)[1]


def _say_position(position: Position) -> str:
    title = f"{BAR}{one_line(position.title)}" if position.title else ""
    return f"{one_line(position.organisation)}{title}".strip()


def _said(reached: Reached) -> Reached:
    """What stands in the form is all that is said: without brackets nothing is."""
    return reached._replace(label=reached.label or "")


def _as_read(text: str) -> str:
    """A text as it is read from a form that it was put into."""
    return form_parts(f"## x\n{form_text(text)}")[-1].text
