"""The check of a copy of the ledger, offline: its files and the keeper's key, which must come from elsewhere.

The ledger as such is checked as the keeper checks it (`ledger.fsck`). Of what the copy shows: that the authors
committed to it, that it is as entries of its type are, that it is neither more nor less than its clearance may know.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from safeconduct.agreement.entries import RoundClosed, TermsRecorded
from safeconduct.app.author_check import AuthorCheck
from safeconduct.app.copy_keys import decode_keys
from safeconduct.app.exported_copy import KEYS, ExportedCopy
from safeconduct.app.exporting import export_copy
from safeconduct.app.processors import processors
from safeconduct.app.told_again import ToldAs, told_of
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.disclosure.clearance import Clearance
from safeconduct.disclosure.telling import Told, told_fields
from safeconduct.kernel.audience import Audience
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.ledger.author_chains import Clone, NotCounting
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.commitment import verify_disclosure
from safeconduct.ledger.cosignature import Cosignature, open_cosignatures
from safeconduct.ledger.disclosed_lines import LineError, decode_line
from safeconduct.ledger.fsck import Problem, StoredEntry, check
from safeconduct.ledger.header import Leaf
from safeconduct.ledger.merkle import ProofError
from safeconduct.ledger.note import CheckpointError, VerifierKey
from safeconduct.ledger.trust import Trust


@dataclass
class TypeCount:
    """How many entries of a type a copy shows, and how many of their fields."""

    entries: int = 0
    fields: int = 0


@dataclass
class CopyReport:
    """What the check of a copy found."""

    folder: Path
    clearance: Clearance
    origin: str
    size: int = 0
    """Entries of which the leaf was read."""
    root: bytes = b""
    """The root derived from them; empty if entries are missing."""
    problems: list[Problem] = field(default_factory=list)
    authors: int = 0
    """How many keys signed entries; one signature an entry was checked, and that of the checkpoint."""
    types: dict[str, TypeCount] = field(default_factory=dict)
    """What the copy shows, by entry type."""
    rounds: list[RoundClosed] = field(default_factory=list)
    """The rounds that are closed, as the copy shows them."""
    clones: list[Clone] = field(default_factory=list)
    """Keys that are in two hands, each with its proof."""
    not_counting: list[NotCounting] = field(default_factory=list)
    """What a later revocation cut off."""
    continues: Checkpoint | None = None
    """The earlier checkpoint that was compared."""
    cosignatures: tuple[Cosignature, ...] = ()
    """Of the witnesses whose keys were given, those that cosigned."""
    lacking: tuple[str, ...] = ()
    """Who must have cosigned and has not."""

    @property
    def verified(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def entries(self) -> int:
        """Entries of which something is shown."""
        return sum(count.entries for count in self.types.values())

    @property
    def fields(self) -> int:
        """Fields that are shown."""
        return sum(count.fields for count in self.types.values())


def verify_copy(
    folder: Path,
    verifier: VerifierKey,
    *,
    trust: Trust | None = None,
    previous: Checkpoint | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> CopyReport:
    """Check a copy under the key of its ledger, and that it continues an earlier checkpoint where one is given.

    `trust` says whose cosignatures its checkpoint must have; without it nobody's. `progress` is told the number of
    entries done. Raises BadInput for a folder that is no copy.
    """
    copy = ExportedCopy.open(folder)
    report = CopyReport(folder, copy.clearance, verifier.name, continues=previous)
    note = copy.checkpoint_note()
    try:
        checkpoint = open_checkpoint(note, verifier)
    except CheckpointError as error:
        # The size itself is in doubt: whatever else could be said of the files would be said of another ledger.
        what = copy.problems[0] if copy.problems else f"the checkpoint is not valid under the key given: {error}"
        report.problems.append(Problem(None, f"{what}; nothing else was checked"))
        return report
    copy.size = checkpoint.size
    copy.load_tiles()
    # Who may know of every key can say who signed without being enrolled.
    authors = AuthorCheck(judging=copy.clearance.may_know(Audience.PARTIES))
    shown = _Shown(report, authors)
    with processors() as begin:
        found = check(
            copy, verifier, shown.check, progress, earlier=previous, begin=begin, check_author=authors.check_leaf
        )
    _check_cosignatures(copy, note, trust or Trust((verifier,)), _check_keys(copy, verifier), report)
    _check_surroundings(copy, verifier, shown)
    report.size, report.root, report.authors = found.size, found.root, found.authors
    report.clones, report.not_counting = found.clones, authors.not_counting()
    report.problems = [*(Problem(None, what) for what in copy.problems), *found.problems]
    return report


def verify_as_each_party(workspace: Workspace, parties: Sequence[str], folder: Path | None = None) -> list[CopyReport]:
    """Make the copy of each party, as `copies/PARTY` of the workspace or in `folder`, and check it by its files alone.

    A process a party, as many at once as there are processors. An earlier copy there is replaced. Raises BadInput or
    Refused where a copy cannot be made.
    """
    folder = workspace.folder / "copies" if folder is None else folder
    targets = [folder / party for party in parties]
    with ProcessPoolExecutor(min(len(parties), os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(_verify_as, workspace.folder), parties, targets))


def _verify_as(folder: Path, party: str, target: Path) -> CopyReport:
    workspace = open_workspace(folder)
    export_copy(workspace, str(Clearance("party", party)), target, force=True)
    return verify_copy(target, workspace.verifier)


def _check_keys(copy: ExportedCopy, verifier: VerifierKey) -> tuple[VerifierKey, ...]:
    """Its list of keys, which is there to compare; the witnesses' among them."""
    source = copy.small_file(KEYS)
    try:
        keys = decode_keys(source)
    except CheckpointError as error:
        if source:  # else it is told that it cannot be read
            copy.problems.append(f"{KEYS} does not name the key given: {error}")
        return ()
    if keys.ledger != verifier:
        copy.problems.append(f"{KEYS} does not name the key given")
    return tuple(one.key for one in keys.witnesses)


