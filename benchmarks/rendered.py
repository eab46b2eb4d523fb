"""What is wrong with a page as a browser lays it out: on a phone, on a laptop, on paper.

Overlapping or cut letters (those in pictures as well), a page that scrolls sideways, an empty panel
without a reason, a picture without words, letters with too little contrast, script that fails.
"""

from pathlib import Path

from browser import SIZES

HERE = Path(__file__).parent
LAYOUT, CONTRAST = ((HERE / name).read_text("utf-8") for name in ("rendered.js", "contrast.js"))


def findings(browser, html, sizes=tuple(SIZES), *, contrast=True):
    """Everything found, as lines that begin with the size; empty when all is well."""
    told = []
    browser.show(html)
    for size in sizes:
        browser.look(size)
        told += [f"{size}: {line}" for line in browser.ask(LAYOUT)]
    for dark in (False, True) if contrast else ():
        browser.look("laptop", dark=dark)
        browser.grow()
        theme = "dark" if dark else "light"
        told += [f"{theme}: {line}" for line in browser.ask(CONTRAST)]
    return told
