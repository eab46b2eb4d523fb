"""A page on paper: printed to PDF by a browser of the Chromium family, the one that shows it.

A second layout engine would need a second style sheet; the page's own print style is made for A4.
The page holds no script; the browser runs in a folder of its own and needs no network.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from gaitlab.model.errors import OutputError

BROWSER_VARIABLE: Final = "GAITLAB_BROWSER"
BROWSERS: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge", "brave-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip
LONGEST_S: Final = 120.0


def find_browser() -> str | None:
    """The browser named in ``GAITLAB_BROWSER``, else the first known one; None without any."""
    wanted = os.environ.get(BROWSER_VARIABLE)
    names = (wanted,) if wanted else BROWSERS
    found = (shutil.which(name) for name in names)
    return next((path for path in found if path), None)


def pdf_of(html: str) -> bytes:
    """The page printed on A4.

    Raises
    ------
    OutputError : there is no browser, or it made no file.
    """
    browser = find_browser()
    if browser is None:
        raise OutputError(
            "cannot make a PDF",
            "no Chromium, Chrome or Edge was found to print the page",
            f"write -o FILE.html and print that, install Chromium, or name a browser in "
            f"{BROWSER_VARIABLE}",
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, paper = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        why = _print(browser, page, paper)
        if not paper.exists():
            raise OutputError(
                "cannot make a PDF",
                f"{Path(browser).name} printed nothing: {why}",
                "write -o FILE.html and print that from any browser",
            )
        return paper.read_bytes()


def _print(browser: str, page: Path, paper: Path) -> str:
    """Let the browser print; the last line of what it says."""
    command = [
        browser, "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run",
        "--no-pdf-header-footer",
        f"--user-data-dir={page.parent / 'profile'}", f"--print-to-pdf={paper}", page.as_uri(),
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # its sandbox refuses to run for root
        command.insert(1, "--no-sandbox")
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else f"exit status {done.returncode}"
