"""The sections that a duty officer watches: where the exchange stands, counts, what is due, the map.

Each function draws one whole `section` element with the id that the stream names it by. None depends on the second:
what is told relative to now ("in 12 min") is an empty place that the page's script fills.
"""

from safeconduct.views.operations_model import DueStep, Operations, SideCounts
from safeconduct.web.clocks import Clocks, moment, relative
from safeconduct.web.map_drawing import map_drawing
from safeconduct.web.map_vehicles import silent, told
from safeconduct.web.markup import NOTHING, Child, Markup, element, joined
from safeconduct.web.symbols import icon, shape, side

STAGES = (
    ("terms", "Terms"),
    ("lists", "Lists"),
    ("identities", "Identities"),
    ("composed", "Composed"),
    ("planned", "Planned"),
    ("approved", "Approved"),
    ("under way", "Under way"),
    ("handed over", "Handed over"),
    ("closed", "Closed"),
)
_COUNTS = (
    ("planned", "Planned"),
    ("aboard", "On the road"),
    ("at_crossing", "At the crossing"),
    ("handed_over", "Handed over"),
    ("received", "Received"),
)


def section(key: str, heading: str, *content: Child, aside: Child = None, class_: str = "panel") -> Markup:
    """A section with its heading; `aside` stands at the heading's end."""
    head = element("header", element("h2", heading, id=f"{key}-heading"), aside, class_="panel-head")
    return element("section", head, *content, id=key, class_=class_, aria_labelledby=f"{key}-heading")


def scrolled(key: str, name: str, content: Markup) -> Markup:
    """A long list in a panel that takes the height it is given; reached and scrolled by keyboard too."""
    return element("div", content, id=f"{key}-scrolled", class_="scrolled", tabindex=0, role="group", aria_label=name)


def chip(mark: str, word: str, *, tone: str = "") -> Markup:
    """A status: mark and word, with a tone of colour that says nothing the word does not."""
    return element("span", icon(mark), element("span", word), class_=f"chip {tone or f'tone-{mark}'}")


def quiet(sentence: str) -> Markup:
    """What is said where there is nothing to show."""
    return element("p", sentence, class_="quiet")


def viewer(operations: Operations) -> tuple[str, str]:
    """Whose view this is, and its tone."""
    role, _, who = operations.clearance.partition(":")
    if role == "party":
        return f"Party {who}", f"view-{side(operations, who)}"
    if role == "facility":
        return f"Facility {who}", "view-facility"
    return ("The intermediary", "view-n") if role == "intermediary" else ("The public", "view-public")


def status(operations: Operations, clocks: Clocks) -> Markup:
    """The agreement's title, whose view it is, and the stage."""
    who, tone = viewer(operations)
    held = operations.stage in ("held", "aborted")
    names = [name for name, _ in STAGES]
    reached = names.index("under way" if held else operations.stage) if held or operations.stage in names else -1
    steps = []
    for index, (_, word) in enumerate(STAGES):
        now = index == reached
        state = "now" if now else "done" if index < reached else "ahead"
        said = " (now)" if now else " (done)" if index < reached else " (ahead)"
        shown = operations.stage.capitalize() if now and held else word
        steps.append(
            element(
                "li",
                element("span", shown),
                element("span", said, class_="spoken"),
                class_=f"stage stage-{state}" + (" stage-held" if now and held else ""),
                aria_current="step" if now else None,
            )
        )
    exchange = f"Exchange {operations.exchange}" if operations.exchange else "No plan yet"
    taken = joined(("Last entry ", moment(operations.recorded_at_us, clocks))) if operations.recorded_at_us else None
    return element(
        "section",
        element(
            "p",
            element("span", "Seen by", class_="view-says"),
            element("strong", who, class_="view-who"),
            class_=f"view {tone}",
        ),
        element("h1", operations.title or "An agreement", id="status-heading"),
        element("p", element("span", exchange), element("span", taken), class_="subtitle"),
        element("ol", *steps, class_="stages", aria_label="Stage"),
        id="status",
        aria_labelledby="status-heading",
    )


