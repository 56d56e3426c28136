"""`claim`: what somebody says has happened, told as a claim once enough sources say so."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from safeconduct.agreement.terms import Agreement, ClauseHeader
from safeconduct.clauses.day import Day
from safeconduct.clauses.extent import BETWEEN, NEAR, Extent, Positions, positions_of, read_extent
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.page import DURATION, FIELDS, PATTERNS, RUN, WHOLE, KindPage, Parameter, Rule
from safeconduct.clauses.patterns import Patterns, comparable, read_same, same_key, same_subject
from safeconduct.clauses.phrasing import Phrasing, confidence_of
from safeconduct.clauses.selection import listed
from safeconduct.clauses.wording import alike, any_of
from safeconduct.kernel.times import HOUR_US, format_duration
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.pattern import read_patterns

WITHIN_US = HOUR_US
"""Unless the terms say otherwise: what is seen from two posts is reported within the hour."""


@dataclass(frozen=True)
class Claim:
    """Claims are the events matching `of`, inside as for `absence`. A claim c is a breach (`claimed`, same, c.at) if
    the claims equal in `same` from c.at - within to c.at come from at least `sources` sources: different values of the
    field `source`; all claims without one come from one source."""

    header: ClauseHeader
    of: Patterns
    inside: Extent
    same: tuple[str, ...] = ()
    sources: int = 1
    within_us: int = WITHIN_US

    def sentence(self) -> str:
        """What the clause asks."""
        never = f"There must be no {any_of(self.of)}{self.inside.words()}"
        if self.sources == 1:
            return f"{never}; whoever claims that there was is told of as a claim."
        enough = f"{self.sources} sources claim it{alike(self.same)} within {format_duration(self.within_us)}"
        return f"{never}; once {enough}, it is told as a claim."

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields of `same`, and who says so."""
        return (*self.same, "source")

    def patterns(self) -> Patterns:
        """All that it looks for."""
        return self.of

    def judges_plan(self, _: Collection[str], /) -> bool:
        """Never: a plan claims nothing."""
        return False

    def judge(self, day: Day) -> Iterable[Finding]:
        """Every claim by which enough sources have made it."""
        positions = positions_of(day.plan)
        claims = [event for event in day.matching(self.of) if self.inside.holds(event, positions)]
        by_key: dict[Hashable, list[Event]] = defaultdict(list)
        for event in claims:
            by_key[same_key(event, self.same)].append(event)
        for event in claims:
            same = by_key[same_key(event, self.same)]
            first = bisect_left(same, event.at_us - self.within_us, key=_at)
            last = bisect_right(same, event.at_us, key=_at)
            yield from self.judge_claim(day, event, same[first:last], positions)

    def judge_claim(
        self, day: Phrasing, event: Event, claims: Sequence[Event], positions: Positions
    ) -> Iterator[Finding]:
        """One claim, among those equal in `same` from `within` before it to its own moment, in order."""
        latest: dict[Hashable, Event] = {}
        for one in claims:
            source = comparable(one.fields.get("source"))
            latest.pop(source, None)
            latest[source] = one
        if len(latest) < self.sources:
            return
        by = "one source" if len(latest) == 1 else f"{len(latest)} sources"
        confidences = listed([confidence_of(one) for one in latest.values()])
        yield Finding(
            "claimed",
            same_subject(event, self.same),
            event.at_us,
            expected=f"no {any_of(self.of)}",
            seen=f"{day.happened(event)}{self.inside.unmeasured(event, positions)}, claimed by {by} "
            f"(confidence {confidences}): a claim, not a finding",
            evidence=tuple(dict.fromkeys((event.id, *(one.id for one in latest.values())))),
        )


def read_claim(header: ClauseHeader, _: Agreement) -> Claim:
    """Read the parameters. Raises BadInput at line and column."""
    table = header.table
    return Claim(
        header,
        of=read_patterns(table, "of"),
        inside=read_extent(table),
        same=read_same(table, ()),
        sources=table.integer("sources", minimum=1) if table.has("sources") else 1,
        within_us=table.duration_us("within") if table.has("within") else WITHIN_US,
    )


def _at(event: Event) -> int:
    return event.at_us


CLAIM_PAGE = KindPage(
    kind="claim",
    summary="what somebody says has happened, told as a claim once enough sources say so",
    judges=(RUN,),
    meaning=(
        "For what no device measures: shots, aircraft, arms, crowds, films, a place that is not the one named, a "
        "service resumed. Claims are the events that match `of`, inside as for `absence`. A claim is told if the "
        "claims equal in `same`, from `within` before it to its own moment (both included), come from at least "
        "`sources` sources. A source is an office, a post or a role, never a person's name, and stands in the field "
        "`source`; what merely repeats another carries that one's; all claims without one come from one source. "
        "`confidence` is low, medium, high or a number; the pattern asks for a least one. The message says how many "
        "sources claim it and with what confidence, never that it is so, nor who did it. It is told to the "
        "intermediary alone; whether a party is notified a person decides."
    ),
    formula=(
        "ALWAYS FORALL c, s. claim(c, s) IMPLIES n(s) < sources\n"
        "with n(s): the number of sources q such that ONCE[0,within] EXISTS d. claim(d, s) AND source(d) = q"
    ),
    source=(
        "Fact-finding takes as established only what independent sources corroborate, and records of each how far it "
        "is relied on (OHCHR, Commissions of Inquiry: Guidance and Practice, 2015; Berkeley Protocol on Digital Open "
        "Source Investigations, 2020). In Colombia in 2009 an aircraft over a release had the next one suspended."
    ),
    duty=(
        "Nothing flies within ten kilometres of the crossing from 08:00 to 14:00 UTC: expected no incident (what "
        "aircraft or drone); incident, 08:15, claimed by 2 sources (confidence medium and medium): a claim, not a "
        "finding."
    ),
    parameters=(
        Parameter("of", PATTERNS, "What is claimed to have been, though it should not.", required=True),
        BETWEEN,
        NEAR,
        Parameter(
            "same",
            FIELDS,
            "In which fields claims must be equal to be of one matter; if empty, all are, and a breach is named by "
            "the event's id.",
            default="[]",
        ),
        Parameter("sources", WHOLE, "From how many sources it is told; at least 1.", default="1"),
        Parameter("within", DURATION, "Within how long they must claim it, the bound included.", default='"1h"'),
    ),
    rules=(Rule("claimed", "the `same` values, or the event's id", "the claim", "enough sources have claimed it"),),
    example="""
[[clause]]
id = "no-flights"
kind = "claim"
of = { type = "incident", what = ["aircraft", "drone"] }
between = [2025-07-04T08:00:00Z, 2025-07-04T14:00:00Z]
near = { place = "crossing", radius_m = 10000 }
sources = 2
within = "15m"
text = "Nothing flies within ten kilometres of the crossing from 08:00 to 14:00 UTC."
""",
)
"""What the kind says of itself."""