def _check_cosignatures(
    copy: ExportedCopy, note: bytes, trust: Trust, named: Sequence[VerifierKey], report: CopyReport
) -> None:
    """Those that are asked for must be there; those of witnesses whom the copy itself names must at least hold."""
    try:
        report.cosignatures = tuple(open_cosignatures(note, trust.cosigners))
        open_cosignatures(note, named)
    except CheckpointError as error:
        copy.problems.append(f"the checkpoint is not valid: {error}")
    report.lacking = trust.lacking(report.cosignatures)
    copy.problems += [f"the checkpoint is not cosigned by {name}" for name in report.lacking]


def _check_surroundings(copy: ExportedCopy, verifier: VerifierKey, shown: "_Shown") -> None:
    """What is not part of the ledger: the copy's heading."""
    heading, clearance = copy.heading, copy.clearance
    if (heading.origin, heading.size) != (verifier.name, copy.size):
        copy.problems.append(
            f"the heading speaks of {heading.origin} with {heading.size} entries, the checkpoint of {verifier.name}"
            f" with {copy.size}"
        )
    if clearance.role == "party" and clearance.party not in shown.parties:
        copy.problems.append(f"the copy is for {clearance}, which is no party of the terms in it")


class _Shown:
    """Checks what is shown of one entry after the other, and counts it."""

    def __init__(self, report: CopyReport, authors: AuthorCheck) -> None:
        self._report = report
        self._authors = authors
        self.parties: set[str] = set()

    def check(self, entry: StoredEntry, leaf: Leaf) -> Sequence[str]:
        """What is wrong with the fields shown of an entry (`fsck.BodyCheck`)."""
        found, wrong = checked_line(entry.plaintext, leaf, self._report.clearance)
        if found is None:
            return wrong
        entry_type, told = found.entry_type, found.told
        count = self._report.types.setdefault(told.type, TypeCount())
        count.entries += 1
        count.fields += len(told.fields) + 1
        if entry_type is TermsRecorded:
            self.parties.update(told.fields.get("parties", ()))
        if entry_type is RoundClosed and told.fields.keys() == set(RoundClosed.__struct_fields__):
            self._report.rounds.append(RoundClosed(**told.fields))
        return [*wrong, *self._authors.check_fields(leaf, told.type, told.fields)]


def checked_line(line: bytes, leaf: Leaf, clearance: Clearance) -> tuple[ToldAs | None, Sequence[str]]:
    """What a line of `disclosed.jsonl` tells of the entry whose leaf this is, and what is wrong with it.

    Its author committed to it; it is as entries of its type are; it shows what that clearance may know, no more and no
    less. None where nothing can be read from it.
    """
    try:
        disclosure = decode_line(line)
        verify_disclosure(disclosure, leaf.header.body_root)
        found = told_of(disclosure)
    except (LineError, ProofError) as error:
        return None, (f"what is shown of it does not hold: {error}",)
    except NotCanonical as error:
        return None, (str(error),)
    own, facility = found.told.fields.get("own", ()), found.told.fields.get("facility", "")
    return found, _differences(found.told, told_fields(found.entry_type, own, clearance, facility), clearance)


def _differences(told: Told, allowed: Sequence[str] | None, clearance: Clearance) -> list[str]:
    if allowed is None:
        return [f"it is shown, and {clearance} may not know that there is one of its type"]
    return [
        *(
            f"its field {slot!r} is shown, which {clearance} may not know"
            for slot in told.fields
            if slot not in allowed
        ),
        *(
            f"its field {slot!r} is not shown, which {clearance} may know"
            for slot in allowed
            if slot not in told.fields
        ),
    ]
