"""A browser without a window, driven through a pipe by its own debugging protocol.

Chromium started with ``--remote-debugging-pipe`` reads commands from file descriptor 3 and
answers on 4, each message closed by a zero byte: no port, no further library. One browser serves
many pages.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

A4_PX = (688, 1017)  # what margins of 14 mm leave of A4, at 96 dots an inch
PATIENCE_S = 180.0
# the pipe's ends wear any numbers here; the browser wants 3 and 4
HAND_OVER = (
    "import fcntl, os, sys;"
    "ends = [fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3]];"
    "os.dup2(ends[0], 3); os.dup2(ends[1], 4); os.execv(sys.argv[3], sys.argv[3:])"
)
SIZES = {"phone": (390, 844), "laptop": (1280, 800), "print": A4_PX}


class BrowserError(Exception):
    """The browser does not start, does not answer, or refuses a command."""


class Browser:
    """One Chromium, as a context: ``show`` opens a page at a size, ``ask`` runs script in it.

    The pages are opened from files and need no network.
    """

    def __init__(self, program):
        self._folder = tempfile.mkdtemp(prefix="browser")
        here_out, there_in = os.pipe(), os.pipe()
        command = [
            program, "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
            f"--user-data-dir={self._folder}/profile", "about:blank",
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")
        self._process = _started(command, here_out[0], there_in[1])
        os.close(here_out[0])
        os.close(there_in[1])
        self._to, self._from = here_out[1], there_in[0]
        self._count, self._rest, self._session = 0, b"", None
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        found = self.tell("Target.attachToTarget", targetId=target, flatten=True)
        self._session = found["sessionId"]
        self.tell("Page.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._to)
        self._process.terminate()
        self._process.wait(10)
        os.close(self._from)
        shutil.rmtree(self._folder, ignore_errors=True)

    def tell(self, method, **params):
        """Send one command and return its result; what else comes meanwhile is dropped."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self._to, text) :]
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error'].get('message')}")
                return answer["result"]

    def _next(self):
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], PATIENCE_S)
            more = os.read(self._from, 1 << 20) if ready else b""
            if not more:
                raise BrowserError("the browser went away" if ready else "no answer")
            self._rest += more
        first, self._rest = self._rest.split(b"\0", 1)
        return json.loads(first)

    def show(self, html, size="laptop", *, dark=False):
        """Open a page as one of ``SIZES``; ``print`` lays it out as on paper."""
        self.look(size, dark=dark)
        file = Path(self._folder) / "page.html"
        file.write_text(html, encoding="utf-8")
        self.tell("Page.navigate", url=file.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def look(self, size, *, dark=False):
        """Lay the open page out anew at another size or in the other theme."""
        width, height = SIZES[size]
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=size == "phone")  # fmt: skip
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        medium = "print" if size == "print" else "screen"
        self.tell("Emulation.setEmulatedMedia", media=medium, features=[theme])

    def grow(self):
        """Make the window as high as the page, so that every point of it can be asked for."""
        width, whole = self.ask("[innerWidth, document.documentElement.scrollHeight]")
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=whole,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip

    def ask(self, script):
        """The value of an expression in the page, as plain data."""
        found = self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in found:
            raise BrowserError(
                str(found["exceptionDetails"].get("exception", {}).get("description"))
            )
        return found["result"].get("value")

    def picture(self, path, *, top=0, height=None):
        """A PNG of the page from ``top`` on, all of it without ``height``."""
        width, whole = self.ask("[innerWidth, document.documentElement.scrollHeight]")
        box = {"x": 0, "y": top, "width": width, "height": height or whole, "scale": 1}
        found = self.tell("Page.captureScreenshot", clip=box, captureBeyondViewport=True)
        Path(path).write_bytes(base64.b64decode(found["data"]))

    def paper(self, path):
        """The page printed on A4 as PDF, the way ``-o FILE.pdf`` does."""
        found = self.tell("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        Path(path).write_bytes(base64.b64decode(found["data"]))


def _started(command, read_from, write_to):
    hand_over = [sys.executable, "-S", "-c", HAND_OVER, str(read_from), str(write_to)]
    return subprocess.Popen(
        [*hand_over, *command], pass_fds=(read_from, write_to), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
