"""Memory that one stage frees is there for the next one, without asking the system again."""

import sys

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # of mallopt(3)
NEVER_BYTES = 2**31 - 1


def keep_freed_memory() -> bool:
    """Let this process keep what it frees; True where that could be arranged (glibc).

    The arrays of a long recording are large. The C library hands each back to the system as
    soon as it is freed, and the next one is cleared page by page: a quarter of the time of four
    hours. For a process that analyses and ends; a library leaves such choices to its user.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(M_MMAP_MAX, 0)) and bool(mallopt(M_TRIM_THRESHOLD, NEVER_BYTES))
