"""Memory of the own process; imports nothing, so that any interpreter can use it."""

import resource
import tracemalloc
from pathlib import Path


def resident_bytes(field: str) -> int:
    """VmRSS or VmHWM of this process; 0 where the system does not say."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    line = next((row for row in text.splitlines() if row.startswith(field)), f"{field}: 0 kB")
    return 1024 * int(line.split()[1])


def peak_above_now(work) -> int:
    """Bytes by which the resident memory rises at most while ``work`` runs."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the old peak
        before = resident_bytes("VmRSS")
    except OSError:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        work()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    work()
    return resident_bytes("VmHWM") - before


def traced_peak(work) -> int:
    """Bytes allocated at most at one time while ``work`` runs, as Python's allocator saw it."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