def sentence(operations: Operations, clocks: Clocks) -> Markup:
    """What the public has been told."""
    del clocks
    if not operations.communique:
        waiting = quiet("Nothing has been told to the public.")
        return section("sentence", "The public sentence", waiting, aside=chip("waiting", "not released"))
    told_to_all = element("blockquote", element("p", operations.communique), class_="public-sentence")
    return section(
        "sentence", "The public sentence", told_to_all, aside=chip("good", "released"), class_="panel released"
    )


def counts(operations: Operations, clocks: Clocks) -> Markup:
    """How far each side's persons are: paired bars around the middle, one row a step."""
    del clocks
    if not operations.counts:
        return section("counts", "Persons", quiet("Nobody has been chosen yet."))
    most = max(1, *(side_counts.planned for side_counts in operations.counts))
    pair = len(operations.counts) == 2
    heads = [_count_head(operations, one) for one in operations.counts]
    labels = element("th", element("span", "Step", class_="spoken"), scope="col", class_="count-step")
    head = (heads[0], labels, heads[1]) if pair else (labels, *heads)
    rows = []
    for field, word in _COUNTS:
        cells = [
            _count_cell(getattr(one, field), most, side(operations, one.party), mirrored=pair and index == 0)
            for index, one in enumerate(operations.counts)
        ]
        label = element("th", word, scope="row", class_="count-step")
        row = (cells[0], label, cells[1]) if pair else (label, *cells)
        rows.append(element("tr", *row, class_=f"count count-{field.replace('_', '-')}"))
    table = element(
        "table",
        element("caption", "Persons of each side, by how far they are", class_="spoken"),
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        class_=f"counts {'paired' if pair else ''}",
    )
    return section("counts", "Persons", table, aside=_in_step(operations) if pair else None)


def _count_head(operations: Operations, one: SideCounts) -> Markup:
    letter = side(operations, one.party)
    return element(
        "th", shape(letter), element("span", f"{one.party} releases"), scope="col", class_=f"count-side side-{letter}"
    )


