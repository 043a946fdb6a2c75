"""A crawling process that judges each visit as soon as it is whole: ``python -m reports.cli.shard RUN NUMBER PROCESSES``. An
audit starts one for each core. The rooms meet here, so that the crawler knows no rule.
"""

from __future__ import annotations

import sys

from crawler.fleet.shard import main
from reports.cli.bench import judging

SWITCH = 0.02
"""Seconds for which one of the two threads goes on before the other may: with Python's five milliseconds, each answer that comes
while a page is judged costs two changes of thread, 15 % of the processor in all."""

if __name__ == "__main__":
    sys.setswitchinterval(SWITCH)
    sys.exit(main(sys.argv[1:], judging))
