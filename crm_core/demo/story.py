"""The sample job search as tables: who, where, what was said and done. What they become is `demo/__init__.py`'s.

All of it is invented: nobody in it exists. Days are counted from the book's present; negative ones are past.
"""

from __future__ import annotations

from datetime import time
from typing import Final, Literal, NamedTuple

from crm_core.records import NoteKind, Outcome, Stage

COMPANIES: Final = (
    ("Bluewater Robotics", "Robots that count mussels, and the people who fish the robots out again."),
    ("Tandem & Thistle", "Courier co-operative. Forty bicycles, one hill."),
    ("Quillfish Press", "Almanacs and tide tables, on paper, on purpose."),
    ("Pelican Point Ferries", "Three ships: Maybe, Perhaps and Certainly. Certainly is in dry dock."),
    ("Marrow & Finch", "Nineteen bakeries. The sourdough is older than the firm."),
    ("Kestrel Hill Observatory", "They work nights. So does their recruitment."),
    ("Cobalt Orchard", "Forecasts harvests for cider makers; paid partly in cider."),
)


# Who has a page on a social network.
ONLINE: Final = ("Tandem & Thistle", "Petra Zoltan", "Ruth Sandoval")


class Person(NamedTuple):
    """A contact: where they work and worked, how we know them, whom they know."""

    name: str
    at: str
    title: str
    was_at: str = ""
    was: str = ""
    how: str = ""
    knows: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


_OLD: Final = "Northmole Shipping"
_MET: Final = "interviewed me"
_WORK: Final = "worked with me at Northmole"
PEOPLE: Final = (
    Person("Mara Lindqvist", "Bluewater Robotics", "Head of Field Data", "Saltmarsh Harbour", "Tide Clerk", _MET),
    Person("Tomas Vrba", "Bluewater Robotics", "Winch Engineer", "Pelican Point Ferries", "Fitter", _MET),
    Person("Inês Carvalho", "Bluewater Robotics", "People Partner", "Marrow & Finch", "Recruiter", _MET),
    Person("Jonah Okpara", "Bluewater Robotics", "Fleet Operator", _OLD, "Deck Officer", _WORK, ("Mara Lindqvist",)),
    Person("Petra Zoltan", "Tandem & Thistle", "Head of Routes", "Saltmarsh Council", "Road Planner", _MET),
    Person("Dunstan Pike", "Tandem & Thistle", "Founder", "Saltmarsh Post", "Postman", "will interview me"),
    Person("Callum Brandt", "Tandem & Thistle", "Senior Courier", how="delivered my CV, literally"),
    Person("Aiko Tanimura", "Tandem & Thistle", "Product Manager", "Cobalt Orchard", "Analyst", "evening course"),
    Person("Edda Fairweather", "Quillfish Press", "Production Director", "Quillfish Press", "Typesetter", _MET),
    Person("Hettie Sandgren", "Quillfish Press", "Almanac Editor", "Kestrel Hill Observatory", "Observer", _MET),
    Person("Bram Achterveld", "Quillfish Press", "Store Manager", _OLD, "Foreman", _WORK, ("Edda Fairweather",)),
    Person("Nilo Oyelaran", "Quillfish Press", "Print Buyer", how="book fair"),
    Person("Ruth Sandoval", "Pelican Point Ferries", "Operations Director", _OLD, "Captain", _MET),
    Person("Winifred Abara", "Pelican Point Ferries", "Captain of the Perhaps", how="let me steer once"),
    Person("Goran Mistry", "Pelican Point Ferries", "Crew Scheduler", how=_MET, knows=("Winifred Abara",)),
    Person("Leif Castellane", "Castellane Timetables", "Owner", "Pelican Point Ferries", "Timetable Analyst",
           "had the job before me", ("Ruth Sandoval",)),
    Person("Oona Marchbank", "Marrow & Finch", "Head of Supply", _OLD, "Buyer", _WORK),
    Person("Samir Kettleby", "Marrow & Finch", "Oven Scheduler", how="met in the queue"),
    Person("Beatrix Olawale", "Marrow & Finch", "Talent Partner", "Juniper Street Search", "Recruiter", "job fair"),
    Person("Ansel Thorne", "Kestrel Hill Observatory", "Night Director", how="open night"),
    Person("Yuki Parrish", "Kestrel Hill Observatory", "Almanac Liaison", "Quillfish Press", "Editor",
           "open night, third telescope from the left", ("Hettie Sandgren", "Ansel Thorne")),
    Person("Delphine Okoro", "Kestrel Hill Observatory", "HR Manager", how="answers at four in the morning"),
    Person("Rosalind Tamm", "Cobalt Orchard", "Head of Harvest", how="cider tasting, for professional reasons"),
    Person("Piotr Wendell", "Cobalt Orchard", "Data Engineer", "Bluewater Robotics", "Data Engineer", "evening course",
           ("Tomas Vrba", "Rosalind Tamm")),
    Person("Saoirse Lund", "Cobalt Orchard", "Recruiter", "Tandem & Thistle", "Courier", "job fair"),
    Person("Gideon Ashgrove", "Juniper Street Search", "Recruiter", how="job fair", knows=("Beatrix Olawale",)),
    Person("Nadia Quist", _OLD, "Head of Dispatch", how="was my boss", knows=("Ruth Sandoval",), tags=("reference",)),
    Person("Theo Marlowe", "Saltmarsh Council", "Harbour Planner", how="brother-in-law", tags=("family",),
           knows=("Ruth Sandoval", "Petra Zoltan", "Nadia Quist")),
    Person("Imogen Szabo", "Szabo & Daughter", "Interview Coach", how="job club", tags=("job club",)),
    Person("Lucian Abbot", "Saltmarsh Library", "Librarian", how="runs the job club", knows=("Imogen Szabo",),
           tags=("job club",)),
)  # fmt: skip


