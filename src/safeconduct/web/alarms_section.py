"""The alarms: deviations put together by cause, who looks after them, and what may be done about them.

Where acts are taken (at the intermediary's clearance, by a server that holds the ledger), one form with the officer's
name serves all buttons, which name it; so it works without a script too. Each button carries what the page showed.
"""

from collections.abc import Collection

from safeconduct.tracking.alarm_book import (
    ACKNOWLEDGED,
    ASKING,
    RESOLVED,
    UNACKNOWLEDGED,
    WAIVED,
    WITHDRAWN,
    seen,
)
from safeconduct.views.operations_alarms import waiting_words, waiver_words
from safeconduct.views.operations_model import AlarmSeen, DeviationSeen, Operations
from safeconduct.vocabulary.severity import SEVERITIES
from safeconduct.web.clocks import Clocks, moment, relative
from safeconduct.web.markup import NOTHING, Child, Markup, element, identifier, joined
from safeconduct.web.sections import chip, section
from safeconduct.web.symbols import icon

FORM = "handling"
"""The id of the form that all buttons belong to."""
_LISTED_AT_MOST = 100
"""Deviations of one alarm; a page has to stay readable and quick."""
_TALLIED = (UNACKNOWLEDGED, ACKNOWLEDGED, WAIVED, RESOLVED, WITHDRAWN)
_SAID = {UNACKNOWLEDGED: "not acknowledged"}


def alarms(operations: Operations, clocks: Clocks, *, acts: bool = False) -> Markup:
    """Those that ask for somebody in full, waived ones in brief, the others folded; `acts` adds the buttons.

    The list of those that ask is the only part of the page that announces itself.
    """
    of_state = {state: [one for one in operations.alarms if one.state == state] for state in _TALLIED}
    asking = [one for one in operations.alarms if one.state in ASKING]
    opened = sum(one.status == "open" for one in asking)
    said = ", ".join(f"{len(of_state[state])} {_SAID.get(state, state)}" for state in _TALLIED if of_state[state])
    parties = operations.parties if acts else ()
    drawn = [_alarm(alarm, clocks, parties) for alarm in asking]
    log = element(
        "div",
        element("ol", *drawn, class_="alarms") if drawn else None,
        id="alarm-log",
        role="log",
        aria_live="polite",
        aria_label="Alarms that stand",
    )
    calm = None if asking else element("p", icon("good"), element("span", "No alarm stands."), class_="calm")
    waived = of_state[WAIVED]
    panel = section(
        "alarms",
        "Alarms",
        _form() if acts else None,
        calm,
        log,
        element("ol", *(_settled(one, clocks) for one in waived), class_="alarms", id="alarms-waived")
        if waived
        else None,
        _folded("Resolved", of_state[RESOLVED], clocks),
        _folded("Withdrawn", of_state[WITHDRAWN], clocks),
        aside=element("p", said or "none", class_="tally"),
        class_="panel alarmed" if opened else "panel",
    )
    data = f'data-open="{opened}" data-asking="{len(of_state[UNACKNOWLEDGED])}"'
    return Markup(panel.replace("<section ", f"<section {data} ", 1))


def _alarm(alarm: AlarmSeen, clocks: Clocks, parties: Collection[str]) -> Markup:
    severity = alarm.severity if alarm.severity in SEVERITIES else "notice"
    single, waiting = len(alarm.deviations) == 1, waiting_words(alarm)
    return element(
        "li",
        element(
            "p",
            chip(severity, alarm.severity),
            chip("open" if alarm.status == "open" else "unconfirmed", alarm.status),
            _handled(alarm),
            _escalated(alarm, clocks),
            element("span", "came back", class_="alarm-returned") if alarm.returned else None,
            element("span", moment(alarm.first_us, clocks), " ", relative(alarm.first_us), class_="alarm-when"),
            class_="alarm-head",
        ),
        element(
            "p",
            element("span", f"{alarm.number} ", class_="alarm-number"),
            element("span", alarm.title, class_="alarm-clause"),
            class_="alarm-title",
        ),
        element("p", None if single else "First: ", alarm.gravest.message, class_="alarm-message"),
        _waivers(alarm),
        element(
            "p",
            "Shown ",
            moment(alarm.shown_at_us, clocks, seconds=True),
            ", ",
            relative(alarm.shown_at_us),
            f" · {waiting}" if waiting else None,
            class_="alarm-more",
        ),
        _grounds(alarm.deviations[0], clocks) if single else _deviations(alarm, clocks),
        _acts(alarm, parties) if parties else None,
        id=f"alarm-{alarm.number}",
        class_=f"alarm alarm-{severity} is-{identifier(alarm.status)} is-{alarm.state}",
    )


