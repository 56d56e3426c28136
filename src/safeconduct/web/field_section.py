"""What people have to look into: incidents on the way, and reports that contradict each other."""

from collections.abc import Sequence

from safeconduct.views.operations_model import FieldNote, Operations
from safeconduct.web.clocks import Clocks, moment, relative
from safeconduct.web.markup import Markup, element
from safeconduct.web.sections import chip, quiet, section

_LISTED_AT_MOST = 30


def field(operations: Operations, clocks: Clocks) -> Markup:
    """Incidents and conflicting reports, the latest first: shown for people to decide, never settled here."""
    incidents, conflicts = operations.incidents, operations.conflicts
    calm = quiet("No incident is reported, and no reports contradict each other.")
    listed = [*_notes(incidents, "Incident", clocks), *_notes(conflicts, "Conflicting reports", clocks)]
    said = f"{len(incidents)} incidents, {len(conflicts)} conflicts"
    return section(
        "field",
        "Incidents and conflicting reports",
        element("ol", *listed, class_="notes") if listed else calm,
        aside=element("p", said, class_="tally") if listed else None,
    )


def _notes(notes: Sequence[FieldNote], what: str, clocks: Clocks) -> list[Markup]:
    drawn = [_note(one, what, clocks) for one in notes[:_LISTED_AT_MOST]]
    left = len(notes) - len(drawn)
    if left:
        drawn.append(element("li", f"And {left} more, earlier ones.", class_="quiet"))
    return drawn


def _note(one: FieldNote, what: str, clocks: Clocks) -> Markup:
    return element(
        "li",
        element(
            "p",
            chip("serious" if what == "Incident" else "unconfirmed", what, tone="tone-serious"),
            element("span", moment(one.at_us, clocks), " ", relative(one.at_us), class_="alarm-when"),
            class_="alarm-head",
        ),
        element("p", one.text, class_="note-text"),
        element("p", "Reports: ", *(element("code", report) for report in one.reports), class_="quiet"),
        class_="note",
    )