class Role(NamedTuple):
    """An application. Moves less than a week old are made in the present ISO week: the quota counts those."""

    company: str
    role: str
    moves: tuple[tuple[Stage, int], ...]
    source: str = ""
    note: str = ""
    closes: int | None = None
    respond_by: int | None = None


ROLES: Final = (
    Role("Pelican Point Ferries", "Timetable Analyst", (("applied", -44),), "Theo Marlowe", respond_by=6),
    Role("Tandem & Thistle", "Route Planner", (("applied", -13),), "their notice board"),
    Role("Quillfish Press", "Production Planner", (("applied", -11),), "Bram Achterveld"),
    Role("Bluewater Robotics", "Field Data Analyst", (("wishlist", -23), ("applied", -20)), "Jonah Okpara"),
    Role("Marrow & Finch", "Demand Forecaster", (("applied", -31), ("rejected", -9)), "Gideon Ashgrove",
         "The job went to somebody who can bake."),
    Role("Marrow & Finch", "Supply Planner", (("applied", 0),), "careers page", "The rejection was about another job."),
    Role("Cobalt Orchard", "Harvest Analyst", (("wishlist", -8), ("applied", -1)), "Piotr Wendell"),
    Role("Kestrel Hill Observatory", "Almanac Data Editor", (("wishlist", -2),), "Yuki Parrish", closes=9),
    Role("Kestrel Hill Observatory", "Night Coordinator", (("applied", -62), ("ghosted", -21)), "open night",
         "They may simply be asleep."),
    Role("Pelican Point Ferries", "Cabin Scheduler", (("applied", -40), ("withdrawn", -26)), "careers page",
         "Nights, every night."),
)  # fmt: skip


class Meeting(NamedTuple):
    """An interview, on a day at a time, or ended so many hours ago: at least, best, at most. The first seat leads."""

    role: str
    kind: str
    panel: tuple[str, ...]
    on: tuple[int, time] | None = None
    ended: tuple[float, float, float] = (0, 0, 0)
    length: int = 60
    round: int = 1
    hear_by: int | None = None
    hear_how: str = ""
    outcome: tuple[Outcome, int] | None = None


MEETINGS: Final = (
    Meeting("Timetable Analyst", "on site", ("Ruth Sandoval", "Goran Mistry"), (-34, time(11)), outcome=("offer", -6)),
    Meeting("Route Planner", "video", ("Petra Zoltan",), (-3, time(14)), length=45, outcome=("next-round", -1)),
    Meeting("Production Planner", "on site", ("Edda Fairweather", "Hettie Sandgren"), ended=(25, 30, 46), hear_by=3,
            hear_how="by telephone, to the front desk"),
    Meeting("Field Data Analyst", "on site", ("Mara Lindqvist", "Tomas Vrba", "Inês Carvalho"), ended=(15, 20, 23.5),
            length=90, hear_by=6, hear_how="by e-mail to Inês"),
    Meeting("Route Planner", "on site", ("Dunstan Pike", "Petra Zoltan"), (1, time(10)), round=2),
    Meeting("Timetable Analyst", "on board", ("Ruth Sandoval", "Winifred Abara"), (5, time(14, 10)), round=2),
)  # fmt: skip

