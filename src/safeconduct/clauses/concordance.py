"""`concordance`: reports of one and the same thing say the same of it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.page import FIELDS, PATTERNS, PLAN, RUN, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, comparable, may_match, same_key, same_subject
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.selection import listed
from safeconduct.clauses.wording import alike, any_of
from safeconduct.kernel.errors import BadInput
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import read_patterns

Topic = tuple[Hashable, str]
"""A thing that events speak of, and a field that they may say of it."""


@dataclass(frozen=True)
class Concordance:
    """Events matching `of` that have and are equal in all of `same` speak of one thing. For each such e and each field
    of `equal` that it has: every f that speaks of the same thing and has the field, at the latest moment before e.at at
    which there is one, or at e.at itself, has it equal; else (`differs`, same, e.at)."""

    header: ClauseHeader
    of: Patterns
    same: tuple[str, ...]
    equal: tuple[str, ...]

    def sentence(self) -> str:
        """What the clause asks."""
        return f"Reports of {any_of(self.of)}{alike(self.same)} agree in {listed(self.equal)}."

    @property
    def compared(self) -> tuple[str, ...]:
        """What makes two events speak of one thing, and what they say of it."""
        return self.same + self.equal

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.of

    def judges_plan(self, types: Collection[str], /) -> bool:
        """Whether `of` can match one of these types."""
        return may_match(self.of, types)

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every report that contradicts the one before."""
        reports = day.matching(self.of)
        saying: dict[Topic, list[Event]] = defaultdict(list)
        for event in reports:
            for topic in self.topics(event):
                saying[topic].append(event)
        for event in reports:
            yield from self.compare(day, event, partial(_up_to, saying, event))

    def topics(self, event: Event) -> list[Topic]:
        """What an event says something about."""
        if any(key not in event.fields for key in self.same):
            return []
        thing = same_key(event, self.same)
        return [(thing, field) for field in self.equal if field in event.fields]

    def compare(self, day: Phrasing, event: Event, up_to: Callable[[Topic], list[Event]]) -> Iterator[Finding]:
        """One report. `up_to`: those on a topic at its moment, and at the latest before it at which there are any."""
        fields: list[str] = []
        others: list[Event] = []
        for topic in self.topics(event):
            said = comparable(event.fields[topic[1]])
            different = [one for one in up_to(topic) if comparable(one.fields[topic[1]]) != said]
            if different:
                fields.append(topic[1])
                others += different
        if fields:
            yield Finding(
                "differs",
                same_subject(event, self.same),
                event.at_us,
                expected=f"the same {listed(fields)} as in {day.describe(others[0])}{_number(others[0], fields)}",
                seen=f"{day.describe(event)}{_number(event, fields) or ' says otherwise'}",
                evidence=(event.id, *dict.fromkeys(one.id for one in others)),
            )


def read_concordance(header: ClauseHeader, _: Agreement) -> Concordance:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    of = read_patterns(table, "of")
    same, equal = table.texts("same", minimum=1), table.texts("equal", minimum=1)
    for index, field in enumerate(equal):
        if field in same:
            what = f"{field!r} stands in 'same' as well: reports that are equal in it cannot differ in it"
            fault = table.document.fault((*table.path, "equal", index), what, "remove it from one of the two")
            raise BadInput(fault)
    return Concordance(header, of, same, equal)


def _up_to(saying: Mapping[Topic, list[Event]], event: Event, topic: Topic) -> list[Event]:
    """What was said on a topic at the latest moment before an event, and at its own moment."""
    events = saying[topic]
    first = bisect_left(events, event.at_us, key=_at)
    last = bisect_right(events, event.at_us, key=_at)
    return events[bisect_left(events, events[first - 1].at_us, key=_at) if first else 0 : last]


def _number(event: Event, fields: list[str]) -> str:
    """A count is told with the words; other values may tell who somebody is."""
    count = event.fields.get("count")
    return f": {count:,}" if "count" in fields and type(count) in (int, float) else ""


def _at(event: Event) -> int:
    return event.at_us


CONCORDANCE_PAGE = KindPage(
    kind="concordance",
    summary="reports of one and the same thing say the same of it",
    judges=(PLAN, RUN),
    meaning=(
        "Events that match `of`, have all fields of `same` and are equal in them speak of one thing. For each such e, "
        "and each field of `equal` that it has: every f that speaks of the same thing and has the field, at the latest "
        "moment before e at which there is one, or at the moment of e itself, has it equal. So a report is held "
        "against the latest before it: two who go on contradicting each other go on being told, and a correction that "
        "both make ends it. A field that a report lacks says nothing. It is one kind for what must not change (a "
        "seal, a digest, an inventory), what two sides must say alike (a total, a birth date), and what may belong to "
        "one only (a wristband to a person, an identity to a line of the list). A plan is judged where `of` can match "
        "what a plan says."
    ),
    formula=(
        "ALWAYS FORALL k, s, x, y. says(k, s, x) AND (says(k, s, y) OR last(k, s, y)) IMPLIES x = y\n"
        "with says(k, s, x) = EXISTS e. of(e, s) AND e has x in k of `equal`\n"
        "     last(k, s, y): says(k, s, y) at the latest moment before now at which anything says(k, s, .)"
    ),
    source=(
        "The particulars by which a person is known are passed on exactly (GC III, art. 122); remains are told apart "
        "and identified (art. 120). Seals, bands and signed totals are how custody is proven in practice: of one "
        "transfer of remains in June 2025 the sides' totals differed by three."
    ),
    duty=("Both sides sign the same totals: expected the same count as in signed, 09:00: 1; signed, 09:01: 2."),
    parameters=(
        Parameter("of", PATTERNS, "The reports that are held against each other.", required=True),
        Parameter("same", FIELDS, "In which fields they must be equal to speak of one thing.", required=True),
        Parameter(
            "equal", FIELDS, "The fields in which those must say the same, none of them in `same`.", required=True
        ),
    ),
    rules=(Rule("differs", "the `same` values", "the later report", "it contradicts the one before"),),
    example="""
[[clause]]
id = "totals-agree"
kind = "concordance"
of = { type = "signed", what = "protocol" }
same = ["subject"]
equal = ["count"]
text = "Both sides sign the same totals."
""",
)
"""What the kind says of itself."""
