"""Each entry in one plain sentence at a clearance: from the fields that may be told, without anybody's name."""

from collections.abc import Callable, Mapping
from typing import Any

from safeconduct.tracking.reports import Line
from safeconduct.views.operations_timeline import Saying

Fields = Mapping[str, Any]
Name = Callable[[object], str]
"""From the id of a place to what people call it."""


def say_report(line: Line, name: Name) -> Saying:
    """A report of the field."""
    telling = _REPORTS.get(line.type)
    if telling is None:
        return Saying((line.type,), f"A report of type {line.type}", f"{{n}} reports of type {line.type}")
    saying = telling(line, name)
    if line.source is None:
        return saying
    return Saying(("claimed", *saying.key), f"Claimed: {saying.one}", f"Claimed: {saying.many}")


def say_entry(tag: str, fields: Fields) -> Saying:
    """An entry that is no report of the field."""
    telling = _ENTRIES.get(tag)
    return telling(fields) if telling else Saying((tag,), f"An entry of type {tag}", f"{{n}} entries of type {tag}")


def _alone(text: str) -> Saying:
    """An entry that is like no other but its own repetition."""
    return Saying((text,), text, text)


def _at(line: Line, name: Name, word: str = "at") -> str:
    return f" {word} {name(line.place)}" if isinstance(line.place, str) else ""


def _vehicle_moves(one: str, many: str) -> Callable[[Line, Name], Saying]:
    def say(line: Line, name: Name) -> Saying:
        place = name(line.place)
        return Saying((line.type, line.place), f"{line.vehicle} {one} {place}", f"{{n}} vehicles {many} {place}")

    return say


def _person_rides(one: str, many: str) -> Callable[[Line, Name], Saying]:
    def say(line: Line, name: Name) -> Saying:
        where = _at(line, name) or f" of {line.vehicle}"
        key = (line.type, line.place if isinstance(line.place, str) else line.vehicle)
        return Saying(key, f"One person {one} {line.vehicle}{_at(line, name)}", f"{{n}} persons {many}{where}")

    return say


def _positioned(line: Line, _: Name) -> Saying:
    return Saying(("positioned",), f"{line.vehicle} reports its position", "{n} positions of vehicles reported")


def _counted(line: Line, name: Name) -> Saying:
    what = line.what if isinstance(line.what, str) else "prisoners"
    counted = f"{line.count} counted" if what == "prisoners" else f"{line.count} {what} counted"
    where = _at(line, name)
    return Saying(
        ("counted", what, line.place), f"{counted} on {line.vehicle}{where}", f"{{n}} counts of {what}{where}"
    )


def _custody(verb: str) -> Callable[[Line, Name], Saying]:
    def say(line: Line, name: Name) -> Saying:
        giver, taker = name(line.giver), name(line.taker)
        hands = f"from {giver} to {taker}"
        return Saying(
            (line.type, line.giver, line.taker),
            f"Custody of one person {verb} {hands}",
            f"Custody of {{n}} persons {verb} {hands}",
        )

    return say


def _examined(line: Line, _: Name) -> Saying:
    what = line.what.replace("-", " ") if isinstance(line.what, str) else "health"
    return Saying(("examined", what), f"One person examined ({what})", f"{{n}} persons examined ({what})")


def _notified(line: Line, _: Name) -> Saying:
    if line.who == "family":
        return Saying(("notified", "family"), "One family has been told", "{n} families have been told")
    return Saying(("notified", line.who), f"{line.who} has been told", f"{line.who} has been told of {{n}} matters")


def _by(line: Line) -> str:
    return f" by {line.by}" if isinstance(line.by, str) else ""


def _matter(text: str) -> Callable[[Line, Name], Saying]:
    return lambda line, _: _alone(text + _by(line))


def _incident(line: Line, name: Name) -> Saying:
    what = line.what if isinstance(line.what, str) else "unspecified"
    where = _at(line, name)
    return Saying(("incident", what, line.place), f"Incident reported: {what}{where}", f"{{n}} reports: {what}{where}")


