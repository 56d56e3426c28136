"""What a duty officer looks at, kept up to date entry by entry: the read model of the live page at one clearance.

Default deny holds by construction: everything is folded from what may be told of each entry. The exceptions, how far
the convoys of each side are and which of the reports told were taken back, are listed in docs/declassified.md.

What is shown of reports (positions, who is aboard, custody, counts) depends on the set of reports, not on the order in
which they came: `tracking.field` works out what they amount to, and what contradicts what. The page is a look, the
watch is the judge. Where they differ: custody is followed from the first report on, not from the plan's first
custodian; a party is not told who is added to the list without replacing somebody, nor the reports on persons who came
onto it on the day; changes to the list are not sifted for the future; where reports of different kinds share an id,
each is taken as it stands by what is declassified, and by a party that is told only one.
"""

from collections.abc import Callable, Mapping
from typing import Any

from safeconduct.agreement.terms import OF_RELEASES
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.kernel.audience import Audience
from safeconduct.kernel.entry import Entry
from safeconduct.tracking.devices import DevicesHeard
from safeconduct.tracking.field import Field
from safeconduct.tracking.listing import ListChange
from safeconduct.tracking.reports import Line, Reports
from safeconduct.tracking.sifting import FUTURE_US
from safeconduct.views.declassified import Declassified
from safeconduct.views.operations_alarms import Alarms, Surroundings
from safeconduct.views.operations_clauses import Clauses
from safeconduct.views.operations_counts import Ground, Persons
from safeconduct.views.operations_due import due_steps
from safeconduct.views.operations_field import conflicts_seen, incidents_seen
from safeconduct.views.operations_map import Ways, progress_of, vehicles_seen
from safeconduct.views.operations_model import (
    ConvoySeen,
    CosigningTrouble,
    FacilityBoard,
    LedgerSeen,
    Operations,
    SideCounts,
)
from safeconduct.views.operations_sentences import say_entry, say_report
from safeconduct.views.operations_timeline import Saying, Timeline
from safeconduct.views.planned import added_person, read_legs, read_places, read_places_of_plan, read_vehicles
from safeconduct.vocabulary.assents import Assents, KeySignature

Fields = Mapping[str, Any]

_OPERATION = {"held": "held", "resumed": "", "aborted": "aborted"}
_ASIDE = Saying(("aside",), "A report from the future stands aside", "{n} reports from the future stand aside")
_CLOSED = Saying(("closed",), "An entry is closed to this reader", "{n} entries are closed to this reader")


