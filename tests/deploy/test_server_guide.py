"""docs/howto/server.md, line by line: from an empty database to the first published district."""

import json
import mailbox
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.test_transfer import SECRET, link_in, walk_the_guide
from tests.deploy.server import DOMAIN, Server, filled_env, proxied
from tests.deploy.test_compose import compose
from tests.deploy.test_copied import copied
from tests.stack.running import ROOT, eventually, open_folder

__all__ = ["compose", "copied"]  # fixtures

pytestmark = [pytest.mark.thorough, pytest.mark.browser]
SLUG, HOST = "paunsdorf", f"paunsdorf.{DOMAIN}"
TEAM, COORDINATOR = "team@wiq.example", "kim@paunsdorf.example"


class Journey:
    """Browsers that reach every host of the server, and the mail that it sent."""

    def __init__(self, server: Server, browser: Any) -> None:
        self.server, self.browser = server, browser
        self.base, self.district = f"https://{DOMAIN}", f"https://{HOST}"

    def person(self) -> Any:
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 900}, locale="de-DE", ignore_https_errors=True
        )
        return context.new_page()

    def mail(self, page: Any, subject: str, to: str = "") -> str:
        """Wait for a mail and return its text."""
        arrived = lambda: [str(mail["Subject"]) for mail in self._mails()]  # noqa: E731
        return str(eventually(lambda: self._mail(subject, to), 20, f"{subject} in {arrived()}"))

    def _mail(self, subject: str, to: str) -> str:
        for mail in self._mails():
            if subject in str(mail["Subject"]) and to in str(mail["To"]):
                body = mail.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        return ""

    def _mails(self) -> list[EmailMessage]:
        read = BytesParser(policy=policy.default).parsebytes
        box = mailbox.Maildir(self.server.mail, create=True)
        return [read(raw.as_bytes()) for _key, raw in box.iteritems()]


@pytest.fixture
def server(copied: Path, compose: Path) -> Iterator[Server]:
    with open_folder("wiq-server-") as folder:
        env = filled_env(folder)
        made = Server(copied, config_of(compose, env), folder)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def config_of(compose: Path, env: Path) -> Any:
    command = [compose, "-f", ROOT / "docker-compose.yml", "--env-file", env, "config",
               "--format", "json"]  # fmt: skip
    # Compose prefers the shell's variables to those of the file.
    shell = {"PATH": os.environ["PATH"], "HOME": str(env.parent)}
    return json.loads(subprocess.run(command, env=shell, check=True, capture_output=True).stdout)


@pytest.fixture
def journey(server: Server) -> Iterator[Journey]:
    if not os.environ.get("CHROMIUM"):
        pytest.skip("no Chromium on this machine (CHROMIUM or PATH)")
    with proxied(server) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"],
            args=[*FLAGS, f"--host-resolver-rules=MAP * 127.0.0.1:{port}"],
        )
        yield Journey(server, browser)
        browser.close()


def commands() -> list[list[str]]:
    """Return what the guide's first block runs in the service ``migrate``, with its gaps filled."""
    block = re.findall(
        r"^```\n(.*?)^```", (ROOT / "docs/howto/server.md").read_text(), re.M | re.S
    )[0]
    start = "docker compose run --rm migrate "
    lines = [line.removeprefix(start) for line in block.splitlines() if line.startswith(start)]
    filled = []
    for line in lines:
        email = TEAM if "--platform" in line else COORDINATOR
        line = line.replace("EMAIL", email).replace("SLUG", SLUG)
        filled.append(shlex.split(line.replace("…", "Paunsdorf", 1).replace("…", "Leipzig", 1)))
    return filled


def test_the_guide_leads_from_an_empty_database_to_a_published_district(
    server: Server, journey: Journey
) -> None:
    page = journey.person()
    page.goto(f"{journey.base}/plattform/")
    page.get_by_text("Noch hat hier niemand ein Konto").wait_for()
    create_account, create_district = commands()
    link = server.run("migrate", create_account).splitlines()[-1]
    # The same invitation twice: the two differ where they say when each was written.
    for address in (link_in(journey.mail(page, "Ihr Konto bei", TEAM), "/einladung/"), link):
        page.goto(address)
        page.get_by_text(TEAM).first.wait_for()
    page.get_by_label("Ihr Name").fill("Sabine Team")
    page.get_by_label("Ihr Passwort").fill(SECRET)
    page.get_by_role("button", name="Konto anlegen").click()
    page.wait_for_url("**/plattform/")

    server.run("migrate", create_district)
    coordinator = journey.person()
    coordinator.goto(link_in(journey.mail(page, "Ihr Konto bei", COORDINATOR), "/passwort/neu/"))
    for name in ("password1", "password2"):
        coordinator.locator(f"input[name={name}]").fill(SECRET)
    coordinator.locator("main button[type=submit], main input[type=submit]").first.click()
    coordinator.goto(f"{journey.district}/koordination/")
    coordinator.locator("input[name=login]").fill(COORDINATOR)
    coordinator.locator("input[name=password]").fill(SECRET)
    coordinator.get_by_role("button", name="Anmelden", exact=True).click()
    coordinator.wait_for_url("**/koordination/")
    walk_the_guide(journey, coordinator)  # type: ignore[arg-type]

    visitor = journey.person()
    visitor.goto(f"{journey.base}/quartiere/")
    visitor.get_by_role("link", name="Paunsdorf").first.click()
    visitor.get_by_text("In Paunsdorf bringen wir gemeinsam Ideen voran.").wait_for()
    assert visitor.url == f"{journey.district}/"