def _handled(alarm: AlarmSeen) -> Markup:
    """Who looks after it; where somebody does of a part only, both."""
    count = len(alarm.deviations)
    if alarm.state == ACKNOWLEDGED:
        return chip("acknowledged", f"acknowledged{f', {alarm.owner}' if alarm.owner else ''}", tone="tone-none")
    words = "not acknowledged"
    if alarm.unacknowledged < count:
        words = f"{alarm.unacknowledged} of {count} not acknowledged"
    if alarm.owner:
        words += f", with {alarm.owner}"
    return chip("unacknowledged", words, tone="tone-open")


def _escalated(alarm: AlarmSeen, clocks: Clocks) -> Markup | None:
    if alarm.escalated_us is None:
        return None
    to = f" to {', '.join(alarm.escalated_to)}" if alarm.escalated_to else ""
    tone = "tone-critical" if alarm.state == UNACKNOWLEDGED else "tone-none"
    words = joined(("escalated", to, " ", moment(alarm.escalated_us, clocks)))
    return element("span", icon("escalated"), element("span", words), class_=f"chip {tone}")


def _waivers(alarm: AlarmSeen) -> Markup | None:
    told = waiver_words(alarm)
    return element("p", f"{told}.", class_="alarm-more alarm-waivers") if told else None


def _deviations(alarm: AlarmSeen, clocks: Clocks) -> Markup:
    """All that the alarm stands for, folded; how much that is can be seen without unfolding."""
    count, opened = len(alarm.deviations), alarm.counted("open")
    listed = alarm.deviations[:_LISTED_AT_MOST]
    left = count - len(listed)
    return element(
        "details",
        element("summary", f"All {count} deviations: {opened} open, {count - opened} unconfirmed"),
        element("ol", *(_deviation(one, clocks) for one in listed), class_="deviations"),
        element("p", f"And {left} more; safeconduct alarms --json lists all of them.", class_="quiet")
        if left
        else None,
        id=f"alarm-{alarm.number}-grounds",
    )


def _deviation(one: DeviationSeen, clocks: Clocks) -> Markup:
    concerns = f", concerns {one.subject}" if one.subject else ""
    owner = f", {one.owner}" if one.owner else ""
    return element(
        "li",
        element(
            "p",
            element("span", f"{one.number} ", class_="alarm-number"),
            element("strong", f"{one.clause}: {one.rule}"),
            f"{concerns}, ",
            moment(one.at_us, clocks),
            f" · {one.status}, {_SAID.get(one.state, one.state)}{owner}",
        ),
        element("p", one.message, class_="alarm-message"),
        element("p", "Evidence: ", *_codes(one.evidence, "nothing was reported"), class_="quiet"),
        id=f"deviation-{one.number}",
        class_="deviation",
    )


def _grounds(one: DeviationSeen, clocks: Clocks) -> Markup:
    """Evidence and what is waited for, folded; how much there is can be seen without unfolding."""
    found = f"{len(one.evidence)} in evidence" if one.evidence else "no report in evidence"
    awaited = f", {len(one.waiting_for)} awaited" if one.waiting_for else ""
    return element(
        "details",
        element("summary", f"Grounds: {found}{awaited}"),
        element(
            "dl",
            element("dt", "Rule"),
            element("dd", f"{one.clause}: {one.rule}"),
            *((element("dt", "Concerns"), element("dd", one.subject)) if one.subject else ()),
            element("dt", "Evidence"),
            element("dd", *_codes(one.evidence, "nothing was reported, which is the point")),
            element("dt", "Waiting for"),
            element("dd", *_codes(one.waiting_for, "nothing more")),
            element("dt", "Shown"),
            element("dd", moment(one.shown_at_us, clocks, seconds=True), f", as number {one.number}"),
            class_="grounds",
        ),
        id=f"alarm-{one.number}-grounds",
    )


