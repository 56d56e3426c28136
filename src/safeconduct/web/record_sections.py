"""The sections that tell what is agreed and what is recorded: clauses, timeline, convoys, reception, the record."""

from safeconduct.kernel.times import MINUTE_US
from safeconduct.views.operations_model import (
    ClauseSeen,
    ConvoySeen,
    CosigningTrouble,
    FacilityBoard,
    LedgerSeen,
    Operations,
    TimelineItem,
)
from safeconduct.web.clocks import Clocks, minutes_words, moment, relative
from safeconduct.web.markup import Markup, element, identifier, joined
from safeconduct.web.sections import chip, quiet, scrolled, section
from safeconduct.web.symbols import icon, shape, side

_STANDINGS = {
    "held to": ("good", "tone-good"),
    "kept": ("good", "tone-good"),
    "in question": ("unconfirmed", "tone-late"),
    "broken": ("open", "tone-serious"),
}
_CONVOYS = {
    "not begun": ("waiting", "tone-none"),
    "on time": ("good", "tone-good"),
    "late": ("late", "tone-serious"),
    "held": ("held", "tone-late"),
    "done": ("good", "tone-good"),
}
_LATE_NEWS_US = 2 * MINUTE_US
"""An entry recorded so much later than it happened says so."""
_ROOT_SHOWN = 12


def convoys(operations: Operations, clocks: Clocks) -> Markup:
    """How each side's convoy stands, as every party is told it."""
    del clocks
    if not operations.convoys:
        return section("convoys", "Convoys", quiet("There is no plan yet."))
    rows = joined(_convoy(convoy, operations) for convoy in operations.convoys)
    heads = ("Side", "Standing", "Departed", "Arrived", "Late")
    table = element(
        "table",
        element("caption", "Each side's journeys, as every party is told", class_="spoken"),
        element("thead", element("tr", *(element("th", word, scope="col") for word in heads))),
        element("tbody", rows),
        class_="list convoys",
    )
    return section("convoys", "Convoys", table, aside=element("p", "as every party is told", class_="tally"))


def _convoy(convoy: ConvoySeen, operations: Operations) -> Markup:
    mark, tone = _CONVOYS.get(convoy.standing, ("none", "tone-none"))
    return element(
        "tr",
        element("th", shape(side(operations, convoy.operator)), convoy.operator, scope="row"),
        element("td", chip(mark, convoy.standing, tone=tone)),
        element("td", f"{convoy.departed} of {convoy.legs}", class_="figure", data_label="departed"),
        element("td", f"{convoy.arrived} of {convoy.legs}", class_="figure", data_label="arrived"),
        element("td", convoy.late, class_="figure", data_label="late"),
    )


def clauses(operations: Operations, clocks: Clocks) -> Markup:
    """The terms, clause by clause, and how each stands; those that do not hold first."""
    del clocks
    if not operations.clauses:
        return section("clauses", "Clauses", quiet("No terms have been recorded."))
    order = {"broken": 0, "in question": 1}
    ranked = sorted(operations.clauses, key=lambda clause: order.get(clause.standing, 2))
    broken = sum(clause.standing == "broken" for clause in ranked)
    doubted = sum(clause.standing == "in question" for clause in ranked)
    said = f"{len(ranked)} in all, {broken} broken, {doubted} in question"
    items = scrolled("clauses", "Clauses", element("ul", *(_clause(clause) for clause in ranked), class_="clauses"))
    return section("clauses", "Clauses", items, aside=element("p", said, class_="tally"))


def _clause(clause: ClauseSeen) -> Markup:
    mark, tone = _STANDINGS.get(clause.standing, ("none", "tone-none"))
    if clause.standing == "broken" and clause.severity == "critical":
        tone = "tone-critical"
    against = ", ".join(
        words
        for words in (
            f"{clause.open} open" if clause.open else "",
            f"{clause.unconfirmed} unconfirmed" if clause.unconfirmed else "",
        )
        if words
    )
    about = {"compose": "who is exchanged", "run": "the day"}.get(clause.phase, clause.phase)
    return element(
        "li",
        chip(mark, clause.standing, tone=tone),
        element("p", clause.text or clause.id, class_="clause-text"),
        element(
            "p",
            element("code", clause.id),
            f" {clause.kind}, on {about}" + (f": {against}" if against else ""),
            class_="clause-more",
        ),
        id=identifier("clause", clause.id),
        class_="clause",
    )


def timeline(operations: Operations, clocks: Clocks) -> Markup:
    """The latest entries of the record, newest first, a line each."""
    if not operations.timeline:
        return section("timeline", "Timeline", quiet("Nothing has been recorded."))
    entries = element("ol", *(_entry(item, clocks) for item in operations.timeline), class_="timeline")
    items = scrolled("timeline", "Entries", entries)
    return section("timeline", "Timeline", items, aside=element("p", "newest first, UTC", class_="tally"))