# The interview (its place in MEETINGS), about whom, of what kind, what.
NOTES: Final[tuple[tuple[int, str, NoteKind, str], ...]] = (
    (0, "Ruth Sandoval", "problem", "The timetable is a spreadsheet of 41 tabs. Nobody may open tab 17."),
    (1, "Petra Zoltan", "problem", "The couriers ignore the planned routes because of one hill."),
    (2, "Edda Fairweather", "talked", "Almanacs sell out in November and come back in February."),
    (3, "Mara Lindqvist", "talked", "One seal has eaten two robots. Both logs stop in the middle of a word."),
    (3, "Mara Lindqvist", "problem", "Field data comes eight days late: on a memory stick, by bus."),
    (3, "Tomas Vrba", "talked", "His winches, and why the third one sings."),
    (3, "Tomas Vrba", "learned", "Fourteen robots, each named after somebody's aunt."),
    (3, "Inês Carvalho", "learned", "The three of them decide together; only the dog has a veto."),
    (3, "Inês Carvalho", "impression", "Warm and quick. Wrote down what I said, not what she hoped for."),
)

# To whom, in which interview if in one, what; made on which day if in none, due, kept.
PROMISES: Final[tuple[tuple[str, int | None, str, int, int, int | None], ...]] = (
    ("Ruth Sandoval", 0, "send the tide tables that Excel can read", 0, -31, -32),
    ("Petra Zoltan", 1, "send route 9 without the hill", 0, -1, None),
    ("Edda Fairweather", 2, "send the names of two references", 0, 0, None),
    ("Theo Marlowe", None, "give back the book about knots", -10, 5, None),
)

# With whom, on which day, by which channel, which way, what about.
INTERACTIONS: Final[tuple[tuple[str, int, str, Literal["in", "out"], str], ...]] = (
    ("Jonah Okpara", -22, "chat", "out", "Asked what Bluewater is like from the inside"),
    ("Jonah Okpara", -21, "chat", "in", "Good people, wet boots. Will put in a word with Mara"),
    ("Jonah Okpara", -21, "chat", "out", "Thanked him, in capital letters"),
    ("Oona Marchbank", -9, "phone", "out", "Asked how it went. No, kindly; there may be something in spring"),
    ("Nadia Quist", -8, "phone", "out", "Asked her to be a reference"),
    ("Nadia Quist", -7, "email", "in", "Gladly, and she has prepared three anecdotes"),
    ("Nadia Quist", -7, "email", "out", "Chose the anecdote without the parrot"),
    ("Ruth Sandoval", -6, "phone", "in", "Made the offer between two ferries"),
    ("Theo Marlowe", -5, "meeting", "out", "Coffee. He had told four people before the bill came"),
    ("Gideon Ashgrove", -4, "email", "in", "Has 'something with spreadsheets'. No details, as ever"),
    ("Ruth Sandoval", -1, "email", "in", "The draft contract, and which day would suit me to begin"),
)

# For which role, to ask in which interview, what; asked on which day, and the answer.
QUESTIONS: Final[tuple[tuple[str, int, str, int | None, str], ...]] = (
    ("Timetable Analyst", 0, "What is in tab 17?", -34, "A macro of somebody's predecessor. It sails the ship."),
    ("Timetable Analyst", 5, "Who covers when the Certainly is back from dry dock?", None, ""),
    ("Route Planner", 4, "Who decides that a route is finished?", None, ""),
    ("Route Planner", 4, "Has anybody thought of a lift for the hill?", None, ""),
)

THANKS: Final = """\
Dear Petra,

thank you for the conversation about Tandem & Thistle, and for drawing the hill on the back of my CV.
I have kept the page.

You said that the couriers leave the planned routes as soon as they see the slope. I would begin there: ride with three
of them for a week, write down where they turn off, and plan from that instead of against it.

I would very much like to do this with you.

Robin Vale
"""
# After which interview, by which channel, how many hours after its end, subject and text.
LETTERS: Final = ((0, "post", 5, "", ""), (1, "email", 18, "Thank you, and the hill", THANKS))
