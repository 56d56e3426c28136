"""Mutation testing of the clauses: which small faults in them would no test notice? (docs/mutation.md)

    uv run --group mutation python scripts/mutate.py                     every module, for hours
    uv run --group mutation python scripts/mutate.py stop monitor.stop   these modules below safeconduct.clauses
    uv run --group mutation python scripts/mutate.py 'monitor.*' --sample 40

mutmut makes the mutants of each function. They are tried here rather than by `mutmut run`, whose detour at each call
makes the properties several times slower: the tests are collected once; then each mutant is tried in a fork of this
process in which its code stands in the place of the function's own, by the tests that reach that function, the quick
ones first, up to the first that fails.
"""

import argparse
import difflib
import gc
import os
import pickle
import random
import resource
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest
from hypothesis import settings
from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parents[1]
CLAUSES = ROOT / "src" / "safeconduct" / "clauses"
LOOKED_AT = 1_000_000
"""Calls and returns of a test that are looked at to find out what it reaches."""
TESTS = ("tests/clauses", "tests/composition", "tests/agreement", "tests/app/test_releasing.py")
KILLED, SURVIVED, TIMED_OUT, UNTESTED = "killed", "survived", "timed out", "no test"
VERDICTS = (KILLED, SURVIVED, TIMED_OUT, UNTESTED)
MEMORY = 12 << 30
"""A mutant may not take more address space than this (bytes)."""

Place = tuple[str, str]
"""A module and the qualified name of a function in it."""


@dataclass(frozen=True)
class Mutant:
    """A function with one fault."""

    place: Place
    code: CodeType
    diff: str


def main() -> int:
    """Try the mutants asked for; exit code 1 if some survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=["*"], help="below safeconduct.clauses; * stands for anything")
    parser.add_argument("--sample", type=int, metavar="N", help="only so many mutants of each module, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=30, help="at most so many of each property (default: 30)")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="where to look for tests")
    asked = parser.parse_args()
    modules = list(dict.fromkeys(one for name in asked.modules for one in all_modules() if fnmatch(one, name)))
    if not modules:
        parser.error(f"no module below safeconduct.clauses is called {' or '.join(asked.modules)}")
    os.chdir(ROOT)
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    trial = Trial(modules, asked.sample, asked.seed, asked.examples)
    pytest.main(["-q", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider", *asked.tests], plugins=[trial])
    return 1 if trial.total[SURVIVED] + trial.total[UNTESTED] else 0


def all_modules() -> list[str]:
    """Every module below safeconduct.clauses, those of one folder together."""
    paths = sorted(path for path in CLAUSES.rglob("*.py") if path.name != "__init__.py")
    return [
        ".".join(path.relative_to(CLAUSES).with_suffix("").parts)
        for path in sorted(paths, key=lambda one: len(one.parts))
    ]


def mutants_of(module: str) -> list[Mutant]:
    """Every mutant that can be put in the place of a function of a module."""
    path = CLAUSES.joinpath(*module.split(".")).with_suffix(".py")
    mutated = mutate_file_contents(str(path), path.read_text())
    lines = mutated.code.splitlines()
    codes = {code.co_qualname: code for code in codes_in(compile(mutated.code, str(path), "exec"))}
    originals = {name: code for name, code in codes.items() if name.endswith("__mutmut_orig")}
    mutants = []
    for name, original in originals.items():
        stem = name.removesuffix("orig")
        for number in range(1, len(codes)):
            code = codes.get(f"{stem}{number}")
            if code is None:
                break
            if not same(code, original):
                place = (f"safeconduct.clauses.{module}", plain(name))
                mutants.append(Mutant(place, code, difference(lines, original, code)))
    return mutants


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """A code object and those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def plain(name: str) -> str:
    """`Class.xǁClassǁmethod__mutmut_orig` as `Class.method`."""
    scope, _, last = name.rpartition(".")
    last = last.removesuffix("__mutmut_orig")
    last = last.rpartition("ǁ")[2] if "ǁ" in last else last.removeprefix("x_")
    return f"{scope}.{last}" if scope else last


def same(one: CodeType, other: CodeType) -> bool:
    """Whether what differs is only outside the code: an annotation, the name."""
    return (one.co_code, one.co_names, one.co_varnames, one.co_freevars, constants(one)) == (
        other.co_code, other.co_names, other.co_varnames, other.co_freevars, constants(other),
    )  # fmt: skip


def constants(code: CodeType) -> list[object]:
    """The constants of a code object, those inside it too, in a form that can be compared."""
    return [
        (one.co_code, one.co_names, constants(one)) if isinstance(one, CodeType) else (type(one), one)
        for one in code.co_consts
    ]


def difference(lines: list[str], original: CodeType, code: CodeType) -> str:
    """The lines of the two that differ."""
    texts = [[line.strip() for line in source(lines, one)[1:]] for one in (original, code)]
    return "\n".join(line for line in difflib.ndiff(*texts) if line[0] in "-+")


def source(lines: list[str], code: CodeType) -> list[str]:
    """The lines of a function, whatever stands after it left out."""
    last = max((end for one in codes_in(code) for _, end, *_ in one.co_positions() if end), default=code.co_firstlineno)
    return lines[code.co_firstlineno - 1 : last]


