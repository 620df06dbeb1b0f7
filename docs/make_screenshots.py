"""Photographs the pages of a running stack at 360 and 1280 px: python docs/make_screenshots.py PORT FOLDER."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WIDTHS = (360, 1280)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def pages(port: int) -> dict[str, str]:
    """Return the pages to photograph by their name."""
    west = f"http://leipziger-westen.localhost:{port}"
    platform = f"http://localhost:{port}"
    return {
        "start": f"{west}/",
        "menschen": f"{west}/menschen/",
        "team": f"{west}/menschen/steuerungsteam/",
        "kontakt": f"{west}/kontakt/",
        "start-en": f"{west}/en/",
        "osten": f"http://leipziger-osten.localhost:{port}/",
        "nicht-gefunden": f"{west}/gibt-es-nicht/",
        "anmelden": f"{west}/anmelden/",
        "plattform": f"{platform}/",
        "postfach": f"{platform}/postfach/",
    }


def send_request(page: Page, port: int, folder: Path, width: int) -> None:
    """Photograph the form with mistakes, and the status page after it is sent."""
    page.goto(f"http://leipziger-westen.localhost:{port}/kontakt/")
    page.get_by_role("button", name="Nachricht abschicken").click()
    page.screenshot(path=folder / f"kontakt-fehler-{width}.png", full_page=True)
    page.get_by_label("Ihr Name").fill("Erika Beispiel")
    page.get_by_label("Ihre E-Mail-Adresse").fill("erika@beispiel.example")
    page.get_by_label("Ihre Nachricht").fill("Guten Tag, ich hätte gern eine Bank am Kanal.")
    page.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    page.get_by_role("button", name="Nachricht abschicken").click()
    page.screenshot(path=folder / f"stand-{width}.png", full_page=True)


def main() -> None:
    """Photograph everything."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 800})
            for name, url in pages(port).items():
                page.goto(url)
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            send_request(page, port, folder, width)
        browser.close()


if __name__ == "__main__":
    main()
