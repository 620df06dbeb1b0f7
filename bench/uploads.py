"""What one editor's six large pictures cost everybody else: p95 of another district's pages.

    python3 run.py test --collect-only -q   (once: installs what this needs)
    .venv/bin/python -m bench.uploads [ROUNDS]

Starts a stack of its own. Each picture is a small file that unpacks to 120 MB; all six are sent at
once, and others' pages are asked for until the last one is drawn.
"""

import http.cookiejar
import io
import json
import re
import statistics
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

from tests.stack.running import RunningStack, open_folder

WEST, OSTEN = "leipziger-westen.localhost", "leipziger-osten.localhost"
EDITOR, PASSWORD = "redaktion@leipziger-westen.wiq.example", "bench-bench-bench"
ADD = "/koordination/people/person/add/"
SIDE, PICTURES = 6300, 6
# From memory, made anew, a form.
PAGES = ("/", "/health/live", "/kontakt/")
BOUNDARY = "bench-of-uploads"
MOST_SECONDS = 300


def picture() -> bytes:
    """Return a file of about 120 KB with 40 million pixels."""
    content = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), "darkgreen").save(content, "PNG", compress_level=9)
    return content.getvalue()


class Editor:
    """An editor's browser, as far as forms with files need one."""

    def __init__(self, stack: RunningStack) -> None:
        self.root, self.host = f"http://127.0.0.1:{stack.port}", f"{WEST}:{stack.port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.send("/anmelden/", {"login": EDITOR, "password": PASSWORD})

    def open(self, path: str, body: bytes | None = None) -> Any:
        """Ask for a page, or send a form; return the answer."""
        headers = {"Host": self.host, "Origin": f"http://{self.host}"}
        if body is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        asked = urllib.request.Request(self.root + path, body, headers)
        return self.opener.open(asked, timeout=MOST_SECONDS)

    def upload(self, name: str, content: bytes) -> int:
        """Send a picture until it is taken, as people do; return how often it was refused."""
        fields = {"name": name, "slug": name.lower(), "portrait_alt": "Grün"}
        for refused in range(MOST_SECONDS):
            if "errornote" not in self.send(ADD, fields, portrait=content):
                return refused
            time.sleep(0.5)
        raise AssertionError("the picture is never taken")

    def send(self, path: str, fields: dict[str, str], **files: bytes) -> str:
        """Fill in a form's fields beside its hidden ones, and send it; return the next page."""
        page = self.open(path).read().decode()
        values: dict[str, Any] = {}
        for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and "__prefix__" not in name[1]:
                values[name[1]] = value[1] if value else ""
        body = b"".join(_part(name, value) for name, value in (values | fields | files).items())
        return str(self.open(path, body + f"--{BOUNDARY}--\r\n".encode()).read().decode())


def _part(name: str, value: str | bytes) -> bytes:
    file = '; filename="a.png"\r\nContent-Type: image/png' if isinstance(value, bytes) else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"


def waiting(stack: RunningStack) -> list[Path]:
    """Return the pictures that are not drawn yet."""
    return [file for file in stack.state.glob("media/*/waiting/**/*") if file.is_file()]


def pages_of_others(stack: RunningStack) -> list[float]:
    """Ask once for each page of the other district; return how long each took, in seconds."""
    times = []
    for page in PAGES:
        host = "localhost" if "live" in page else OSTEN
        began = time.perf_counter()
        assert stack.get(page, host).status == 200
        times.append(time.perf_counter() - began)
        time.sleep(0.02)
    return times


def p95(times: list[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return round(statistics.quantiles(times, n=20)[-1] * 1000, 1)


def measure(stack: RunningStack, number: int, content: bytes) -> dict[str, Any]:
    """Ask while nothing happens, then while six pictures come and are drawn."""
    idle = [one for _turn in range(60) for one in pages_of_others(stack)]
    editors = [Editor(stack) for _number in range(PICTURES)]
    began, meanwhile = time.monotonic(), []
    with ThreadPoolExecutor(PICTURES) as threads:
        sent = [
            threads.submit(each.upload, f"Bild-{number}-{index}", content)
            for index, each in enumerate(editors)
        ]
        while not all(one.done() for one in sent) or waiting(stack):
            meanwhile += pages_of_others(stack)
            assert time.monotonic() - began < MOST_SECONDS, "the pictures are never drawn"
    return {
        "idle p95 ms": p95(idle),
        "meanwhile p95 ms": p95(meanwhile),
        "times": round(p95(meanwhile) / p95(idle), 2),
        "longest ms": round(max(meanwhile) * 1000),
        "pages meanwhile": len(meanwhile),
        "seconds until drawn": round(time.monotonic() - began, 1),
        "refused for a moment": sum(one.result() for one in sent),
    }


def main() -> None:
    """Measure as often as asked, and print each round."""
    content = picture()
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state", WIQ_DEMO_PASSWORD=PASSWORD).start()
        try:
            for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
                print(json.dumps(measure(stack, number, content)), flush=True)
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
