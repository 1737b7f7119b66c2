"""Draws the pictures of the README: the demonstration on a port of its own, seen by some of its people."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FOLDER = Path(__file__).parent / "images"
PHONE, DESK = {"width": 390, "height": 780}, {"width": 1280, "height": 860}

# file, who looks, where, through which window
PICTURES = [
    ("teacher-phone", "teacher", "/concerns/new/", PHONE),
    ("officer-phone", "officer", "/", PHONE),
    ("spoc-inbox", "spoc", "/triage/", DESK),
]


def main() -> None:
    """Draw every picture."""
    FOLDER.mkdir(exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, persona, path, window in PICTURES:
            draw(browser, address, name, persona, path, window)
        browser.close()


@contextmanager
def demonstration() -> Iterator[str]:
    """A server with a data folder of its own, gone afterwards; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="schoolgate-pictures-") as data:
        environment = os.environ | {"SCHOOLGATE_DATA": f"{data}/var", "SCHOOLGATE_PORT": str(port)}
        command = [sys.executable, "-m", "schoolgate", "serve", "--demo"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout
            assert server.stdout.readline().startswith("Schoolgate runs")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def draw(browser: Browser, address: str, name: str, persona: str, path: str, window: dict[str, int]) -> None:
    """One page as one person sees it."""
    context = browser.new_context(viewport=window)  # type: ignore[arg-type]
    context.request.post(f"{address}/demo/sign-in", form={"persona": persona})
    page = context.new_page()
    page.goto(address + path)
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
