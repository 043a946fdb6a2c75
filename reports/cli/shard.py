"""A crawling process that judges each visit as soon as it is whole: ``python -m reports.cli.shard RUN NUMBER PROCESSES``. An
audit starts one for each core. The rooms meet here, so that the crawler knows no rule.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.fleet.shard import Made, main
from reports.cli.bench import Bench
from reports.cli.passing import passing_line


def judging(folder: RunFolder) -> Made:
    bench = Bench(folder)

    def made(service: Service, visit: int) -> Mapping[str, Any]:
        judged = bench.judge_visit(service, visit)
        # Where a rule of ours fails, the stage that follows judges again, and lists it.
        return {} if judged.crashes else passing_line(folder, service.id, visit, judged.to_json())

    return made


SWITCH = 0.02
"""Seconds for which one of the two threads goes on before the other may: with Python's five milliseconds, each answer that comes
while a page is judged costs two changes of thread, 15 % of the processor in all."""

if __name__ == "__main__":
    sys.setswitchinterval(SWITCH)
    sys.exit(main(sys.argv[1:], judging))
