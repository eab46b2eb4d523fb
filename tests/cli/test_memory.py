"""Memory that is freed is used again, not handed back and forth."""

import platform
import subprocess
import sys

import pytest

FRESH_PAGES = """
import resource, sys
import numpy as np
from gaitlab.memory import keep_freed_memory

def fresh_pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones(8_000_000).sum()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if sys.argv[1] == "kept":
    assert keep_freed_memory()
fresh_pages()
print(fresh_pages())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
def test_an_array_is_put_where_the_last_one_was():
    def pages(how):
        command = [sys.executable, "-c", FRESH_PAGES, how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert pages("kept") < 0.5 * pages("as it is")