def _entry(item: TimelineItem, clocks: Clocks) -> Markup:
    late = item.recorded_at_us - item.occurred_at_us
    room, _, name = item.type.partition(".")
    told_late = (
        element("span", f"happened {minutes_words(late)} earlier", class_="entry-late")
        if late >= _LATE_NEWS_US
        else None
    )
    return element(
        "li",
        element("span", moment(item.recorded_at_us, clocks), class_="entry-when"),
        element(
            "span",
            element("span", item.text, class_="entry-text"),
            element("span", f"×{item.count}", class_="entry-count") if item.count > 1 else None,
            told_late,
            element(
                "span",
                f"{name.partition('/')[0] or room or 'closed'} · {item.index:,}",
                class_="entry-type",
                title=item.type,
            ),
            class_="entry-what",
        ),
        id=f"entry-{item.index}",
        class_=f"entry room-{identifier(room)}",
    )


def reception(operations: Operations, clocks: Clocks) -> Markup:
    """The facilities: counts only, which is all that anybody outside them may know."""
    del clocks
    if not operations.facilities:
        return section("reception", "Reception", quiet("No facility has been told of yet."))
    boards = joined(_board(facility, place) for place, facility in enumerate(operations.facilities))
    return section(
        "reception", "Reception", boards, aside=element("p", "counts only; the rest is sealed", class_="tally")
    )


def _board(facility: FacilityBoard, place: int) -> Markup:
    arrived = element("p", f"{facility.arrived:,} of {facility.expected:,} arrived", class_="board-arrived")
    rows = [_care(step.replace("-", " "), expected, done) for step, expected, done in facility.steps]
    return element(
        "article",
        element("h3", facility.name or facility.facility),
        arrived,
        element("ul", *rows, class_="care") if rows else None,
        id=identifier("facility", facility.facility, str(place)),
        class_="board",
    )


def _care(step: str, expected: int, done: int) -> Markup:
    share = 100 * done / expected if expected else 0
    bar = element(
        "svg",
        element("rect", class_="bar-ground", width=100, height=8),
        element("rect", class_="bar-fill", width=min(100.0, share), height=8),
        class_="bar side-n",
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    return element(
        "li",
        element("span", step, class_="care-step"),
        bar,
        element("span", f"{done:,} of {expected:,}", class_="care-done"),
    )


def cosigned_by(ledger: LedgerSeen) -> list[Markup | str]:
    """Who has cosigned, and how far."""
    if not ledger.cosigned_by:
        return [element("span", "nobody yet")]
    names = element("span", icon("good"), ", ".join(ledger.cosigned_by), class_="cosigned")
    behind = ledger.cosigned_size < ledger.size
    return [names, f" the first {ledger.cosigned_size:,}"] if behind else [names]


def _cosigning_trouble(trouble: CosigningTrouble, clocks: Clocks) -> list[Markup | str]:
    awaited: list[Markup | str] = (
        []
        if trouble.since_us is None
        else [
            f"not cosigned by {trouble.name} since ",
            moment(trouble.since_us, clocks),
            " ",
            relative(trouble.since_us),
        ]
    )
    if not trouble.alarm:
        return awaited
    alarm = element("span", icon("open"), trouble.alarm, class_="cosigning-alarm")
    return [*awaited, element("br"), alarm] if awaited else [alarm]


def record(operations: Operations, clocks: Clocks) -> Markup:
    """The ledger's checkpoint: how long the record is, its root, and who has cosigned."""
    ledger = operations.ledger
    latest = (
        element("dd", moment(operations.recorded_at_us, clocks), " ", relative(operations.recorded_at_us))
        if operations.recorded_at_us
        else element("dd", "none")
    )
    facts = element(
        "dl",
        element("dt", "Entries"),
        element("dd", element("strong", f"{ledger.size:,}"), class_="figure"),
        element("dt", "Told to this view"),
        element("dd", f"{ledger.known:,}", class_="figure"),
        element("dt", "Latest"),
        latest,
        element("dt", "Root"),
        element("dd", element("code", f"{ledger.root[:_ROOT_SHOWN]}…" if ledger.root else "none")),
        element("dt", "Cosigned by"),
        element("dd", *cosigned_by(ledger)),
        *(
            part
            for trouble in ledger.cosigning_troubles
            for part in (
                element("dt", "Alarm" if trouble.alarm else "Awaited"),
                element("dd", *_cosigning_trouble(trouble, clocks)),
            )
        ),
        class_="record",
    )
    whole = element(
        "details",
        element("summary", "The signed checkpoint, whole"),
        element("p", "Origin ", element("code", ledger.origin)),
        element("p", "Root ", element("code", ledger.root)),
        element("pre", ledger.note, tabindex=0),
        id="record-whole",
    )
    return section("record", "The record", facts, whole)
