"""Load one extract in a process of its own; print its seconds and the most memory it had, as JSON."""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from qa_service.core.clock import FixedClock
from qa_service.core.db import make_engine
from qa_service.intake.service import import_paths

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def main(url: str, area: str) -> None:
    engine = make_engine(url)
    begun = perf_counter()
    (report,) = import_paths(engine, [Path(area)], by="cli", clock=FixedClock(AT))
    seconds = perf_counter() - begun
    # Not the system's "maximum resident set": a process inherits that from the one that started it.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert peak is not None
    told = {"seconds": seconds, "peak_megabytes": int(peak[1]) * 1024 / 1e6, "n_refused": report.n_refused}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