_REPORTS: dict[str, Callable[[Line, Name], Saying]] = {
    "departed": _vehicle_moves("leaves", "leave"),
    "arrived": _vehicle_moves("reaches", "reach"),
    "boarded": _person_rides("boards", "board"),
    "alighted": _person_rides("gets off", "get off"),
    "positioned": _positioned,
    "counted": _counted,
    "offered": _custody("offered"),
    "accepted": _custody("accepted"),
    "refused": _custody("refused"),
    "identified": lambda line, _: Saying(
        ("identified", line.result), f"One identity {line.result}", f"{{n}} identities {line.result}"
    ),
    "died": lambda *_: Saying(("died",), "A death is reported", "{n} deaths are reported"),
    # The answers are nobody's business here: that people were asked is.
    "consented": lambda *_: Saying(("consented",), "One person heard in private", "{n} persons heard in private"),
    "examined": _examined,
    "notified": _notified,
    "incident": _incident,
    "published": _matter("A statement on the exchange is published"),
    "held": _matter("The operation is held"),
    "resumed": _matter("The operation goes on"),
    "aborted": _matter("The operation is aborted"),
    "clock": lambda *_: Saying(("clock",), "A device tells the time", "{n} times told by devices"),
    "retired": lambda line, _: _alone(f"Device {line.device} will report no more"),
    "voided": lambda *_: Saying(("voided",), "A report is taken back", "{n} reports are taken back"),
}


def say_list_change(fields: Fields) -> Saying:
    """A person added, substituted or withdrawn."""
    change = fields["change"]
    sides = " and ".join(fields["agreed_by"])
    agreed = f", agreed by {sides}" if sides else ""
    return Saying(("change", change, sides), f"One person {change}{agreed}", f"{{n}} persons {change}{agreed}")


def _counts(numbers: Mapping[str, int], verb: str) -> str:
    return ", ".join(f"{party} {verb} {number:,}" for party, number in sorted(numbers.items()))


def _alarm(fields: Fields) -> Saying:
    words = {"open": "", "unconfirmed": ", not yet certain", "withdrawn": " withdrawn"}
    status = words.get(fields["status"], "")
    return Saying(
        ("alarm", fields["clause"], fields["status"]),
        f"Alarm {fields['number']}{status}: {fields['clause']}, {fields['rule']}",
        f"{{n}} alarms{status}: {fields['clause']}",
    )


def _on_alarm(did: str, who: str, joining: str = "by") -> Callable[[Fields], Saying]:
    """What was done about an alarm, by or to whom where that may be known."""

    def say(fields: Fields) -> Saying:
        names = fields.get(who, "")
        if not isinstance(names, str):
            names = ", ".join(names)
        told = f"{did} {joining} {names}" if names else did
        return Saying(("on alarm", told), f"Alarm {fields['number']} {told}", f"{{n}} alarms {told}")

    return say


_ON_ALARMS = {
    "acknowledged": _on_alarm("acknowledged", "by"),
    "assigned": _on_alarm("handed over", "owner", "to"),
    "resolved": _on_alarm("resolved", "by"),
    "waived": _on_alarm("waived", "party"),
    "escalated": _on_alarm("escalated", "to", "to"),
}


def _composed(fields: Fields) -> Saying:
    if fields["status"] == "infeasible":
        return _alone(f"No round keeps the terms: {', '.join(fields['conflict'])} cannot hold together")
    return _alone(f"The round is composed ({fields['status']}): {_counts(fields['released'], 'releases')}")


def _received(fields: Fields) -> Saying:
    of = {"held": "of persons held", "sought": "of persons sought"}.get(fields["purpose"], fields["purpose"])
    rows = f", {fields['rows']:,} rows" if "rows" in fields else ""
    return _alone(f"{' and '.join(fields['own'])} hands over a list {of}{rows}")


def _key(fields: Fields) -> str:
    """The beginning of a public key, as people compare it."""
    return f"{fields['public_key'][:16]}…"


