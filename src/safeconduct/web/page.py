"""Whole pages: the live page at a clearance, the public page, and what is said when a page cannot be shown."""

from collections.abc import Callable, Sequence
from pathlib import Path

from safeconduct.kernel.times import to_datetime
from safeconduct.views.operations_model import Operations
from safeconduct.views.public_record import PublicRecord, PublicSentence
from safeconduct.web.alarms_section import alarms
from safeconduct.web.clocks import Clocks, clock_faces, day
from safeconduct.web.field_section import field
from safeconduct.web.markup import Child, Markup, element, joined
from safeconduct.web.record_sections import clauses, convoys, cosigned_by, reception, record, timeline
from safeconduct.web.sections import counts, due, map_section, sentence, status, viewer
from safeconduct.web.symbols import definitions, icon

STATIC = Path(__file__).with_name("static")
"""The folder of the style sheet, the script and the icon, to be served at /static/."""

SPEEDS = (60, 300, 600, 1800)
"""How many seconds of the record pass in one of the wall's, to choose from in a demonstration."""

SECTIONS: dict[str, Callable[[Operations, Clocks], str]] = {
    "status": status,
    "sentence": sentence,
    "alarms": alarms,
    "map": map_section,
    "counts": counts,
    "due": due,
    "field": field,
    "convoys": convoys,
    "timeline": timeline,
    "clauses": clauses,
    "reception": reception,
    "record": record,
}
"""Every section by its element's id, in the order of the page. Each draws the whole element."""


def whole_page(
    operations: Operations, clocks: Clocks, *, stream_url: str, controls: bool, position: str, acts: bool = False
) -> str:
    """The live page. `stream_url` is where its script listens, from `position` on.

    `controls` adds the demo's pace, `acts` the buttons for alarms.
    """
    drawn = {key: draw(operations, clocks) for key, draw in SECTIONS.items()}
    if acts:
        drawn["alarms"] = alarms(operations, clocks, acts=True)
    who, tone = viewer(operations)
    top = element(
        "header",
        drawn["status"],
        element("div", clock_faces(operations.parties, clocks), _connection(), class_="time-and-link"),
        pace_section(clocks) if controls else None,
        class_="masthead",
    )
    watched = [drawn[key] for key in ("alarms", "counts", "due", "field", "clauses")]
    placed = [drawn[key] for key in ("map", "convoys", "timeline")]
    body = element(
        "body",
        element("a", "Skip to the alarms", href="#alarms", class_="skip"),
        definitions(),
        top,
        element(
            "main",
            drawn["sentence"],
            element("div", *map(Markup, watched), class_="column watched"),
            element("div", *map(Markup, placed), class_="column placed"),
            drawn["reception"],
            drawn["record"],
            id="main",
        ),
        element(
            "footer",
            element(
                "p",
                "All times are UTC unless a clock says otherwise. Rivers and towns are schematic, without borders.",
            ),
            element(
                "p",
                f"Seen by {who.replace('The ', 'the ')}: what may be known there, and nothing else.",
            ),
        ),
        class_=f"live {tone}",
        data_stream=stream_url,
        data_position=position,
        data_now=clocks.now_us,
        data_speed=float(clocks.speed),
        data_paused=clocks.paused,
    )
    scripts = ("live.js", "handling.js") if acts else ("live.js",)
    return _document(f"{operations.exchange or operations.title} · {who}", body, scripts=scripts)


def pace_section(clocks: Clocks) -> str:
    """The demo's controls: pause or go on, and how fast. Works without a script, then with the page drawn anew."""
    resume = "Go on" if clocks.paused else "Pause"
    switch = element(
        "button", resume, type="submit", name="paused", value="no" if clocks.paused else "yes", class_="pace-switch"
    )
    speeds = joined(
        element(
            "button",
            f"{speed // 60} min/s",
            type="submit",
            name="speed",
            value=str(speed),
            class_="pace-speed",
            aria_pressed="true" if speed == clocks.speed else "false",
        )
        for speed in SPEEDS
    )
    choice = element("span", speeds, role="group", aria_label="Speed of the demonstration", class_="pace-speeds")
    form = element(
        "form", element("span", "Demonstration", class_="pace-name"), switch, choice, method="post", action="/demo/pace"
    )
    return element("section", form, id="pace", class_="pace", aria_label="Pace of the demonstration")


def public_page(record: PublicRecord) -> str:
    """What anybody may know: the sentence, the totals that it tells, and the checkpoint that they were computed at."""
    sentences = [_public_sentence(one, first=index == 0) for index, one in enumerate(record.sentences)]
    nothing = element("section", element("h1", "Nothing has been told to the public yet."), class_="panel")
    ledger = record.ledger
    checkpoint = element(
        "section",
        element("h2", "The record's checkpoint"),
        element(
            "dl",
            element("dt", "Entries"),
            element("dd", f"{ledger.size:,}"),
            element("dt", "Root"),
            element("dd", element("code", ledger.root or "none")),
            element("dt", "Cosigned by"),
            element("dd", *cosigned_by(ledger)),
            class_="record",
        ),
        element("details", element("summary", "The signed checkpoint, whole"), element("pre", ledger.note, tabindex=0)),
        class_="panel",
    )
    main = element("main", *(sentences or [nothing]), checkpoint, class_="plain public")
    return _document("Told to the public", element("body", main))


def _public_sentence(told: PublicSentence, *, first: bool) -> Markup:
    rows = [("Handed over in all", told.total)] if told.total else []
    for one in told.sides:
        rows += [(f"Released by {one.party}", one.released)] if one.released else []
        rows += [(f"Returned to {one.party}", one.returned)] if one.returned else []
    totals = element(
        "table",
        element("caption", "Totals", class_="spoken"),
        element(
            "tbody", *(element("tr", element("th", word, scope="row"), element("td", number)) for word, number in rows)
        ),
        class_="totals",
    )
    at = to_datetime(told.released_at_us)
    when = f"{day(at)} {at.year}, {at:%H:%M} UTC"
    return element(
        "section",
        element("h1" if first else "h2", told.agreement or "Told to the public"),
        element("blockquote", element("p", told.text), class_="public-sentence"),
        totals if rows else None,
        element(
            "p", f"Released by {told.released_by}, {when}, from the record at {told.size:,} entries.", class_="quiet"
        ),
        class_="panel released",
    )


def error_page(status: int, title: str, sentence_: str) -> str:
    """A plain page that says what is wrong and where to go."""
    body = element(
        "body",
        element(
            "main",
            element("p", str(status), class_="error-status"),
            element("h1", title),
            element("p", sentence_),
            element("p", element("a", "To the start", href="/")),
            class_="plain",
        ),
    )
    return _document(title, body)


def _connection() -> Markup:
    """Filled by the script; without one, the page says that it stands still. Not announced: it changes too often."""
    still = element("noscript", element("a", "Standing still: draw it anew", href=""))
    return element(
        "p",
        element("span", icon("none"), class_="link-mark"),
        element("span", "not live yet", id="link-words"),
        still,
        id="link",
        class_="link link-off",
    )


def _document(title: str, body: Child, *, scripts: Sequence[str] = ()) -> str:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("link", rel="icon", href="/static/favicon.svg", type="image/svg+xml"),
        element("link", rel="stylesheet", href="/static/safeconduct.css"),
        *(element("script", src=f"/static/{name}", defer=True) for name in scripts),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"
