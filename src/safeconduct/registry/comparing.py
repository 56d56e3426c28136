"""What one version of a list says otherwise than another, in words."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from safeconduct.registry.fold import fold
from safeconduct.registry.lists import as_text
from safeconduct.vocabulary.person import Person

_NAMES: Final = ("family_name", "given_name", "patronymic")
_DATES: Final = ("birth_date", "captured_on")
_UNSAID: Final = "not said"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a person, in canonical form before and after."""

    field: str
    before: str
    after: str

    @property
    def spelling_only(self) -> bool:
        """Whether a name is the same, only written otherwise (another script, another romanisation)."""
        return self.field in _NAMES and bool(self.before) and fold(self.before) == fold(self.after)

    def __str__(self) -> str:
        """`birth date 1985 → 17.05.1985`."""
        told = f"{in_words(self.field)} {shown(self.field, self.before)} → {shown(self.field, self.after)}"
        return f"{told} (the same name, spelt otherwise)" if self.spelling_only else told


@dataclass(frozen=True, slots=True)
class RowChange:
    """One person who stands on both lists and is told of otherwise."""

    before_ref: str
    ref: str
    fields: tuple[FieldChange, ...]

    def __str__(self) -> str:
        """`UA-0123: birth date 1985 → 17.05.1985; rank soldier → sergeant`."""
        moved = () if self.ref == self.before_ref else (f"ref {self.before_ref} → {self.ref}",)
        return f"{self.ref}: " + "; ".join((*moved, *map(str, self.fields)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of two versions of a list: who came, who went, who is told of otherwise. Each in the order of its list."""

    added: tuple[Person, ...]
    removed: tuple[Person, ...]
    changed: tuple[RowChange, ...]
    unchanged: int

    @property
    def differs(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.removed or self.changed)

    def changed_fields(self) -> dict[str, int]:
        """How many persons each field changed of, the most first; `ref` among them."""
        counts = Counter(change.field for row in self.changed for change in row.fields)
        counts["ref"] = sum(row.ref != row.before_ref for row in self.changed)
        return {field: count for field, count in counts.most_common() if count}

    def summary(self) -> str:
        """All of it in one sentence."""
        if not self.differs:
            persons = f"{self.unchanged:,} person{'s' * (self.unchanged != 1)}"
            return f"no difference: {persons}, every field the same"
        fields = ", ".join(f"{in_words(field)} {count:,}" for field, count in self.changed_fields().items())
        changed = f"{len(self.changed):,} changed" + (f" ({fields})" if fields else "")
        return f"{len(self.added):,} added, {len(self.removed):,} removed, {changed}, {self.unchanged:,} unchanged"


def compare(before: Sequence[Person], after: Sequence[Person]) -> Comparison:
    """What `after` says otherwise than `before`.

    Rows are taken to be of one person by the same ref and content; else by the same content under another ref (where
    that is plain); else by the same ref with a name, number or birth date in common; else where matching finds them
    likely the same. So a list that numbers its rows may insert one, and only that one is told.
    """
    old, new = {person.ref: person for person in before}, {person.ref: person for person in after}
    unchanged = sum(old[ref] == new[ref] for ref in old.keys() & new.keys())
    same = plainly_same(before, after)
    _pair_by_matching(old, new, same)
    found = {new_ref: old_ref for old_ref, new_ref in same.items()}
    changed = [
        RowChange(found[ref], ref, differences(old[found[ref]], person))
        for ref, person in new.items()
        if ref in found and not (found[ref] == ref and old[ref] == person)
    ]
    return Comparison(
        added=tuple(person for ref, person in new.items() if ref not in found),
        removed=tuple(person for ref, person in old.items() if ref not in same),
        changed=tuple(changed),
        unchanged=unchanged,
    )


def plainly_same(before: Sequence[Person], after: Sequence[Person]) -> dict[str, str]:
    """By ref of `before` the ref of `after` under which the same person stands, as far as that is plain.

    By ref and content, by content, or by ref with a name, number or birth date in common, as in `compare`.
    """
    old, new = {person.ref: person for person in before}, {person.ref: person for person in after}
    same = {ref: ref for ref in old.keys() & new.keys() if old[ref] == new[ref]}
    _pair_by_content(old, new, same)
    taken = set(same.values())
    return same | {
        ref: ref
        for ref in old.keys() & new.keys()
        if ref not in same and ref not in taken and _plausible(old[ref], new[ref])
    }


def differences(before: Person, after: Person) -> tuple[FieldChange, ...]:
    """The fields, but for the ref, in which two rows differ."""
    old, new = as_text(before), as_text(after)
    return tuple(
        FieldChange(field, old[field], new[field]) for field in old if field != "ref" and old[field] != new[field]
    )


def in_words(field: str) -> str:
    """`birth date` for `birth_date`."""
    return field.replace("_", " ")


def shown(field: str, value: str) -> str:
    """A canonical value as people read it: dates with the day first, what is not said in words."""
    if not value:
        return _UNSAID
    return ".".join(reversed(value.split("-"))) if field in _DATES else value


def _pair_by_content(old: dict[str, Person], new: dict[str, Person], same: dict[str, str]) -> None:
    """Rows of the same content under another ref, where each list has one such row alone."""
    taken = set(same.values())
    left: dict[tuple[str, ...], list[str]] = defaultdict(list)
    right: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for ref, person in old.items():
        if ref not in same:
            left[_content(person)].append(ref)
    for ref, person in new.items():
        if ref not in taken:
            right[_content(person)].append(ref)
    for content, refs in left.items():
        if len(refs) == 1 and len(right.get(content, ())) == 1:
            same[refs[0]] = right[content][0]


def _content(person: Person) -> tuple[str, ...]:
    return tuple(value for field, value in as_text(person).items() if field != "ref")


def _plausible(before: Person, after: Person) -> bool:
    """Whether two rows of one ref may be one person: they share a surname, a number, or given name and birth date."""
    if before.service_number and before.service_number == after.service_number:
        return True
    if before.family_name and fold(before.family_name) == fold(after.family_name):
        return True
    given = bool(before.given_name) and fold(before.given_name) == fold(after.given_name)
    return given and _overlap(before, after)


def _overlap(before: Person, after: Person) -> bool:
    one, other = before.birth_date, after.birth_date
    return one is not None and other is not None and one.earliest <= other.latest and other.earliest <= one.latest


def _pair_by_matching(old: dict[str, Person], new: dict[str, Person], same: dict[str, str]) -> None:
    taken = set(same.values())
    left = [person for ref, person in old.items() if ref not in same]
    right = [person for ref, person in new.items() if ref not in taken]
    if left and right:
        from safeconduct.registry.linkage import match_lists

        for pair in match_lists(left, right, later="right"):
            if pair.band != "none":
                same[pair.left_ref] = pair.right_ref