def _enrolled(fields: Fields) -> Saying:
    holder = (
        f"{fields['label']} of {fields['actor']}" if "label" in fields else f"a {fields['kind']} of {fields['actor']}"
    )
    return _alone(f"The key {_key(fields)} signs for {holder} from now on, as {fields['attested_by']} attests")


def _tallied(fields: Fields) -> Saying:
    text = f"{fields['facility']}: {fields['arrived']:,} of {fields['expected']:,} arrived"
    return Saying(("tally", fields["facility"]), text, text)


_STEPS = {
    "round-composed": "Telling who is exchanged",
    "round-closed": "Closing the round",
    "communique-released": "The communiqué",
}


def _cosigned(fields: Fields) -> Saying:
    step, size = _STEPS.get(fields["step"], fields["step"]), fields["size"]
    if fields["lacking"]:
        lacking = " and ".join(fields["lacking"])
        return _alone(f"{step} rests on {size:,} entries not cosigned by {lacking}: two keys of the intermediary agree")
    return _alone(f"{step} rests on {size:,} entries cosigned by {' and '.join(fields['cosigned_by'])}")


def _glass(fields: Fields) -> Saying:
    if "recipient" not in fields:
        return _alone("A sealed field was given to somebody by one key of the intermediary alone: break-glass")
    return _alone(
        f"The key {_key(fields)} alone gives {_released(fields)}, which is break-glass: release {fields['number']}"
    )


def _released(fields: Fields) -> str:
    count = len(fields["slots"])
    return f"{count} field{'s' * (count != 1)} of entry {fields['index']} to {fields['recipient']}"