def _codes(words: tuple[str, ...], otherwise: str) -> list[Child]:
    return [element("code", word) for word in words] if words else [otherwise]


def _folded(heading: str, settled: list[AlarmSeen], clocks: Clocks) -> Markup | None:
    if not settled:
        return None
    return element(
        "details",
        element("summary", f"{heading}: {len(settled)}"),
        element("ol", *(_settled(alarm, clocks) for alarm in settled), class_="alarms"),
        id=f"alarms-{heading.lower()}",
    )


def _settled(alarm: AlarmSeen, clocks: Clocks) -> Markup:
    """An alarm that asks for nobody any more: what it was, and how it ended."""
    who = f" by {' and '.join(alarm.waived_by)}" if alarm.state == WAIVED else ""
    if alarm.state == RESOLVED and alarm.resolved_by:
        who = f" by {alarm.resolved_by}"
    return element(
        "li",
        element(
            "p",
            chip(alarm.state, f"{alarm.state}{who}", tone="tone-none"),
            element("span", moment(alarm.first_us, clocks), class_="alarm-when"),
            class_="alarm-head",
        ),
        element(
            "p",
            element("span", f"{alarm.number} ", class_="alarm-number"),
            element("span", alarm.title, class_="alarm-clause"),
            class_="alarm-title",
        ),
        element("p", alarm.deviations[0].message, class_="alarm-message"),
        *(element("p", note, class_="alarm-more") for note in alarm.notes),
        _waivers(alarm) if alarm.state != WAIVED else None,
        id=f"alarm-{alarm.number}",
        class_=f"alarm is-{alarm.state}",
    )


def _form() -> Markup:
    """The form of all buttons: who acts. What came of it is told beside it by the page's script."""
    return element(
        "form",
        element("label", "You are ", element("input", name="by", required=True, maxlength=100, autocomplete="name")),
        element("p", id="handling-said", class_="handling-said", role="status", data_kept=True),
        id=FORM,
        method="post",
        action="/alarms",
        class_="handling",
    )


def _acts(alarm: AlarmSeen, parties: Collection[str]) -> Markup:
    number = str(alarm.number)
    new = [one for one in alarm.deviations if one.state == UNACKNOWLEDGED]
    lacking = [party for party in parties if party not in alarm.waived_by]
    confidential = any(one.confidential for one in alarm.deviations)
    waive = (
        element(
            "div",
            element(
                "label",
                "Party ",
                element("select", *(element("option", one) for one in lacking), name=f"party-{number}", form=FORM),
            ),
            _field("and why it waives this", f"reason-{number}"),
            _button("waive", "It waives", alarm.deviations),
            class_="act",
        )
        if lacking and not confidential
        else NOTHING
    )
    return element(
        "div",
        _button("acknowledge", "Acknowledge", new) if new else None,
        element(
            "details",
            element("summary", "Hand over, resolve, waive"),
            element(
                "div",
                _field("To whom", f"to-{number}"),
                _button("assign", "Hand over", alarm.deviations),
                class_="act",
            ),
            element(
                "div",
                _field("What was done", f"note-{number}"),
                _button("resolve", "Resolved", alarm.deviations),
                class_="act",
            ),
            waive,
            id=f"alarm-{number}-acts",
        ),
        class_="alarm-acts",
    )


def _field(label: str, name: str) -> Markup:
    return element("label", f"{label} ", element("input", name=name, form=FORM, id=name, maxlength=2000))


def _button(act: str, words: str, deviations: Collection[DeviationSeen]) -> Markup:
    return element("button", words, type="submit", form=FORM, name=act, value=seen_value(deviations), class_="act-go")


def seen_value(deviations: Collection[DeviationSeen]) -> str:
    """What a button says that its reader saw: the numbers of the deviations, and the fingerprint of how they stood."""
    looked_at = seen(one.glance() for one in deviations)
    return " ".join([*map(str, looked_at.numbers), looked_at.fingerprint])
