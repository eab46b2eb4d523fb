"""Small words that every message needs."""


def some(n: int, what: str, several: str = "") -> str:
    """A number with its noun, in the singular where it is one.

    >>> some(1, "sample"), some(1200, "sample"), some(0, "repetition")
    ('1 sample', '1,200 samples', '0 repetitions')
    """
    return f"{n:,} {what if n == 1 else several or what + 's'}"
