"""Photographs every page of a running stack, on a phone by day and by night, and on a screen.

    python3 run.py                                        (in another terminal, with its demo)
    .venv/bin/python docs/make_screenshots.py 8000 docs/images/pages

Writes one WebP a page, width and scheme. What they show is judged in docs/pages.md.
"""

import io
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
# Width of the window, scheme.
VIEWS = ((360, "light"), (1280, "light"), (360, "dark"))
# On a page of the documentation nobody looks at more.
KEPT_WIDTH, KEPT_HEIGHT = 640, 6000
DISTRICT = {
    "start": "/", "menschen": "/menschen/", "steuerungsteam": "/menschen/steuerungsteam/",
    "unterstuetzungsteam": "/menschen/unterstuetzungsteam/", "loesungsteams": "/loesungsteams/",
    "loesungsteams-auswahl": "/loesungsteams/?fokus=umwelt", "loesungsteams-nichts": "/loesungsteams/?q=gibtesnicht",
    "loesungsteam": "/loesungsteams/leipzig-giesst/", "neuigkeiten": "/neuigkeiten/",
    "idee": "/idee/", "kontakt": "/kontakt/", "einfach": "/einfach/",
    "kontakt-einfach": "/kontakt/einfach/", "abonnieren": "/abonnieren/",
    "einbetten": "/einbetten/", "glossar": "/glossar/", "aushang": "/aushang/",
    "impressum": "/impressum/", "datenschutz": "/datenschutz/",
    "barrierefreiheit": "/barrierefreiheit/", "anmelden": "/anmelden/",
    "nicht-gefunden": "/gibt-es-nicht/", "start-en": "/en/", "menschen-en": "/en/menschen/",
    "stil": "/stil/",
}  # fmt: skip
PLATFORM = {
    "plattform": "/", "so-geht-es": "/so-geht-es/", "quartiere": "/quartiere/",
    "nachmachen": "/nachmachen/", "quartier-anmelden": "/quartier-anmelden/",
    "plattform-impressum": "/impressum/", "plattform-datenschutz": "/datenschutz/",
    "plattform-barrierefreiheit": "/barrierefreiheit/",
}  # fmt: skip


def keep(taken: bytes, path: Path) -> None:
    """Store a photograph, no larger than the documentation shows it."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    if picture.width > KEPT_WIDTH:
        picture.thumbnail((KEPT_WIDTH, picture.height))
    picture.crop((0, 0, picture.width, min(picture.height, KEPT_HEIGHT))).save(
        path, quality=45, method=6
    )


def shoot(page: Page, path: Path) -> None:
    keep(page.screenshot(full_page=True, animations="disabled"), path)


def with_mistakes_and_sent(page: Page, west: str, ending: str, folder: Path) -> None:
    """Photograph the form with mistakes, and the status page after it is sent."""
    page.goto(f"{west}/kontakt/")
    page.get_by_role("button", name="Nachricht abschicken").click()
    shoot(page, folder / f"kontakt-fehler-{ending}.webp")
    page.get_by_label("Ihr Name").fill("Erika Beispiel")
    page.get_by_label("Ihre E-Mail-Adresse").fill("erika@beispiel.example")
    page.get_by_label("Ihre Nachricht").fill("Guten Tag, ich hätte gern eine Bank am Kanal.")
    page.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    page.get_by_role("button", name="Nachricht abschicken").click()
    shoot(page, folder / f"stand-{ending}.webp")


def photograph(browser: Browser, port: int, folder: Path, width: int, scheme: Any) -> None:
    """Photograph every page in one width and scheme."""
    west, platform = f"http://leipziger-westen.localhost:{port}", f"http://localhost:{port}"
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="de-DE"
    )
    page = context.new_page()
    ending = f"{width}-{scheme}"
    for host, pages in ((west, DISTRICT), (platform, PLATFORM)):
        for name, path in pages.items():
            page.goto(host + path)
            shoot(page, folder / f"{name}-{ending}.webp")
    page.goto(f"http://leipziger-osten.localhost:{port}/")
    shoot(page, folder / f"osten-{ending}.webp")
    with_mistakes_and_sent(page, west, ending, folder)
    context.close()


def main() -> None:
    """Photograph everything."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for width, scheme in VIEWS:
            photograph(browser, port, folder, width, scheme)
        browser.close()


if __name__ == "__main__":
    main()
