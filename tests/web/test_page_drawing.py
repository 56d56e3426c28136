"""The page as a whole: what it says at each clearance, how it is built, and that nothing in it runs."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.reading import by_id, tree, with_class, words
from tests.web.showcase import ALARMS, AS_RU, BY_NAME, CLOCKS, CLOSED, UNDER_WAY, at, changed

from safeconduct.kernel.times import DAY_US, parse_instant
from safeconduct.tracking.alarm_book import seen
from safeconduct.views.operations_model import Operations
from safeconduct.views.public_record import PublicRecord, PublicSentence, SideTotals
from safeconduct.web.alarms_section import alarms
from safeconduct.web.clocks import Clocks, minutes_words, moment
from safeconduct.web.markup import identifier
from safeconduct.web.page import SECTIONS, SPEEDS, STATIC, error_page, pace_section, public_page, whole_page


class _Live(TypedDict):
    stream_url: str
    position: str


_LIVE: _Live = {"stream_url": "/view/intermediary/stream", "position": "11240"}


def _page(operations: Operations, *, controls: bool = True, acts: bool = False) -> str:
    return whole_page(operations, CLOCKS, **_LIVE, controls=controls, acts=acts)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_section_of_every_state_is_drawn(name: str) -> None:
    """Well-formed, under its own id, with a name for screen readers, and the page holds it as it is sent alone."""
    page = _page(BY_NAME[name])
    for key, draw in SECTIONS.items():
        section = draw(BY_NAME[name], CLOCKS)
        root = tree(section)
        assert root.tag == "section"
        assert root.get("id") == key
        heading = by_id(root, root.get("aria-labelledby", ""))
        assert words(heading)
        assert section in page


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_inline_and_nothing_foreign(name: str) -> None:
    """No style attribute, no handler, no inline script, no address outside: the strict policy has nothing to refuse."""
    root = tree(_page(BY_NAME[name]))
    for node in root.iter():
        assert node.tag not in {"style", "iframe", "object", "embed"}
        assert "style" not in node.keys()  # noqa: SIM118 (an element is no mapping)
        assert not [key for key in node.keys() if key.startswith("on")]  # noqa: SIM118
        if node.tag == "script":
            assert (node.get("src"), words(node)) == ("/static/live.js", "")
        for key in ("href", "src", "action"):
            assert re.match(r"^(#|/(?!/)|$)", node.get(key, "")), node.get(key)


class _Tags(HTMLParser):
    """What a browser's parser sees: with the closing tags that XML would write and HTML does not know left out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        assert tag in {"meta", "link", "br", "hr", "input", "img"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("acts", [False, True])
def test_html_and_xml_agree(acts: bool) -> None:
    """Every element is closed where HTML closes it, so that a browser builds the same tree."""
    parser = _Tags()
    parser.feed(_page(UNDER_WAY, acts=acts))
    assert parser.open == []


