"""A batch: what is to be done, who does it, what became of it.

A crew is anything that takes tasks and hands back outcomes in any order: this process, a pool
of processes, or the workers of a Dask cluster. The unit of work is one recording, and a result
has the same name whoever makes it, so that doing one twice changes nothing.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING

from gaitlab.batch.dataset import ROWS_TOGETHER, Options, Results, Task, key_of, together
from gaitlab.batch.work import Outcome, work

if TYPE_CHECKING:
    import pyarrow as pa

Worker = Callable[[Task], Outcome]
Crew = Callable[[Worker, Iterable[Task]], Iterator[Outcome]]

IN_FLIGHT = 2  # tasks a process has waiting, so that it never idles
TASKS_A_PROCESS = 500  # then a fresh one takes over: memory that leaked is given back
TRIES = 2


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a batch.

    done : analysed now;  kept : results that were there already
    failed : outcomes with their reason, in the order they failed
    """

    done: int
    kept: int
    failed: tuple[Outcome, ...]
    contacts: int
    seconds: float


@dataclass(slots=True)
class _Count:
    done: int = 0
    kept: int = 0
    contacts: int = 0
    seconds: float = 0.0
    failed: list[Outcome] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    rows: list["pa.Table"] = field(default_factory=list)
    blocks: list["pa.Table"] = field(default_factory=list)


def run(
    tasks: Iterable[Task],
    results: Results,
    options: Options,
    crew: Crew,
    *,
    heard: Callable[[Outcome], None] = lambda _: None,
    complete: bool = False,
) -> Report:
    """Do every task whose result is not there yet.

    heard : called with every outcome as it comes, for a progress bar
    complete : the tasks are all there is: results of anything else are removed

    What is finished is safe: a run that is killed loses what was in flight, no more.
    """
    tasks = tuple(tasks)
    done = results.done_keys()
    waiting, count = [], _Count()
    for task in tasks:
        if task.sha256 and key_of(task.sha256, task) in done:
            count.kept += 1
        else:
            waiting.append(task)
    worker = partial(work, options=options, results_url=results.url, set_folder=results.set)
    try:
        for outcome in crew(worker, waiting):
            _add(count, outcome)
            heard(outcome)
        if complete:
            results.forget(done - _current(tasks, count, results))
    finally:
        results.pack([*count.blocks, *count.rows])
    return Report(count.done, count.kept, tuple(count.failed), count.contacts, count.seconds)


def _current(tasks: tuple[Task, ...], count: _Count, results: Results) -> set[str]:
    """Keys of what is in the library: those of files that could not be read now are left."""
    keys = count.keys | {key_of(task.sha256, task) for task in tasks if task.sha256}
    unread = {one.path for one in count.failed} & {task.path for task in tasks if not task.sha256}
    if unread:
        keys |= {one.key for path, one in results.seen().items() if path in unread}
    return keys


def _add(count: _Count, outcome: Outcome) -> None:
    if outcome.problem:
        count.failed.append(outcome)
        return
    count.keys.add(outcome.key)
    if outcome.kept:
        count.kept += 1
        return
    count.done += 1
    count.contacts += outcome.contacts
    count.seconds += outcome.seconds
    if outcome.run is not None:
        count.rows.append(outcome.run)
    if len(count.rows) >= ROWS_TOGETHER:
        count.blocks.append(together(count.rows))
        count.rows.clear()


# --- crews -------------------------------------------------------------------------------


def alone(worker: Worker, tasks: Iterable[Task]) -> Iterator[Outcome]:
    """This process, one after the other."""
    yield from map(worker, tasks)


def pool(processes: int) -> Crew:
    """As many processes on this machine; one that dies costs only the task it held."""
    return partial(_pooled, processes)


def _pooled(processes: int, worker: Worker, tasks: Iterable[Task]) -> Iterator[Outcome]:
    queue = [(task, TRIES) for task in tasks][::-1]
    while queue:
        shaken: list[tuple[Task, int]] = []
        with _executor(processes) as executor:
            yield from _until_it_breaks(executor, processes, worker, queue, shaken)
        # nobody knows which task killed its process: each is tried again, alone
        for task, tries in shaken:
            yield _apart(worker, task, tries)


def _executor(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), max_tasks_per_child=TASKS_A_PROCESS,
        initializer=_end_with_parent,
    )  # fmt: skip


def _end_with_parent() -> None:
    """Leave no process behind when the one that started it is killed: nobody would stop it."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _until_it_breaks(
    executor: ProcessPoolExecutor,
    processes: int,
    worker: Worker,
    queue: list[tuple[Task, int]],
    shaken: list[tuple[Task, int]],
) -> Iterator[Outcome]:
    """Outcomes until the queue is empty or a process dies; then its company is in ``shaken``."""
    flying: dict[Future[Outcome], tuple[Task, int]] = {}
    broken = False
    while (queue and not broken) or flying:
        while queue and not broken and len(flying) < IN_FLIGHT * processes:
            item = queue.pop()
            try:
                flying[executor.submit(worker, item[0])] = item
            except BrokenProcessPool:
                queue.append(item)
                broken = True
        ready, _ = wait(flying, return_when=FIRST_COMPLETED)
        for future in ready:
            item = flying.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                broken = True
                shaken.append(item)


def _apart(worker: Worker, task: Task, tries: int) -> Outcome:
    """One task in a process of its own."""
    for _ in range(tries - 1):
        with _executor(1) as executor:
            try:
                return executor.submit(worker, task).result()
            except BrokenProcessPool:
                continue
    return Outcome(task.path, problem="the process that analysed it died (out of memory?)")