class OperationsBuilder:
    """The picture of operations at a clearance. `take` in the order of the ledger, `snapshot` whenever it is shown."""

    def __init__(self, clearance: Clearance) -> None:
        self._clearance = clearance
        self._declassified = Declassified(clearance)
        self._known = 0
        self._recorded_at_us = 0
        self._title = ""
        self._parties: tuple[str, ...] = ()
        self._intermediaries: tuple[str, ...] = ()
        self._exchange = ""
        self._reached = "terms"
        """How far the record is, movements aside."""
        self._plan_sha256 = ""
        self._handovers_us: Mapping[str, int] = {}
        self._approvals = Assents()
        self._released: Mapping[str, int] | None = None
        """Of the closed round."""
        self._ways = Ways()
        self._names: dict[str, str] = {}
        """Of facilities."""
        self._boards: dict[tuple[str, str], Fields] = {}
        self._communique = ""
        self._clauses = Clauses()
        self._alarms = Alarms()
        self._devices = DevicesHeard()
        self._reports = Reports()
        self._field = Field()
        self._persons = Persons(self._field.person)
        self._operation: list[Line] = []
        """The reports that hold, resume or abort, as far as they count."""
        self._changes: dict[str, tuple[tuple[Any, ...], ListChange]] = {}
        """To the list, by the report's id, each with what says which of several versions stands."""
        self._deaths: dict[str, ListChange] = {}
        self._timeline = Timeline()
        self._folds: dict[str, Callable[[Fields], None]] = {
            "agreement.terms-recorded/1": self._record_terms,
            "agreement.round-closed/1": self._close_round,
            "registry.list-received/1": lambda _: self._reach("lists"),
            "registry.match-reviewed/1": lambda _: self._reach("identities"),
            "registry.match-opinion/1": lambda _: self._reach("identities"),
            "registry.candidate-reconciled/1": lambda _: self._reach("identities"),
            "composition.round-composed/1": self._compose,
            "composition.person-chosen/1": self._choose,
            "logistics.plan-proposed/1": self._propose,
            "logistics.convoy-planned/1": self._plan_convoy,
            "logistics.plan-approved/1": self._approve,
            "logistics.plan-approved-by-party/1": self._approve_by_key,
            "agreement.author-revoked/1": self._revoke,
            "tracking.list-change-reported/1": self._change_list,
            **self._alarms.folds,
            "tracking.alarm-shown/1": self._show_alarm,
            "tracking.confidential-alarm-shown/1": self._show_confidential_alarm,
            "reception.facility-enrolled/1": self._enrol,
            "reception.care-tallied/1": self._tally,
            "disclosure.communique-released/1": self._release,
        }

    def take(self, index: int, recorded_at_us: int, entry: Entry) -> None:
        """One opened entry, in the order of the ledger."""
        self._recorded_at_us = recorded_at_us
        self._declassified.take(entry)
        told = tell(entry, self._clearance)
        if told is None:
            return
        self._known += 1
        fields = told.fields
        if "report" in fields and "received_at_us" in fields and told.type != "tracking.list-change-reported/1":
            saying, report = self._report(fields)
        else:
            fold = self._folds.get(told.type)
            if fold is not None:
                fold(fields)
            saying, report = say_entry(told.type, fields), fields.get("event", "")
        if saying is not None:
            self._timeline.take(index, recorded_at_us, fields["occurred_at_us"], told.type, saying, report)

    def skip(self, index: int, recorded_at_us: int) -> None:
        """A sealed or erased body. That there is one is told to the intermediary alone."""
        self._recorded_at_us = recorded_at_us
        if self._clearance.may_know(Audience.INTERMEDIARY):
            self._timeline.take(index, recorded_at_us, recorded_at_us, "", _CLOSED)

    def snapshot(
        self,
        now_us: int,
        *,
        origin: str,
        size: int,
        root: str,
        note: str,
        cosigned_by: tuple[str, ...] = (),
        cosigned_size: int = 0,
        cosigning_troubles: tuple[CosigningTrouble, ...] = (),
    ) -> Operations:
        """Everything on the page as of `now_us`, with the latest checkpoint: its origin, size, root (Base64), note."""
        taken_back = self._declassified.taken_back(now_us)
        self._look(now_us, taken_back)
        convoys = self._convoys(now_us)
        stage = self._stage(convoys)
        return Operations(
            clearance=str(self._clearance),
            title=self._title,
            exchange=self._exchange,
            stage=stage,
            parties=self._parties,
            intermediaries=self._intermediaries,
            recorded_at_us=self._recorded_at_us,
            places=self._ways.places_seen(),
            routes=self._ways.routes_seen(),
            vehicles=vehicles_seen(self._ways, self._field.vehicle, lambda one: len(self._field.aboard(one))),
            convoys=convoys,
            counts=tuple(map(self._counts, self._parties)),
            due=()
            if stage in ("closed", "aborted")
            else due_steps(
                progress_of(self._ways, self._field.vehicle),
                self._handovers_us,
                self._persons.begun(),
                self._name,
                now_us,
            ),
            alarms=self._alarms.seen(self._surroundings(now_us)),
            clauses=self._clauses.clauses(),
            timeline=self._timeline.items(taken_back),
            facilities=tuple(self._board(tally) for tally in self._boards.values()),
            incidents=incidents_seen(self._field.incidents(), self._name),
            conflicts=conflicts_seen(self._field.conflicts(), self._reports.contradicting(), self._name),
            communique=self._communique,
            ledger=LedgerSeen(origin, size, root, note, cosigned_by, self._known, cosigned_size, cosigning_troubles),
        )

    def _report(self, fields: Fields) -> tuple[Saying | None, str]:
        at_us, received_us = fields["occurred_at_us"], fields["received_at_us"]
        line = self._reports.add(fields["report"], at_us, received_us)
        if line is None:
            return None, ""
        self._devices.add(line)
        if received_us is not None and at_us > received_us + FUTURE_US:
            return _ASIDE, ""
        return say_report(line, self._name), line.id

    def _look(self, now_us: int, taken_back: frozenset[str]) -> None:
        for line in self._reports.look(now_us, taken_back):
            self._devices.change(line)
            self._field.take(line)
            if line.type in _OPERATION:
                self._operation.append(line) if line.counts else self._operation.remove(line)
        self._devices.look(now_us, taken_back)
        changed = self._field.settle()
        for person in changed.persons:
            died_us = self._field.person(person).died_us
            self._deaths.pop(person, None)
            if died_us is not None:
                self._deaths[person] = ListChange(died_us, "", "died", person)
        told = (change for _, change in self._changes.values())
        changes = [one for one in told if one.at_us <= now_us and one.event not in taken_back]
        self._persons.settle(
            Ground(self._parties, self._intermediaries, self._ways.exchange_points()),
            [*changes, *self._deaths.values()],
            changed.persons,
        )

    def _name(self, place: object) -> str:
        return self._names[place] if isinstance(place, str) and place in self._names else self._ways.name(place)

    def _show_alarm(self, told: Fields) -> None:
        self._clauses.show_alarm(told)
        self._alarms.show(told)

    def _show_confidential_alarm(self, told: Fields) -> None:
        if told["clause"] != OF_RELEASES:
            self._clauses.show_alarm(told)
        self._alarms.show(told, confidential=True)

    def _surroundings(self, now_us: int) -> Surroundings:
        return Surroundings(
            now_us,
            self._parties,
            self._clauses.wording,
            self._ways.vehicle_of,
            self._devices.heard,
            told_all=self._clearance.may_know(Audience.INTERMEDIARY),
        )

    def _reach(self, stage: str) -> None:
        if not self._exchange:
            self._reached = stage

    def _record_terms(self, told: Fields) -> None:
        self._title, self._parties, self._intermediaries = told["title"], told["parties"], told["intermediaries"]
        self._clauses.record_terms(told["terms_text"])
        self._alarms.forget()

    def _compose(self, told: Fields) -> None:
        self._persons.begin_round()
        self._begin_plan("", {}, {})
        self._exchange = told["exchange"]
        self._released = None
        self._clauses.begin_round()
        self._reached = "lists" if told["status"] == "infeasible" else "composed"

    def _choose(self, told: Fields) -> None:
        if told["exchange"] == self._exchange:
            self._persons.choose(told["person"], told["held_by"], told["home"])

    def _propose(self, told: Fields) -> None:
        self._exchange = told["exchange"]
        self._begin_plan(told["plan_sha256"], told["handovers_us"], told["batches"])
        self._reached = "planned"
        if "plan_text" in told:
            self._ways.add_places(read_places_of_plan(told["plan_text"]))

    def _begin_plan(self, sha256: str, handovers_us: Mapping[str, int], batches: Mapping[str, tuple[str, ...]]) -> None:
        self._plan_sha256, self._handovers_us = sha256, handovers_us
        self._persons.plan(batches)
        self._ways = Ways()
        self._alarms.forget()

    def _plan_convoy(self, told: Fields) -> None:
        if told["plan_sha256"] == self._plan_sha256 and "legs_text" in told:
            self._alarms.forget()
            self._ways.add(
                read_places(told["places_text"]),
                read_vehicles(told["vehicles_text"]),
                read_legs(told["legs_text"], "/".join(told["own"])),
            )

    def _approve(self, told: Fields) -> None:
        self._approvals.attest(told["plan_sha256"], told["party"], told["occurred_at_us"])
        if told["plan_sha256"] == self._plan_sha256 and self._is_approved():
            self._reached = "approved"

    def _approve_by_key(self, told: Fields) -> None:
        signature = KeySignature(told["public_key"], told["author_seq"], told["occurred_at_us"])
        self._approvals.sign(told["plan_sha256"], told["party"], signature)
        if told["plan_sha256"] == self._plan_sha256 and self._is_approved():
            self._reached = "approved"

    def _revoke(self, told: Fields) -> None:
        self._approvals.void(told["public_key"], told["last_seq"])
        if self._reached == "approved" and not self._is_approved():
            self._reached = "planned"

    def _is_approved(self) -> bool:
        return set(self._parties) <= self._approvals.given(self._plan_sha256)

    def _close_round(self, told: Fields) -> None:
        if told["exchange"] == self._exchange:
            self._reached = "closed"
            self._released = told["released"]
            self._clauses.close_round(told["clauses_kept"], told["clauses_broken"])

    def _change_list(self, told: Fields) -> None:
        change = ListChange(
            told["occurred_at_us"],
            told["event"],
            told["change"],
            told["person"],
            told["replaces"],
            agreed=set(self._parties) <= set(told["agreed_by"]),
            comes_with=added_person(told["report"]) if "report" in told else None,
        )
        # Of several contents under one id the smallest stands, by what of them is told, whichever came first.
        version = (change.at_us, told.get("report", ""), change.kind, change.person, change.replaces, change.agreed)
        known = self._changes.get(change.event)
        if known is None or version < known[0]:
            self._changes[change.event] = version, change

    def _enrol(self, told: Fields) -> None:
        self._names[told["facility"]] = told["name"]

    def _tally(self, told: Fields) -> None:
        key = (told["facility"], told["exchange"])
        known = self._boards.get(key)
        if known is None or told["occurred_at_us"] >= known["occurred_at_us"]:
            self._boards[key] = told

    def _board(self, told: Fields) -> FacilityBoard:
        steps = tuple((step, due, told["done"].get(step, 0)) for step, due in sorted(told["due"].items()))
        name = self._name(told["facility"])
        return FacilityBoard(told["facility"], name, told["expected"], told["arrived"], steps)

    def _release(self, told: Fields) -> None:
        self._communique = told["text"]

    def _convoys(self, now_us: int) -> tuple[ConvoySeen, ...]:
        operation = self._operation_now()
        found = []
        for operator, counts in self._declassified.convoy_status(now_us).get(self._exchange, {}).items():
            legs, departed, arrived = counts["legs"], counts["departed"], counts["arrived"]
            standing = "on time"
            if legs and arrived == legs:
                standing = "done"
            elif operation:
                standing = "held"
            elif counts["overdue"]:
                standing = "late"
            elif not departed:
                standing = "not begun"
            found.append(ConvoySeen(operator, legs, departed, arrived, counts["late"] + counts["overdue"], standing))
        return tuple(found)

    def _operation_now(self) -> str:
        last = max(self._operation, key=lambda line: (line.at_us, line.id), default=None)
        return _OPERATION[last.type] if last is not None else ""

    def _stage(self, convoys: tuple[ConvoySeen, ...]) -> str:
        if self._reached != "approved":
            return self._reached
        operation = self._operation_now()
        if operation:
            return operation
        handed_over = self._persons.handed_over()
        if handed_over and handed_over >= self._persons.planned():
            return "handed over"
        if handed_over or any(one.departed or one.arrived for one in convoys):
            return "under way"
        return "approved"

    def _counts(self, party: str) -> SideCounts:
        told = self._clearance.may_know(Audience.OWN, (party,))
        released = None if self._released is None else self._released.get(party, 0)
        return self._persons.counts(party, told, released)