@pytest.mark.parametrize("name", BY_NAME)
def test_landmarks_headings_and_ids(name: str) -> None:
    """One main, banner and footer, one h1 before all; no level skipped, no id twice; the skip link leads somewhere."""
    root = tree(_page(BY_NAME[name]))
    body = root.find("body")
    assert body is not None
    assert [child.tag for child in body if child.tag in {"header", "main", "footer"}] == ["header", "main", "footer"]
    levels = [int(node.tag[1]) for node in body.iter() if re.fullmatch("h[1-6]", node.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    skip = next(with_class(root, "skip"))
    assert by_id(root, skip.get("href", "")[1:]).tag == "section"


def test_only_alarms_announce() -> None:
    """The alarms are the one live region; clocks and counts keep silent."""
    live = [node for node in tree(_page(UNDER_WAY)).iter() if node.get("aria-live") or node.get("role") == "log"]
    assert [(node.get("id"), node.get("aria-live"), node.get("role")) for node in live] == [
        ("alarm-log", "polite", "log")
    ]


@pytest.mark.parametrize(
    ("name", "who"),
    [("under way", "The intermediary"), ("as RU", "Party RU"), ("public", "The public")],
)
def test_whose_view_it_is(name: str, who: str) -> None:
    """Said beside the title, in the window's title, and at the foot."""
    root = tree(_page(BY_NAME[name]))
    assert words(next(with_class(root, "view-who"))) == who
    assert who in words(next(root.iter("title")))


def test_colour_is_never_alone() -> None:
    """Severity, status, standing and lateness stand as words beside every mark."""
    page = tree(_page(UNDER_WAY))
    for alarm in ALARMS:
        told = words(by_id(page, f"alarm-{alarm.number}"))
        assert {"unacknowledged": "not acknowledged"}.get(alarm.state, alarm.state) in told
        if alarm.state in ("unacknowledged", "acknowledged"):
            assert alarm.status in told
            assert alarm.severity in told
            assert alarm.owner in told
        assert alarm.escalated_us is None or "escalated to head of operations 07:41" in told
    assert all(words(chip) for chip in with_class(page, "chip"))
    assert "overdue" in words(by_id(page, "due"))
    convoys = words(by_id(page, "convoys"))
    assert "on time" in convoys
    assert "late" in convoys
    for clause in UNDER_WAY.clauses:
        assert words(by_id(page, identifier("clause", clause.id))).startswith(clause.standing)


def test_alarm_grounds() -> None:
    """Evidence and what is waited for stand under each alarm; a party that may not know is told no subject."""
    drawn = tree(SECTIONS["alarms"](UNDER_WAY, CLOCKS))
    grounds = words(by_id(drawn, "alarm-7-grounds"))
    assert "position/lypove-bus-01/19" in grounds
    assert "d-lypove-bus-01" in grounds
    assert "RU-H0106" in words(by_id(drawn, "alarm-4-grounds"))
    assert "RU-H0106" not in SECTIONS["alarms"](AS_RU, CLOCKS).replace("accepted/RU-H0106/1", "")


def test_an_alarm_of_many_unfolds_to_all_of_them() -> None:
    """With what each concerns, its status, who looks after it; a very long list says how many it leaves out."""
    drawn = tree(SECTIONS["alarms"](UNDER_WAY, CLOCKS))
    summary = words(by_id(drawn, "alarm-6-grounds"))
    assert summary.startswith("All 2 deviations: 2 open, 0 unconfirmed")
    assert "lypove-bus-01-2" in words(by_id(drawn, "deviation-8"))
    assert "open, acknowledged, A. Duty" in words(by_id(drawn, "deviation-8"))
    assert "Waived by UA; not by RU." in words(by_id(drawn, "alarm-6"))
    many = tuple(replace(ALARMS[2].deviations[0], number=number) for number in range(10, 250))
    long = replace(UNDER_WAY, alarms=(replace(ALARMS[2], deviations=many),))
    assert "And 140 more" in words(by_id(tree(SECTIONS["alarms"](long, CLOCKS)), "alarm-6-grounds"))


def test_waived_alarms_are_shown_and_resolved_ones_a_fold_away() -> None:
    """Nothing that was shown once is gone; how each ended is said, with what was done."""
    drawn = tree(SECTIONS["alarms"](UNDER_WAY, CLOCKS))
    waived = words(by_id(drawn, "alarms-waived"))
    assert "waived by RU and UA" in waived
    assert "The bus stood in a tunnel." in waived
    assert by_id(drawn, "alarms-waived").tag == "ol"
    resolved = words(by_id(drawn, "alarms-resolved"))
    assert "resolved by A. Duty" in resolved
    assert "Moved to the right bus before it left." in resolved
    assert by_id(drawn, "alarms-resolved").tag == by_id(drawn, "alarms-withdrawn").tag == "details"
    tally = words(next(with_class(drawn, "tally")))
    assert tally == "2 not acknowledged, 1 acknowledged, 1 waived, 1 resolved, 2 withdrawn"


def test_buttons_are_where_acts_are_taken_and_say_what_was_seen() -> None:
    """Each names its deviations and how they stood; all belong to the one form with the officer's name."""
    assert "<button" not in SECTIONS["alarms"](UNDER_WAY, CLOCKS)
    drawn = tree(alarms(UNDER_WAY, CLOCKS, acts=True))
    form = by_id(drawn, "handling")
    assert (form.get("method"), form.get("action")) == ("post", "/alarms")
    assert [field.get("name") for field in form.iter("input")] == ["by"]
    buttons = {(one.get("name"), one.get("value")): one for one in drawn.iter("button")}
    assert all(one.get("form") == "handling" for one in buttons.values())
    late = ALARMS[2].deviations
    assert ("resolve", "6 8 " + seen(one.glance() for one in late).fingerprint) in buttons
    assert not any(name == "acknowledge" and str(value).startswith("6 ") for name, value in buttons)
    (party,) = (one for one in drawn.iter("select") if one.get("name") == "party-6")
    assert [words(one) for one in party.iter("option")] == ["RU"]
    confidential = replace(UNDER_WAY, alarms=changed(ALARMS, confidential=True))
    assert "<select" not in alarms(confidential, CLOCKS, acts=True)


def test_incidents_and_conflicting_reports() -> None:
    """Each with the reports that it rests on; where there are none, that is said."""
    told = words(tree(SECTIONS["field"](UNDER_WAY, CLOCKS)))
    assert "1 incidents, 2 conflicts" in told
    assert "Incident 07:05" in told
    assert "drone at Novaya Guta Reports: incident/1" in told
    assert "zarechye-bus-01: 44 or 45 prisoners counted Reports: counted/1 counted/2" in told
    assert "no reports contradict each other" in words(tree(SECTIONS["field"](BY_NAME["empty"], CLOCKS)))
    many = replace(UNDER_WAY, conflicts=UNDER_WAY.conflicts * 20)
    assert "And 10 more, earlier ones." in words(tree(SECTIONS["field"](many, CLOCKS)))


def test_counts_side_by_side() -> None:
    """Both sides' numbers in one row, and in words whether they are in step; what is not told says so."""
    root = tree(SECTIONS["counts"](UNDER_WAY, CLOCKS))
    assert words(next(with_class(root, "count-handed-over"))) == "60 Handed over 60"
    assert "in step, 60 for 60" in words(root)
    ahead = replace(UNDER_WAY, counts=(replace(UNDER_WAY.counts[0], handed_over=72), UNDER_WAY.counts[1]))
    assert "RU is 12 ahead" in words(tree(SECTIONS["counts"](ahead, CLOCKS)))
    assert words(next(with_class(tree(SECTIONS["counts"](AS_RU, CLOCKS)), "count-aboard"))) == "52 On the road not told"


def test_sentence_record_and_reception() -> None:
    """The sentence as released; who cosigned or nobody yet; reception in counts."""
    before, after = tree(_page(UNDER_WAY)), tree(_page(CLOSED))
    assert "Nothing has been told to the public." in words(by_id(before, "sentence"))
    assert CLOSED.communique in words(by_id(after, "sentence"))
    assert "nobody yet" in words(by_id(before, "record"))
    assert "RU, UA" in words(by_id(after, "record"))
    assert UNDER_WAY.ledger.root in words(by_id(before, "record-whole"))
    assert "30 of 38" in words(by_id(before, "reception"))


def test_stage_and_held() -> None:
    """One step is now; an operation that is held says so in its place."""
    root = tree(SECTIONS["status"](UNDER_WAY, CLOCKS))
    assert [words(node) for node in root.iter() if node.get("aria-current")] == ["Under way (now)"]
    root = tree(SECTIONS["status"](replace(UNDER_WAY, stage="held"), CLOCKS))
    assert [words(node) for node in root.iter() if node.get("aria-current")] == ["Held (now)"]


def test_late_reports_say_so() -> None:
    """An entry recorded long after it happened tells how much later."""
    assert "happened 28 min earlier" in words(tree(SECTIONS["timeline"](UNDER_WAY, CLOCKS)))


def test_local_clocks() -> None:
    """Each party's clock by its zone, summer and winter, with the offset; UTC large with its day."""
    july = Clocks(at("21:30:05"), {"RU": "Europe/Moscow", "UA": "Europe/Kyiv"})
    january = Clocks(parse_instant("2025-01-15T21:30:05Z"), july.zones)
    faces = by_id(tree(whole_page(UNDER_WAY, july, stream_url="/s", controls=False, position="1")), "clocks")
    assert words(faces) == "UTC 21:30:05 4 Jul 2025 RU 00:30 UTC+3 UA 00:30 UTC+3"
    faces = by_id(tree(whole_page(UNDER_WAY, january, stream_url="/s", controls=False, position="1")), "clocks")
    assert words(faces) == "UTC 21:30:05 15 Jan 2025 RU 00:30 UTC+3 UA 23:30 UTC+2"
    half = Clocks(at("12:00:00"), {"RU": "Asia/Kolkata"})
    faces = by_id(tree(whole_page(UNDER_WAY, half, stream_url="/s", controls=False, position="1")), "clocks")
    assert "RU 17:30 UTC+5:30" in words(faces)


def test_moments_in_words() -> None:
    """The day is told where it is not today; lengths are told in the unit that fits."""
    assert words(tree(moment(at("09:12:59"), CLOCKS))) == "09:12"
    assert words(tree(moment(at("09:12:59") - DAY_US, CLOCKS))) == "3 Jul 09:12"
    lengths = {45: "45 s", 60: "1 min", 3_900: "1 h 05 min", 3 * 86_400: "3 days", -5: "0 s"}
    assert {seconds: minutes_words(seconds * 1_000_000) for seconds in lengths} == lengths


def test_sections_do_not_depend_on_the_second() -> None:
    """What is sent is what changed: a second later every section is the same."""
    later = replace(CLOCKS, now_us=CLOCKS.now_us + 1_000_000)
    assert all(draw(UNDER_WAY, CLOCKS) == draw(UNDER_WAY, later) for draw in SECTIONS.values())


def test_controls_work_without_a_script() -> None:
    """A form that posts: pause or go on, and each speed; the present speed is marked. Absent unless asked for."""
    root = tree(pace_section(replace(CLOCKS, paused=True)))
    form = next(root.iter("form"))
    assert (form.get("method"), form.get("action")) == ("post", "/demo/pace")
    buttons = [(b.get("name"), b.get("value"), b.get("aria-pressed")) for b in root.iter("button")]
    assert buttons[0] == ("paused", "no", None)
    assert [value for name, value, _ in buttons if name == "speed"] == [str(speed) for speed in SPEEDS]
    assert [value for _, value, pressed in buttons if pressed == "true"] == ["60"]
    assert 'id="pace"' not in _page(UNDER_WAY, controls=False)


def test_where_the_script_begins() -> None:
    """The body tells it where to listen, from where on, and how the clock runs; without a script there is a way on."""
    root = tree(_page(UNDER_WAY))
    body = root.find("body")
    assert body is not None
    told = {key: body.get(f"data-{key}") for key in ("stream", "position", "now", "speed", "paused")}
    assert told == {
        "stream": _LIVE["stream_url"],
        "position": _LIVE["position"],
        "now": str(CLOCKS.now_us),
        "speed": "60",
        "paused": None,
    }
    assert [node.get("href") for node in next(root.iter("noscript")).iter("a")] == [""]


_WORD = st.text(st.one_of(st.characters(), st.sampled_from("<>&\"'\x00\x1b")), max_size=30)


@settings(max_examples=40)
@given(_WORD)
def test_the_record_cannot_break_out_of_the_page(word: str) -> None:
    """Whatever stands in any text of the record, the page keeps its elements and attributes."""
    plain, hostile = _with("x"), _with(word)
    shapes = [
        [
            (node.tag, sorted(set(node.keys()) - {"title"}))
            for node in tree(draw(operations, CLOCKS)).iter()
            if node.tag != "tspan"
        ]
        for operations in (plain, hostile)
        for key, draw in SECTIONS.items()
        if key not in {"map", "alarms", "clauses", "record"}
    ]
    half = len(shapes) // 2
    assert shapes[:half] == shapes[half:]
    root = tree(_page(hostile))
    assert sum(node.tag == "script" for node in root.iter()) == 1
    assert not [node for node in root.iter() if node.get("style")]


def _with(word: str) -> Operations:
    """An exchange whose every free text is that word (with a letter before it, so that it is never empty)."""
    said = f"a{word}"
    return replace(
        UNDER_WAY,
        title=said,
        exchange=said,
        communique=said,
        places=tuple(replace(place, name=said) for place in UNDER_WAY.places),
        vehicles=tuple(replace(one, kind=said) for one in UNDER_WAY.vehicles),
        due=tuple(replace(step, what=said) for step in UNDER_WAY.due),
        alarms=tuple(
            replace(one, title=said, owner=said, escalated_to=(said,), notes=(said,), resolved_by=said)
            for one in changed(ALARMS, message=said, clause=said, subject=said, owner=said, evidence=(said,))
        ),
        clauses=tuple(replace(one, text=said, kind=said) for one in UNDER_WAY.clauses),
        timeline=tuple(replace(item, text=said) for item in UNDER_WAY.timeline),
        facilities=tuple(replace(one, name=said) for one in UNDER_WAY.facilities),
        incidents=tuple(replace(one, text=said, reports=(said,)) for one in UNDER_WAY.incidents),
        conflicts=tuple(replace(one, text=said, reports=(said,)) for one in UNDER_WAY.conflicts),
        ledger=replace(UNDER_WAY.ledger, origin=said, note=said),
    )


def test_public_page() -> None:
    """The sentence, the totals that it tells and the checkpoint; before a release nothing but the checkpoint."""
    sides = (SideTotals("RU", "183", ""), SideTotals("UA", "183", "183"))
    told = PublicSentence(
        exchange="2025-07-04",
        text=CLOSED.communique,
        agreement=CLOSED.title,
        date="4 July 2025",
        total="366",
        sides=sides,
        index=5,
        released_at_us=at("18:00:00"),
        recorded_at_us=at("18:00:01"),
        released_by="NI",
        size=11_000,
        root="cm9vdA==",
    )
    root = tree(public_page(PublicRecord((told,), CLOSED.ledger)))
    assert CLOSED.communique in words(root)
    rows = [words(row) for row in root.iter("tr")]
    assert rows == ["Handed over in all 366", "Released by RU 183", "Released by UA 183", "Returned to UA 183"]
    assert CLOSED.ledger.root in words(root)
    assert not list(root.iter("script"))
    assert "Nothing has been told" in words(tree(public_page(PublicRecord((), CLOSED.ledger))))


def test_error_page() -> None:
    """What is wrong, in a sentence, with a way on."""
    root = tree(error_page(404, "No such view", "There is no view called <x>."))
    assert "There is no view called <x>." in words(root)
    assert [node.get("href") for node in root.iter("a")] == ["/"]


def _colours(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme))


def _contrast(one: str, other: str) -> float:
    """By WCAG 2.2: relative luminances, the lighter over the darker, 0.05 of flare each."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_in_both_schemes() -> None:
    """AA: every colour of text on every ground that it stands on 4.5, what is drawn on the map 3."""
    css = (STATIC / "safeconduct.css").read_text("utf-8")
    light = _colours(css.split("@media (prefers-color-scheme: dark)")[0])
    dark = {**light, **_colours(css.split("@media (prefers-color-scheme: dark)")[1].split("* {")[0])}
    assert light != dark
    for scheme in (light, dark):
        for text in ("ink", "soft", "critical", "serious", "notice", "good"):
            assert min(_contrast(scheme[text], scheme[ground]) for ground in ("paper", "panel", "land")) >= 4.5, text
        for mark in ("side-a", "side-b", "side-c", "side-n"):
            assert min(_contrast(scheme[mark], scheme[ground]) for ground in ("panel", "land", "on-fill")) >= 4.5, mark
        assert _contrast(scheme["water-name"], scheme["land"]) >= 4.5
    assert "prefers-reduced-motion" in css
    assert "@media print" in css
    assert "url(" not in css
    assert "@import" not in css


def test_script_is_small_and_evaluates_nothing() -> None:
    """Under 150 lines, and nothing that the policy would have to allow."""
    script = (STATIC / "live.js").read_text("utf-8")
    assert len(script.splitlines()) < 150
    assert not re.search(r"\beval\b|new Function|document\.write|https?:", script)
