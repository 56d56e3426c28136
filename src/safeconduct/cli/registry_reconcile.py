"""`safeconduct registry reconcile`: from the reviewers' findings to the candidates, on record and as a list."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safeconduct.cli.acting import writing
from safeconduct.cli.files import note, print_json, read_file, write_file
from safeconduct.cli.registry_record import weighings_of
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.exchange.state import Exchange
    from safeconduct.registry.lists import ListRead
    from safeconduct.registry.reconciliation import Reconciliation, Standing
    from safeconduct.registry.reconciling import Interview

_WORDS = {
    "identified": "identified on a list of the sought",
    "unreviewed": "unreviewed: a proposed partner waits for reviewers",
    "premature": "premature: reviewers cannot say yet, or disagree",
    "excluded": "excluded: whoever was proposed is somebody else",
    "not-proposed": "not proposed: no list of the sought has anybody likely",
    "conflicting": "conflicting: the findings contradict each other; mend one of them with registry review --again",
    "already-exchanged": "already exchanged",
    "no-home": "no home: the list does not say to which party they return, and none seeks them",
}
_NO_CANDIDATE = ("conflicting", "already-exchanged", "no-home")
_NAMED = ("premature", "excluded", "conflicting", "no-home")
"""Whom somebody must look at; named each, up to _SHOWN."""
_SHOWN = 10


def reconcile(
    workspace: Path | None = WORKSPACE,
    interviews: Annotated[
        Path | None,
        typer.Option("--interviews", metavar="LIST", help="A list of candidates with consent and protected filled in."),
    ] = None,
    leave_open: Annotated[
        bool, typer.Option("--leave-open", help="Go on though pairs wait for reviewers: those count as not identified.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be recorded; record nothing.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write all candidates there, for compose.")
    ] = None,
    json: bool = JSON,
) -> None:
    """Record who may be exchanged, by the lists on record and what reviewers find: each person held, once.

    Whoever stands on a list of the held is a candidate, sought or not; findings join the rows that are one person, and
    the home party's spelling and birth date stand. Where findings contradict each other nobody is a candidate until one
    is mended; nor is who was handed over already. Only the difference to what is on record is recorded: run it again
    after new findings, a new version of a list, or a changed row. Refused while pairs wait for reviewers.

    What persons said in private and whether they are protected comes from --interviews: what -o FILE wrote, with
    `consent` and `protected` filled in. Whom it does not name, or of whom it says nothing, stays as recorded before.
    Exit code: 0 done, 1 done and cells of LIST could not be read, 2 nothing recorded.

    \b
    Example, after: safeconduct demo --fast --persons 40
      safeconduct registry reconcile --leave-open -o candidates.csv --workspace safeconduct-demo
      safeconduct compose safeconduct-demo/files/terms.toml candidates.csv
    """
    from safeconduct.app.candidates import in_open_rounds, reconcile_record
    from safeconduct.app.commands import RecordCandidates
    from safeconduct.app.registry_acts import OnRecord, Reconcile
    from safeconduct.registry.candidate_list import write_candidates
    from safeconduct.registry.lists import read_list
    from safeconduct.registry.review_queue import queue

    read = None if interviews is None else read_list(str(interviews), read_file(interviews))
    with writing(open_or_find(workspace)) as writer:
        state, size, now_us = writer.state, writer.size, writer.clock.now_us()
        if not state.registry.lists:
            raise Refused("no list is on record yet: record them with safeconduct registry take")
        waiting = [one.key for one in queue(weighings_of(state, "", ""), state.registry, "")]
        found = reconcile_record(state, now_us, waiting=waiting)
        left = len(found.open_pairs)
        if left and not leave_open:
            raise Refused(
                f"{counted(left, 'pair')} wait{'s' * (left == 1)} for reviewers: review them "
                "(safeconduct registry review), or go on without their answer with --leave-open"
            )
        if read is not None:
            heard = _interviews(str(interviews), read, state, found)
            found = reconcile_record(state, now_us, waiting=waiting, interviews=heard)
        known = frozenset(state.registry.candidates)
        if output is not None and not dry_run:
            write_file(output, write_candidates([one.person for one in found.candidates]), private=True)
        if not dry_run and (found.changed or found.withdrawn):
            done = writer.perform(Reconcile(RecordCandidates(found.changed, found.withdrawn), size))
            if not isinstance(done, OnRecord):
                raise Refused(
                    "lists or findings came in meanwhile: nothing is recorded, and a file that was written tells of "
                    "what was before; run it again"
                )
        others = [one.person for one in found.changed] + [one.person for one in found.withdrawn]
        touched = in_open_rounds(state, others)
    for finding in read.findings if read else ():
        note(str(finding))
    told = _told(state, found, known, touched, recorded=not dry_run)
    if json:
        print_json(told)
    else:
        _print(told, None if dry_run else output)
    raise typer.Exit(1 if read and read.findings else 0)


def _interviews(name: str, read: "ListRead", state: "Exchange", found: "Reconciliation") -> "dict[str, Interview]":
    from safeconduct.registry.candidate_list import check_known, interviews_in
    from safeconduct.registry.reconciling import Interview

    known = {person: Interview(one.consent, one.protected) for person, one in state.registry.candidates_ever().items()}
    known |= {one.person.ref: Interview(one.person.consent, one.person.protected) for one in found.candidates}
    check_known(name, read, known)
    return interviews_in(read, known)


def _told(
    state: "Exchange",
    found: "Reconciliation",
    known: frozenset[str],
    touched: dict[str, list[str]],
    *,
    recorded: bool,
) -> dict[str, Any]:
    registry = state.registry
    of_list: dict[str, list[Standing]] = {}
    for one in found.standings:
        of_list.setdefault(one.rows[0][0], []).append(one)
    new = sum(one.person not in known for one in found.changed)
    return {
        "recorded": recorded,
        "pairs_waiting": len(found.open_pairs),
        "lists": [
            {
                "held": list_id,
                "sought": [
                    name
                    for name, one in registry.lists.items()
                    if one.purpose == "sought"
                    and name not in registry.replaced
                    and one.own != registry.lists[list_id].own
                ],
                "rows": sum(len(one.rows) for one in standings),
                "persons": len(standings),
                "standings": dict(Counter(one.standing for one in standings)),
            }
            for list_id, standings in of_list.items()
        ],
        "not_identified": [
            {"list": one.rows[0][0], "refs": [ref for _, ref in one.rows], "why": one.standing}
            for one in found.standings
            if one.standing != "identified"
        ],
        "candidates": len(found.candidates),
        "protected": found.held_back,
        "new": new,
        "changed": len(found.changed) - new,
        "withdrawn": [{"person": one.person, "why": one.reason} for one in found.withdrawn],
        "unchanged": len(found.candidates) - len(found.changed),
        "compose_again": touched,
    }


def _print(told: dict[str, Any], output: Path | None) -> None:
    for one in told["lists"]:
        sought = " and ".join(one["sought"]) or "no list of the sought"
        print(f"{one['held']} with {sought}: {counted(one['persons'], 'person')} on {counted(one['rows'], 'row')}")
        for standing, words in _WORDS.items():
            number = one["standings"].get(standing, 0)
            if not number:
                continue
            print(f"  {number:>6,}  {words}{' (no candidate)' if standing in _NO_CANDIDATE else ''}")
            refs = [
                " = ".join(each["refs"])
                for each in told["not_identified"]
                if (each["list"], each["why"]) == (one["held"], standing)
            ]
            if standing in _NAMED:
                print(f"          {', '.join(refs[:_SHOWN])}{', …' * (len(refs) > _SHOWN)}")
    will = "recorded " if told["recorded"] else "to record"
    withdrawn = len(told["withdrawn"])
    if told["new"] or told["changed"] or withdrawn:
        print(
            f"{will}  {told['new']:,} new, {told['changed']:,} changed, {withdrawn:,} withdrawn, "
            f"{told['unchanged']:,} unchanged"
        )
    else:
        print(f"{will}  nothing: {counted(told['unchanged'], 'candidate')} on record already, as they are")
    if told["candidates"]:
        print(f"protected  {told['protected']:,} of {counted(told['candidates'], 'candidate')}: in no round")
    for one in told["withdrawn"][:_SHOWN]:
        print(f"withdrawn  {one['person']}: {one['why'].replace('-', ' ')}")
    for exchange, persons in told["compose_again"].items():
        print(f"look at    the round of {exchange}: {counted(len(persons), 'person')} in it changed; compose again")
    if output is not None:
        print(f"written    {output}, with names and what is protected: for safeconduct compose, and for nobody else")
