"""Open pages in Chromium without a window, if it is installed."""

import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from html import escape

import pytest

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
POLICY_START = "default-src 'none'; "


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A function that opens a page and returns the resulting document as HTML."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    profile = tmp_path_factory.mktemp("profile")

    def open_page(path):
        command = [
            program,
            "--headless",
            "--no-sandbox",  # unavailable to root; all pages are our own
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            "--dump-dom",
            path.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    return open_page


def with_script(page, script, *, allowed):
    """Append a script to a page; the policy of the page allows it by its digest, or forbids it."""
    if allowed:
        assert page.count(POLICY_START) == 1
        digest = b64encode(sha256(script.encode()).digest()).decode()
        page = page.replace(POLICY_START, f"{POLICY_START}script-src 'sha256-{digest}'; ")
    assert page.count("</body>") == 1
    return page.replace("</body>", f"<script>{script}</script></body>")


def in_frame(page, width):
    """Embed a page in a frame, which may be narrower than the minimum of about 500 pixels."""
    return f'<iframe width="{width}" height="900" frameborder="0" srcdoc="{escape(page)}"></iframe>'
