"""The workers of a Dask cluster as a crew: one recording the unit of work.

Dask sends a task again when its worker is lost; a result has the same name whoever makes it,
so nothing is there twice. Recordings and results must be where every worker can reach them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from logging import ERROR
from typing import TYPE_CHECKING, Any

from gaitlab.batch.dataset import Task
from gaitlab.batch.run import IN_FLIGHT, Crew, Worker
from gaitlab.batch.work import Outcome
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

RETRIES = 3
WAIT_S = 20.0


@contextmanager
def cluster(address: str | None, local_workers: int | None) -> Iterator[Crew]:
    """The crew behind a scheduler's address, or of a cluster started on this machine.

    Raises UsageError when the library is missing or nobody answers.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UsageError(
            "a cluster needs a library that is not installed",
            "it is an extra, because few need it",
            'pip install "gaitlab-running[cluster]"',
        ) from error
    if address is None:
        with (
            LocalCluster(
                n_workers=local_workers or 2, threads_per_worker=1, dashboard_address=None,
                host="127.0.0.1", silence_logs=ERROR,
            ) as local,
            Client(local) as client,
        ):  # fmt: skip
            yield clustered(client)
        return
    try:
        client = Client(address, timeout=WAIT_S)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"no scheduler answers at {address}",
            str(error)[:200],
            "start one: dask scheduler; it prints its address",
        ) from error
    with client:
        yield clustered(client)


def clustered(client: "Client") -> Crew:
    """The workers of a connected cluster."""
    return partial(_work_through, client)


def _work_through(client: "Client", worker: Worker, tasks: Iterable[Task]) -> Iterator[Outcome]:
    from distributed import as_completed

    waiting = iter(tasks)
    cores = max(sum(client.ncores().values()), 1)
    owner: dict[Any, Task] = {}

    def send() -> Any:  # noqa: ANN401  # distributed is untyped
        task = next(waiting, None)
        if task is None:
            return None
        future = client.submit(worker, task, pure=False, retries=RETRIES)
        owner[future.key] = task
        return future

    first = [future for _ in range(IN_FLIGHT * cores) if (future := send()) is not None]
    flying = as_completed(first)
    for future in flying:
        task = owner.pop(future.key)
        try:
            yield future.result()
        except Exception as error:  # a worker that died again and again with this recording
            yield Outcome(task.path, problem=f"its workers were lost: {error}"[:300], fault=True)
        future.release()
        following = send()
        if following is not None:
            flying.add(following)
