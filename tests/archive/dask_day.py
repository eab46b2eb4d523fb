"""A batch on a Dask cluster of two workers, one of which is killed; a program of its own.

``python dask_day.py LIBRARY`` prints what became of it as JSON. Dask leaves event loops behind
that would warn in whatever test comes next.
"""

import json
import sys
from pathlib import Path

from distributed import Client, LocalCluster

from gaitlab.batch.cluster import clustered
from gaitlab.batch.dataset import Options, Results
from gaitlab.batch.run import run
from gaitlab.batch.tasks import plan_of_library


def main(root: Path) -> None:
    results = Results(str(root / "results"))
    killed = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None,
                     host="127.0.0.1", silence_logs=50) as local,
        Client(local) as client,
    ):  # fmt: skip

        def heard(_):
            if not killed:
                killed.append(next(iter(local.workers.values())))
                killed[0].process.process.kill()

        report = run(
            plan_of_library(root).tasks, results, Options(), clustered(client), heard=heard
        )
    facts = {
        "done": report.done, "kept": report.kept, "failed": len(report.failed),
        "rows": results.pack(), "killed": len(killed),
    }  # fmt: skip
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
