"""The CP-SAT model of a plan: how many vehicles come from where for which batch, with how many, and when.

Every vehicle comes to the exchange point at most once, for a slot; the vehicles of a slot, of both sides, arrive
together, and the batch of the same number follows when they have been searched. Persons wait there from their arrival
to the handover of their batch, and from there to the departure of a vehicle of their home party; both are queues, so
counts suffice (synchronisation decides such problems, not routing: Drexl, Transportation Science 46, 2012).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from ortools.sat.python import cp_model

from safeconduct.logistics.schedule import LEVELS, Demand, Group, Level, Make, Schedule, Shortage, Task

DETERMINISTIC_TIME = 0.6
"""The most work spent on one search, in the solver's own unit (a few seconds), so that the same input gives the same
plan on any machine."""

_Count = cp_model.LinearExpr

K = TypeVar("K")


class NotFound(Exception):
    """The work allowed was spent before any plan, or the proof that there is none, was found."""


@dataclass(frozen=True)
class _Answer:
    """The best solution found."""

    values: Mapping[int, int]
    """By index of the variable; empty if none was found."""
    value: int
    bound: int
    """No solution is below."""
    infeasible: bool = False
    """It is proven that there is none."""

    def of(self, variable: cp_model.IntVar) -> int:
        return self.values[variable.index]

    def of_all(self, variables: Mapping[K, cp_model.IntVar]) -> dict[K, int]:
        """The values that are not zero."""
        return {key: self.of(variable) for key, variable in variables.items() if self.of(variable)}


def solve(task: Task) -> Schedule | Shortage:
    """The best schedule, or what is short. Raises NotFound. The same for the same task, bit for bit."""
    model = _Model(task, relaxed=False)
    levels: list[Level] = []
    best: _Answer | None = None
    for name, objective in zip(LEVELS, (model.handovers[-1], model.longest_wait, model.vehicles_used), strict=True):
        answer = model.least(objective)
        if answer.infeasible:
            return _find_shortage(task)
        if not answer.values:
            break
        # A level found under one that is not proven is no more than the best found, either.
        bound = answer.bound if all(level.proven for level in levels) else None
        best = answer
        levels.append(Level(name, answer.value, bound))
        model.keep(objective, answer.value)
    if best is None:
        raise NotFound
    tidy = model.least(model.idleness)
    return model.schedule(tidy if tidy.values else best, tuple(levels))


def _find_shortage(task: Task) -> Shortage:
    model = _Model(task, relaxed=True)
    persons = _total([*model.uncarried.values(), *model.left_behind.values()])
    minutes = _total(model.too_late.values())
    # A person left behind outweighs any delay: vehicles are short only where no delay would help.
    answer = model.least(persons * (model.horizon * len(model.too_late) + 1) + minutes)
    if not answer.values:
        raise NotFound
    return Shortage(answer.of_all(model.uncarried), answer.of_all(model.left_behind), answer.of_all(model.too_late))


class _Model:
    """The variables and constraints. `relaxed` lets resources run short and counts by how much."""

    def __init__(self, task: Task, *, relaxed: bool) -> None:
        self.task = task
        self.relaxed = relaxed
        self.cp = cp_model.CpModel()
        self.variables: list[cp_model.IntVar] = []
        self.slots = range(len(task.lasting))
        moments = [*(approach.earliest for approach in task.approaches), *task.opens.values(), 0]
        self.horizon = max(moments) + task.search + sum(task.lasting) + task.boarding + 1
        self.uncarried: dict[Demand, cp_model.IntVar] = {}
        self.left_behind: dict[tuple[str, bool], cp_model.IntVar] = {}
        self.too_late: dict[str, cp_model.IntVar] = {}
        if relaxed:
            self.uncarried = {key: self._count(number) for key, number in task.demands.items()}
            self.left_behind = {key: self._count(number) for key, number in task.returning.items()}
            limited = [*task.closes, *([""] if task.end is not None else [])]
            latest = self.horizon + max(task.drives_home.values())
            self.too_late = {place: self._count(latest - min(0, self._closes(place) or 0)) for place in limited}
        self._set_moments()
        self._bring()
        self._hand_over()
        self._take_home()
        if not relaxed:
            self._wait()

    def least(self, objective: _Count) -> "_Answer":
        """Minimise, with one worker and by work, not by the clock: the same result every time.

        Two searches share the work: the solver's usual one, which finds good plans, and, where that proves nothing, one
        that raises the lower bound, which proves them.
        """
        self.cp.minimize(objective)
        best: _Answer | None = None
        bound = 0
        for raise_bound in (False, True):
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = 1
            # Ctrl-C stops the command, not the search alone; and the solver would not give our handler back.
            solver.parameters.catch_sigint_signal = False
            solver.parameters.linearization_level = 2
            solver.parameters.optimize_with_lb_tree_search = raise_bound
            solver.parameters.max_deterministic_time = DETERMINISTIC_TIME
            status = solver.solve(self.cp)
            if status == cp_model.INFEASIBLE:
                return _Answer({}, 0, 0, infeasible=True)
            bound = max(bound, math.ceil(solver.best_objective_bound - 1e-6))
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                value = round(solver.objective_value)
                if best is None or value < best.value:
                    best = _Answer({one.index: solver.value(one) for one in self.variables}, value, bound)
                    self._begin_from(best)
                if bound >= best.value:
                    break
        return replace(best, bound=min(bound, best.value)) if best is not None else _Answer({}, 0, bound)

    def keep(self, objective: _Count, value: int) -> None:
        """Never again be worse than `value`."""
        self.cp.add(objective <= value)

    def schedule(self, answer: _Answer, levels: tuple[Level, ...]) -> Schedule:
        """What a solution means."""
        return Schedule(
            levels=levels,
            arrivals=tuple(answer.of(moment) for moment in self.arrivals),
            handovers=tuple(answer.of(moment) for moment in self.handovers),
            departures={key: answer.of(moment) for key, moment in self.departures.items()},
            coming=answer.of_all(self.coming),
            brought=answer.of_all(self.brought),
            handed_over=answer.of_all(self.handed_over),
            going=answer.of_all(self.going),
            taken=answer.of_all(self.taken),
        )

    def _begin_from(self, answer: _Answer) -> None:
        self.cp.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it without annotations
        for variable in self.variables:
            self.cp.add_hint(variable, answer.of(variable))

    def _count(self, most: int) -> cp_model.IntVar:
        variable = self.cp.new_int_var(0, most, "")
        self.variables.append(variable)
        return variable

    def _slack(self, slack: dict[K, cp_model.IntVar], key: K) -> _Count:
        """By how much something may run short: nothing, unless the model is relaxed."""
        return slack[key] if self.relaxed else cp_model.LinearExpr.constant(0)

    def _closes(self, place: str) -> int | None:
        """The last minute at a place, where there is one; "" is the end of the exchange."""
        return self.task.closes.get(place) if place else self.task.end

    def _set_moments(self) -> None:
        """Arrivals and handovers in step; both, and the departures home, within the exchange point's hours."""
        task, point = self.task, self.task.exchange_point
        self.arrivals = [self._count(self.horizon) for _ in self.slots]
        self.handovers = [self._count(self.horizon) for _ in self.slots]
        self.departures = {(home, slot): self._count(self.horizon) for home in task.legs_end for slot in self.slots}
        for slot in self.slots:
            self.cp.add(self.arrivals[slot] >= task.opens.get(point, 0))
            self.cp.add(self.handovers[slot] >= self.arrivals[slot] + task.search)
            ready = self.handovers[slot] + task.lasting[slot]
            if slot + 1 in self.slots:
                self.cp.add(self.arrivals[slot + 1] >= self.arrivals[slot])
                self.cp.add(self.handovers[slot + 1] >= ready)
            self._close(ready, point)
            for home, end in task.legs_end.items():
                departure = self.departures[home, slot]
                self.cp.add(departure >= ready + task.boarding)
                if end in task.opens:
                    self.cp.add(departure + task.drives_home[home] >= task.opens[end])
                if slot + 1 in self.slots:
                    self.cp.add(self.departures[home, slot + 1] >= departure)

    def _close(self, moment: _Count, place: str, used: cp_model.IntVar | None = None) -> None:
        """The moment is not after the closing of the place; if `used` is given, only if that is true."""
        last = self._closes(place)
        if last is not None:
            closing = self.cp.add(moment <= self._slack(self.too_late, place) + last)
            if used is not None:
                closing.only_enforce_if(used)

    def _bring(self) -> None:
        """Vehicles come, full or empty, and everybody is brought."""
        task = self.task
        self.coming: dict[tuple[int, int], cp_model.IntVar] = {}
        self.brought: dict[tuple[int, int, str, bool], cp_model.IntVar] = {}
        carried: dict[Demand, list[_Count]] = {key: [] for key in task.demands}
        used: dict[int, list[_Count]] = {index: [] for index in range(len(task.classes))}
        for (index, approach), slot in product(enumerate(task.approaches), self.slots):
            kind = task.classes[approach.vehicles]
            coming = self.coming[index, slot] = self._count(len(kind.vehicles))
            used[approach.vehicles].append(coming)
            comes = self._used(coming)
            self.cp.add(self.arrivals[slot] >= approach.earliest).only_enforce_if(comes)
            if approach.origin:
                self._close(self.arrivals[slot] - approach.drive, approach.origin, comes)
            aboard: dict[bool, list[_Count]] = {False: [], True: []}
            for place, home, lying in task.demands:
                room = kind.stretchers if lying else kind.seats
                if place == approach.origin and room:
                    most = min(task.demands[place, home, lying], room * len(kind.vehicles))
                    brought = self.brought[index, slot, home, lying] = self._count(most)
                    aboard[lying].append(brought)
                    carried[place, home, lying].append(brought)
            if approach.origin:
                self.cp.add(_total(aboard[False]) <= kind.seats * coming)
                self.cp.add(_total(aboard[True]) <= kind.stretchers * coming)
        for index, kind in enumerate(task.classes):
            self.cp.add(_total(used[index]) <= len(kind.vehicles))
        for place in task.held_by:
            self._suffice(place)
        for key, number in task.demands.items():
            self.cp.add(_total(carried[key]) + self._slack(self.uncarried, key) == number)
        self.vehicles_used = _total(self.coming.values())

    def _suffice(self, place: str) -> None:
        """The vehicles that load at a place hold all who are held there: implied, but it lets the solver round up."""
        loading: dict[Make, list[_Count]] = {}
        for (index, _), coming in self.coming.items():
            approach = self.task.approaches[index]
            if approach.origin == place:
                loading.setdefault(self.task.classes[approach.vehicles].make, []).append(coming)
        many: dict[Make, cp_model.IntVar] = {}
        for make, counts in loading.items():
            many[make] = self._count(self.task.makes[make])
            self.cp.add(many[make] == _total(counts))
        for lying in (False, True):
            demands = [key for key in self.task.demands if key[0] == place and key[2] == lying]
            room = _total((make[2] if lying else make[1]) * number for make, number in many.items())
            short = _total(self._slack(self.uncarried, key) for key in demands)
            self.cp.add(room + short >= sum(self.task.demands[key] for key in demands))

    def _used(self, vehicles: cp_model.IntVar) -> cp_model.IntVar:
        """Whether there is any of the vehicles."""
        used = self.cp.new_bool_var("")
        self.variables.append(used)
        self.cp.add(vehicles >= 1).only_enforce_if(used)
        self.cp.add(vehicles == 0).only_enforce_if(~used)
        return used

    def _hand_over(self) -> None:
        """Each batch takes its number of each side, of those who have been brought by its slot."""
        task = self.task
        arrived: dict[tuple[Group, int], list[_Count]] = {}
        for (index, slot, home, lying), count in self.brought.items():
            held_by = task.held_by[task.approaches[index].origin]
            arrived.setdefault(((held_by, home, lying), slot), []).append(count)
        for (place, home, lying), count in self.uncarried.items():
            arrived.setdefault(((task.held_by[place], home, lying), 0), []).append(count)
        self.handed_over: dict[tuple[Group, int], cp_model.IntVar] = {}
        self.arrived_by: dict[tuple[Group, int], _Count] = {}
        self.handed_over_by: dict[tuple[Group, int], _Count] = {}
        for group, number in task.groups.items():
            arrived_by: _Count = cp_model.LinearExpr.constant(0)
            handed_over_by: _Count = cp_model.LinearExpr.constant(0)
            for slot in self.slots:
                handed_over = self.handed_over[group, slot] = self._count(number)
                arrived_by = arrived_by + _total(arrived.get((group, slot), []))
                handed_over_by = handed_over_by + handed_over
                self.cp.add(handed_over_by <= arrived_by)
                self.arrived_by[group, slot], self.handed_over_by[group, slot] = arrived_by, handed_over_by
        for side, sizes in task.sizes.items():
            for slot in self.slots:
                self.cp.add(
                    _total(self.handed_over[group, slot] for group in task.groups if group[0] == side) == sizes[slot]
                )

    def _take_home(self) -> None:
        """Vehicles that have come leave with persons who have been handed over, and everybody is taken home."""
        task = self.task
        self.going: dict[tuple[Make, int], cp_model.IntVar] = {}
        self.taken: dict[tuple[Make, int, bool], cp_model.IntVar] = {}
        self.taken_by: dict[tuple[str, bool, int], _Count] = {}
        for make, many in task.makes.items():
            operator, seats, stretchers = make
            if operator not in task.legs_end:
                continue
            come = gone = cp_model.LinearExpr.constant(0)
            for slot in self.slots:
                going = self.going[make, slot] = self._count(many)
                gone = gone + going
                come = come + _total(
                    self.coming[index, slot]
                    for index, approach in enumerate(task.approaches)
                    if task.classes[approach.vehicles].make == make
                )
                self.cp.add(gone <= come)
                leaves = self._used(going)
                departure = self.departures[operator, slot]
                arrival = departure + task.drives_home[operator]
                self._close(departure, task.exchange_point, leaves)
                self._close(arrival, task.legs_end[operator], leaves)
                self._close(arrival, "", leaves)
                for lying, room in ((False, seats), (True, stretchers)):
                    number = task.returning.get((operator, lying), 0)
                    if number and room:
                        taken = self.taken[make, slot, lying] = self._count(min(number, room * many))
                        self.cp.add(taken <= room * going)
        for (home, lying), number in task.returning.items():
            taken_by: _Count = cp_model.LinearExpr.constant(0)
            for slot in self.slots:
                taken_by = taken_by + _total(
                    self.taken[make, slot, lying]
                    for make in task.makes
                    if (make, slot, lying) in self.taken and make[0] == home
                )
                self.taken_by[home, lying, slot] = taken_by
                self.cp.add(taken_by <= self._received_by(home, lying, slot))
            self.cp.add(taken_by + self._slack(self.left_behind, (home, lying)) == number)

    def _received_by(self, home: str, lying: bool, slot: int) -> _Count:
        """How many of that home have been handed over by a batch, whoever held them."""
        return _total(
            self.handed_over_by[group, slot] for group in self.task.groups if group[1] == home and group[2] == lying
        )

    def _wait(self) -> None:
        """The longest wait at the exchange point, before the handover or after it, and how much idle time there is."""
        self.longest_wait = self._count(2 * self.horizon)
        idle: _Count = cp_model.LinearExpr.constant(0)
        for first, until in product(self.slots, self.slots):
            if until < first:
                continue
            # Some of those who came for slot `first` are still there when batch `until` is handed over.
            if until == first:
                self.cp.add(self.longest_wait >= self.handovers[first] - self.arrivals[first])
            else:
                still = self.cp.new_bool_var("")
                self.variables.append(still)
                waited = self.handovers[until] - self.arrivals[first]
                self.cp.add(self.longest_wait >= waited).only_enforce_if(still)
                for group in self.task.groups:
                    waiting = self.arrived_by[group, first] - self.handed_over_by[group, until - 1]
                    self.cp.add(waiting <= 0).only_enforce_if(~still)
            # Some of those handed over in batch `first` are still there when vehicles leave after batch `until`.
            for home in self.task.legs_end:
                still = self.cp.new_bool_var("")
                self.variables.append(still)
                waited = self.departures[home, until] - self.handovers[first]
                self.cp.add(self.longest_wait >= waited).only_enforce_if(still)
                for lying in (False, True):
                    if (home, lying) in self.task.returning:
                        taken = self.taken_by[home, lying, until - 1] if until else cp_model.LinearExpr.constant(0)
                        waiting = self._received_by(home, lying, first) - taken
                        self.cp.add(waiting <= 0).only_enforce_if(~still)
        for slot in self.slots:
            idle = idle + 2 * self.handovers[slot] - self.arrivals[slot]
            for group in self.task.groups:
                idle = idle + self.arrived_by[group, slot] - self.handed_over_by[group, slot]
            for home, lying in self.task.returning:
                idle = idle + self._received_by(home, lying, slot) - self.taken_by[home, lying, slot]
        empty = _total(self.task.approaches[index].empty * coming for (index, _), coming in self.coming.items())
        self.idleness = idle + empty + _total(self.departures.values())


def _total(counts: Iterable[_Count]) -> _Count:
    return cp_model.LinearExpr.sum([*counts])