class Trial:
    """Instead of pytest's own loop over the tests: each mutant against the tests that reach it."""

    def __init__(self, modules: Sequence[str], sample: int | None, seed: int, examples: int) -> None:
        self.total: Counter[str] = Counter()
        self._modules = modules
        self._sample = sample
        self._seed = seed
        self._examples = examples

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all mutants and tell of them."""
        if not any(module.startswith("batch.") for module in self._modules):
            session.items[:] = [item for item in session.items if "test_batch_" not in item.nodeid]
        for item in session.items:
            ask_for_few(item, self._examples)
        functions = live_functions()
        gc.freeze()
        start = time.monotonic()
        reach = reached(session, functions)
        print(f"{len(session.items)} tests pass without mutants, in {time.monotonic() - start:.0f} s", flush=True)
        rows = [row("module", ("mutants", "tried", *VERDICTS)), "|---|" + "---:|" * (len(VERDICTS) + 2)]
        try:
            rows.extend(self._try_module(session, module, functions, reach) for module in self._modules)
        except KeyboardInterrupt:
            print("stopped")
        print("\n".join([*rows, row("all", figures(self.total))]), flush=True)
        return True

    def _try_module(
        self, session: pytest.Session, module: str, functions: dict[Place, FunctionType], reach: "Reach"
    ) -> str:
        mutants = mutants_of(module)
        tried = mutants
        if self._sample is not None and self._sample < len(mutants):
            tried = random.Random(f"{self._seed} {module}").sample(mutants, self._sample)
        count: Counter[str] = Counter(mutants=len(mutants), tried=len(tried))
        start = time.monotonic()
        for mutant in tried:
            verdict = self._try(session, mutant, functions, reach)
            count[verdict] += 1
            if verdict != KILLED:
                print(f"\n{verdict}: {module} {mutant.place[1]}\n{mutant.diff}", flush=True)
        self.total += count
        line = row(module, figures(count))
        print(f"{line} {time.monotonic() - start:.0f} s", flush=True)
        return line

    def _try(
        self, session: pytest.Session, mutant: Mutant, functions: dict[Place, FunctionType], reach: "Reach"
    ) -> str:
        items = [item for item in session.items if mutant.place in reach.places[item.nodeid]]
        function = functions.get(mutant.place)
        if function is None or not items:
            return UNTESTED
        items.sort(key=lambda item: reach.seconds[item.nodeid])
        allowed_s = 10 + 5 * int(sum(reach.seconds[item.nodeid] for item in items))

        def run() -> int:
            resource.setrlimit(resource.RLIMIT_CPU, (allowed_s, allowed_s + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            function.__code__ = mutant.code
            return 0 if passes(session, items) else 1

        status = in_fork(run)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
            return TIMED_OUT
        return SURVIVED if status == 0 else KILLED


@dataclass(frozen=True)
class Reach:
    """Of each test what it calls, and how long it takes."""

    places: dict[str, frozenset[Place]]
    seconds: dict[str, float]


def ask_for_few(item: pytest.Item, examples: int) -> None:
    """Let a property be tried on no more examples than this."""
    # There is no public way to ask for fewer than it says itself.
    test = getattr(item, "obj", None)
    asked = getattr(test, "_hypothesis_internal_use_settings", None)
    if asked is not None and asked.max_examples > examples:
        test._hypothesis_internal_use_settings = settings(asked, max_examples=examples)  # type: ignore[union-attr]


def live_functions() -> dict[Place, FunctionType]:
    """Every function of the clauses."""
    found = (one for one in gc.get_objects() if type(one) is FunctionType)
    return {
        (one.__module__, one.__qualname__): one
        for one in found
        if str(one.__module__).startswith("safeconduct.clauses.")
    }


def reached(session: pytest.Session, functions: dict[Place, FunctionType]) -> Reach:
    """Run every test once, in a fork, so that no thread or cache of theirs stays in this process."""
    reading, writing = os.pipe()
    places = {function.__code__: place for place, function in functions.items()}

    def run() -> int:
        os.close(reading)
        found: dict[str, frozenset[Place]] = {}
        seconds: dict[str, float] = {}
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            called: set[CodeType] = set()
            left = iter(range(LOOKED_AT))

            def call(
                frame: FrameType,
                _event: str,
                _argument: object,
                called: set[CodeType] = called,
                left: Iterator[int] = left,
            ) -> None:
                called.add(frame.f_code)
                if next(left, None) is None:
                    sys.setprofile(None)

            start = time.process_time()
            threading.setprofile(call)  # the audit judges in threads of its own
            sys.setprofile(call)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.setprofile(None)
            threading.setprofile(None)
            if session.testsfailed:
                print(f"fails without any mutant: {item.nodeid}", file=sys.__stderr__)
                return 1
            seconds[item.nodeid] = time.process_time() - start
            found[item.nodeid] = frozenset(places[code] for code in called if code in places)
        with os.fdopen(writing, "wb") as file:
            pickle.dump(Reach(found, seconds), file)
        return 0

    child = fork(run)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        told = file.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise SystemExit("the tests must pass before mutants are tried")
    found: Reach = pickle.loads(told)  # noqa: S301 - from our own fork
    return found


def passes(session: pytest.Session, items: list[pytest.Item]) -> bool:
    """Whether all of these tests pass; stops at the first that does not."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def in_fork(run: Callable[[], int]) -> int:
    """Run something in a process of its own; its wait status."""
    _, status = os.waitpid(fork(run), 0)
    return status


def fork(run: Callable[[], int]) -> int:
    """Begin something in a process of its own that says nothing; its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(nowhere, descriptor)
        code = run()
    finally:
        os._exit(code)


def figures(count: "Counter[str]") -> tuple[int, ...]:
    """The numbers of a row."""
    return tuple(count[one] for one in ("mutants", "tried", *VERDICTS))


def row(name: str, cells: Sequence[object]) -> str:
    """One line of the table."""
    return "| " + " | ".join(map(str, (name, *cells))) + " |"


if __name__ == "__main__":
    sys.exit(main())