def _count_cell(value: int | None, most: int, letter: str, *, mirrored: bool) -> Markup:
    if value is None:
        unknown = element("span", "not told", class_="count-number not-told")
        return element("td", unknown, class_=f"count-cell {'mirrored' if mirrored else ''}")
    share = 100 * value / most
    bar = element(
        "svg",
        element("rect", class_="bar-ground", width=100, height=8),
        element("rect", class_="bar-fill", width=share, height=8),
        class_=f"bar side-{letter}",
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    written = element("span", f"{value:,}", class_="count-number")
    return element("td", written, bar, class_=f"count-cell {'mirrored' if mirrored else ''}")


def _in_step(operations: Operations) -> Markup:
    first, second = operations.counts
    ahead = first.handed_over - second.handed_over
    if ahead == 0 and first.handed_over == 0:
        return chip("waiting", "nobody handed over yet", tone="tone-none")
    if ahead == 0:
        return chip("good", f"in step, {first.handed_over:,} for {second.handed_over:,}")
    if operations.stage in ("handed over", "closed"):
        return chip("good", f"{first.handed_over:,} for {second.handed_over:,}", tone="tone-none")
    leading = first if ahead > 0 else second
    return chip("moving", f"{leading.party} is {abs(ahead):,} ahead", tone="tone-late")


def due(operations: Operations, clocks: Clocks) -> Markup:
    """The next steps of the plan, overdue ones first."""
    if not operations.due:
        return section("due", "Next steps", quiet("Nothing is due."))
    late = sum(step.overdue for step in operations.due)
    aside = chip("late", f"{late} overdue", tone="tone-serious") if late else None
    steps = joined(_due_step(step, operations, clocks) for step in operations.due)
    return section("due", "Next steps", element("ol", steps, class_="due"), aside=aside)


def _due_step(step: DueStep, operations: Operations, clocks: Clocks) -> Markup:
    whose = (
        element(
            "span",
            shape(side(operations, step.operator)),
            element("span", step.operator, class_="who-name"),
            class_="who",
        )
        if step.operator
        else element("span", "both", class_="who")
    )
    return element(
        "li",
        element("span", moment(step.at_us, clocks), relative(step.at_us), class_="due-when"),
        element("span", step.what, class_="due-what"),
        chip("late", "overdue", tone="tone-serious") if step.overdue else None,
        whose,
        class_="due-step overdue" if step.overdue else "due-step",
    )


def map_section(operations: Operations, clocks: Clocks) -> Markup:
    """The map with its key and the same in a table."""
    return section(
        "map",
        "Map",
        element("div", map_drawing(operations, clocks.now_us), class_="map-frame"),
        _key(operations, clocks.now_us),
        _vehicle_list(operations, clocks),
        class_="panel map-panel",
    )


def _key(operations: Operations, now_us: int) -> Markup:
    seen = {vehicle.operator for vehicle in operations.vehicles} | {route.operator for route in operations.routes}
    shown = [party for party in (*operations.parties, *operations.intermediaries) if party in seen]
    items: list[Child] = []
    for party in shown:
        letter = side(operations, party)
        line = element(
            "svg",
            element("path", class_=f"corridor side-{letter}", d="M1 6H35"),
            element("path", class_=f"road side-{letter}", d="M1 6H35"),
            class_="key-line",
            viewBox="0 0 36 12",
            aria_hidden="true",
        )
        items.append(
            element(
                "li", line, shape(letter), element("span", f"{party} under way"), shape(letter, "standing"), "standing"
            )
        )
    quiet_sides = {side(operations, one.operator) for one in operations.vehicles if silent(one, now_us)}
    if quiet_sides:
        rings = joined(shape(letter, "silent") for letter in sorted(quiet_sides))
        items.append(element("li", rings, "not heard of for 20 min"))
    hidden = [convoy.operator for convoy in operations.convoys if convoy.operator not in seen]
    if hidden and operations.places:
        words = f"Of {', '.join(hidden)}: told only whether on time, late or held"
        items.append(element("li", icon("none"), words, class_="key-hidden"))
    return element("ul", *items, class_="key", aria_label="Key to the map") if items else NOTHING


def _vehicle_list(operations: Operations, clocks: Clocks) -> Markup:
    if not operations.vehicles:
        return element("p", "No vehicle's position has been told.", class_="quiet map-list")
    names = {place.id: place.name for place in operations.places}
    rows = [
        element(
            "tr",
            element(
                "th",
                shape(side(operations, one.operator), "underway" if one.underway else "standing"),
                one.id,
                scope="row",
            ),
            element("td", one.operator, data_label="of"),
            element("td", "under way" if one.underway else f"at {names.get(one.place, one.place) or 'the road'}"),
            element("td", "–" if one.aboard is None else one.aboard, class_="figure", data_label="aboard"),
            element("td", moment(one.seen_at_us, clocks), " ", relative(one.seen_at_us), data_label="reported"),
            title=told(one, operations, clocks.now_us),
        )
        for one in operations.vehicles
    ]
    heads = ("Vehicle", "Of", "Where", "Aboard", "Last report, UTC")
    return element(
        "details",
        element("summary", f"The same as a list: {len(rows)} vehicles"),
        element(
            "div",
            element(
                "table",
                element("caption", "Vehicles where they were last reported", class_="spoken"),
                element("thead", element("tr", *(element("th", word, scope="col") for word in heads))),
                element("tbody", *rows),
                class_="list",
            ),
            class_="wide",
        ),
        id="map-list",
        class_="map-list",
    )