_ENTRIES: dict[str, Callable[[Fields], Saying]] = {
    "agreement.terms-recorded/1": lambda one: _alone(f"Terms put on record: {one['title']}"),
    "agreement.terms-signed/1": lambda one: _alone(
        f"{one['attested_by']} attests from the paper that {one['party']} signed the terms"
    ),
    "agreement.terms-signed-by-party/1": lambda one: _alone(
        f"{one['party']} signs the terms with its own key {_key(one)}"
    ),
    "agreement.round-closed/1": lambda one: _alone(
        f"The round is closed: {_counts(one['released'], 'released')}; "
        f"{len(one['clauses_kept'])} clauses kept, {len(one['clauses_broken'])} broken"
    ),
    "agreement.author-enrolled/1": _enrolled,
    "agreement.author-revoked/1": lambda one: _alone(
        f"The key {_key(one)} is revoked: what it signed after its number {one['last_seq']} does not count"
    ),
    "agreement.author-cloned/1": lambda one: _alone(
        f"The key {_key(one)} is in two hands: two entries of its number {one['author_seq']} were signed with it"
    ),
    "agreement.step-cosigned/1": _cosigned,
    "agreement.uncosigned-step-agreed/1": lambda one: _alone(
        f"The key {_key(one)} agrees to go on without a cosignature of {' and '.join(one['lacking'])}: "
        f"{_STEPS.get(one['step'], one['step'])}"
    ),
    "agreement.record-recovered/1": lambda one: _alone(
        f"The record had lost its entries {one['first']:,} to {one['size'] - 1:,} and took them back from the copy of "
        f"{one['copy_of']}, without what they say"
    ),
    "registry.list-received/1": _received,
    "registry.person-listed/1": lambda _: Saying(("listed",), "One row of a list", "{n} rows of lists"),
    "registry.searched/1": lambda one: Saying(
        ("searched", one["clearance"]),
        f"One search for a person in the registry, at the clearance {one['clearance']}",
        f"{{n}} searches for persons in the registry, at the clearance {one['clearance']}",
    ),
    "registry.list-replaced/1": lambda one: _alone(
        f"{' and '.join(one['own'])} replaces its list {one['replaces']} by version {one['version']}, {one['list_id']}"
    ),
    "registry.row-as-written/1": lambda _: Saying(
        ("as written",), "One row of a list, as it was written", "{n} rows of lists, as they were written"
    ),
    "registry.list-change-proposed/1": lambda one: Saying(
        ("row proposed", one["side"], one["list_id"]),
        f"{one['side']} proposes to change one row of the list {one['list_id']}",
        f"{one['side']} proposes to change {{n}} rows of the list {one['list_id']}",
    ),
    "registry.list-change-agreed/1": lambda one: Saying(
        ("row agreed", one["side"], one["list_id"]),
        f"{one['side']} agrees, with the second key, to a change of one row of the list {one['list_id']}",
        f"{one['side']} agrees, with the second key, to changes of {{n}} rows of the list {one['list_id']}",
    ),
    "registry.list-change-declined/1": lambda one: Saying(
        ("row declined", one["side"], one["list_id"]),
        f"{one['side']} ends a proposed change of one row of the list {one['list_id']}",
        f"{one['side']} ends proposed changes of {{n}} rows of the list {one['list_id']}",
    ),
    "registry.match-reviewed/1": lambda _: Saying(
        ("reviewed",), "One proposed identity reviewed", "{n} proposed identities reviewed"
    ),
    "registry.match-opinion/1": lambda _: Saying(
        ("opinion",),
        "One finding of a reviewer on a proposed identity",
        "{n} findings of reviewers on proposed identities",
    ),
    "registry.candidate-reconciled/1": lambda _: Saying(
        ("reconciled",), "One candidate reconciled", "{n} candidates reconciled"
    ),
    "registry.candidate-withdrawn/1": lambda _: Saying(
        ("withdrawn candidate",), "One person is no candidate any more", "{n} persons are no candidates any more"
    ),
    "composition.round-composed/1": _composed,
    "composition.person-chosen/1": lambda one: Saying(
        ("chosen", one["exchange"]), "One person is in the round", "{n} persons are in the round"
    ),
    "logistics.plan-proposed/1": lambda one: _alone(
        f"Plan for {one['exchange']} put to the parties: {one['persons']:,} persons, {len(one['handovers_us'])} batches"
    ),
    "logistics.convoy-planned/1": lambda one: _alone(f"Convoy of {' and '.join(one['own'])} planned"),
    "logistics.plan-approved/1": lambda one: _alone(
        f"{one['attested_by']} attests from the paper that {one['party']} approved the plan"
    ),
    "logistics.plan-approved-by-party/1": lambda one: _alone(
        f"{one['party']} approves the plan with its own key {_key(one)}"
    ),
    "tracking.alarm-shown/1": _alarm,
    "tracking.confidential-alarm-shown/1": _alarm,
    **{f"tracking.{kind}-{act}/1": say for kind in ("alarm", "confidential-alarm") for act, say in _ON_ALARMS.items()},
    "tracking.list-change-reported/1": say_list_change,
    "reception.facility-enrolled/1": lambda one: _alone(f"Facility enrolled: {one['name']}"),
    "reception.care-noted/1": lambda _: Saying(("cared",), "One sealed note of care", "{n} sealed notes of care"),
    "reception.care-tallied/1": _tallied,
    "disclosure.fact-cleared/1": lambda one: Saying(
        ("cleared",), f"Fact cleared for the public: {one['fact']}", "{n} facts cleared for the public"
    ),
    "disclosure.erasure-agreed/1": lambda one: _alone(
        f"The key {_key(one)} agrees to erase "
        + (f"the data of {one['subject']} ({one['reason']})" if "subject" in one else "the data of one subject")
    ),
    "disclosure.data-erased/1": lambda one: _alone(
        f"Data erased: {one['subject']} ({one['reason']})" if "subject" in one else "Data of one subject erased"
    ),
    "disclosure.release-proposed/1": lambda one: _alone(
        f"The key {_key(one)} proposes to give {_released(one)}: release {one['number']}"
    ),
    "disclosure.release-agreed/1": lambda one: _alone(f"The key {_key(one)} agrees to release {one['number']}"),
    "disclosure.glass-broken/1": _glass,
    "disclosure.glass-reviewed/1": lambda one: _alone(
        f"The key {_key(one)} finds release {one['number']} {one['finding'].replace('-', ' ')}"
    ),
    "disclosure.communique-released/1": lambda one: _alone(f"Communiqué released by {one['released_by']}"),
}
