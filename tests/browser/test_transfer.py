"""From "we would like WiQ here" to a published district whose first request is answered.

As a new user would: by the words that stand on the pages and in the mails, and nothing else.
"""

import re
from typing import Any

import pytest

from tests.contact.codes import code_in
from tests.stack.running import RunningStack, eventually

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
TEAM = ("projektteam@wiq.example", "ein Kennwort zum Probieren")
SECRET = "vier ruhige Enten am Kanal"
HOST = "paunsdorf.localhost"


class Journey:
    """A browser on a desk, and the mail that arrives."""

    def __init__(self, stack: RunningStack, browser: Any) -> None:
        self.stack = stack
        self.browser = browser
        self.base = f"http://localhost:{stack.port}"
        self.district = f"http://{HOST}:{stack.port}"

    def person(self) -> Any:
        """Return the browser of one more person."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE")
        return context.new_page()

    def mail(self, page: Any, subject: str, to: str = "") -> str:
        """Wait for a mail, open it, and return its text."""
        eventually(
            lambda: subject in self.stack.get("/postfach/").text
            and to in self.stack.get("/postfach/").text, 20, subject,
        )  # fmt: skip
        page.goto(f"{self.base}/postfach/")
        page.get_by_role("listitem").filter(has_text=to).get_by_role(
            "link", name=subject
        ).first.click()
        return str(page.locator("pre.mail").inner_text())


def link_in(text: str, part: str) -> str:
    return re.findall(rf"http\S+{part}\S+", text)[0]


def apply(journey: Journey, applicant: Any) -> str:
    """Apply with a quarter and prove the address; return the address of the status page."""
    applicant.goto(f"{journey.base}/")
    applicant.get_by_role("main").get_by_role("link", name="Quartier anmelden").click()
    applicant.get_by_label("Wie heißt das Quartier?").fill("Paunsdorf")
    applicant.get_by_label("In welcher Stadt oder Gemeinde").fill("Leipzig")
    applicant.get_by_label("Welche Internetadresse").fill("leipziger-westem")
    applicant.get_by_text("leicht mit „leipziger-westen“ zu verwechseln").wait_for()
    applicant.get_by_label("Welche Internetadresse").fill("paunsdorf")
    applicant.get_by_text("„paunsdorf“ ist frei.").wait_for()
    applicant.get_by_label("Warum möchten Sie").fill("Bei uns wollen viele etwas bewegen.")
    applicant.get_by_label("Ihr Name").fill("Kim Paul")
    applicant.get_by_label("Ihre E-Mail-Adresse").fill("kim@paunsdorf.example")
    applicant.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    applicant.get_by_role("button", name="Anmeldung abschicken").click()
    applicant.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()
    text = journey.mail(applicant, "Bitte bestätigen Sie Ihre E-Mail-Adresse")
    status = link_in(text, "/quartier-anmelden/")
    applicant.goto(status)
    applicant.get_by_role("button", name="Ja, das bin ich").click()
    applicant.get_by_text("Danke, Ihre Adresse ist bestätigt").wait_for()
    return status


def sign_in(page: Any, address: str, email: str, password: str) -> None:
    page.goto(address)
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort", exact=False).first.fill(password)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(re.compile("/(plattform|koordination)/"))


def approve(journey: Journey, team: Any) -> None:
    """Approve from the mail that leads to the console."""
    text = journey.mail(team, "Neue Anmeldung: Paunsdorf, Leipzig")
    url = link_in(text, "/plattform/applications/")
    sign_in(team, f"{journey.base}/anmelden/", *TEAM)
    team.goto(url)
    team.get_by_label("Text an die Person").fill("Willkommen! Wir freuen uns auf Sie.")
    team.get_by_role("button", name="Annehmen und einrichten").click()


def accept_invitation(journey: Journey, page: Any, to: str, name: str) -> None:
    text = journey.mail(page, "Ihr Konto bei „Wir im Quartier“ (Paunsdorf)", to)
    page.goto(link_in(text, "/anmelden/einladung/"))
    page.get_by_label("Ihr Name").fill(name)
    page.get_by_label("Ihr Passwort").fill(SECRET)
    page.get_by_role("button", name="Konto anlegen").click()
    page.wait_for_url("**/koordination/")


def save(page: Any, button: str = "Speichern") -> None:
    page.get_by_role("button", name=button, exact=True).click()


def sign_the_contract(page: Any) -> None:
    """Open the folder from its step, note who signed the contract, and come back to the guide."""
    page.get_by_role("link", name="Mappe für den Datenschutz →").click()
    page.get_by_role("link", name="Die Mappe öffnen").click()
    page.get_by_role("link", name="Vertrag zur Auftragsverarbeitung").click()
    page.get_by_label("Wer hat unterschrieben?").fill("Kim Paul, Vorstand")
    save(page, "Eintragen")
    page.get_by_text("Die Unterschrift ist eingetragen.").wait_for()
    page.get_by_role("link", name="Weiter im Leitfaden").click()


def walk_the_guide(journey: Journey, page: Any) -> None:
    """Fill in every step of the guide, from the first page of the desk on."""
    page.get_by_role("heading", name="Ihre Seiten sind noch nicht öffentlich").wait_for()
    page.get_by_text("0 von 10 Schritten sind geschafft.").wait_for()
    page.get_by_role("link", name="Weiter im Leitfaden").click()
    for label, words in {
        "Name": "Verein Paunsdorf e. V.", "Anschrift": "Platz 1, 04328 Leipzig",
        "Vertreten durch": "Kim Paul", "E-Mail-Adresse": "verein@paunsdorf.example",
        "Telefon": "0341 123456", "Verantwortlich für Neuigkeiten": "Kim Paul, Platz 1",
    }.items():  # fmt: skip
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Eine öffentliche Stelle ist beteiligt").select_option(label="Nein")
    page.get_by_label("Barrierefreiheit zuletzt geprüft am").fill("2026-11-02")
    save(page)
    page.get_by_text("Gespeichert.").wait_for()
    page.get_by_role("link", name="Name, Farbe und Bilder →").click()
    page.get_by_label("Einleitung", exact=True).fill(
        "In Paunsdorf bringen wir gemeinsam Ideen voran."
    )
    save(page)
    page.get_by_role("link", name="Postfach für Anfragen →").click()
    page.get_by_label("E-Mail-Adresse des Unterstützungsteams").fill("ut@paunsdorf.example")
    save(page, "Code schicken")
    guest = journey.person()
    code = re.findall(r"^\d{6}$", journey.mail(guest, "Ihr Code für"), re.MULTILINE)[0]
    page.get_by_label("Code aus der E-Mail").fill(code)
    save(page, "Bestätigen")
    page.get_by_role("link", name="Unterstützungsteam →").click()
    page.get_by_label("Veröffentlicht").check(force=True)
    save(page)
    page.get_by_role("link", name="Steuerungsteam →").click()
    page.get_by_label("besetzt, hier nicht namentlich genannt").first.check()
    save(page)
    page.get_by_role("link", name="Das erste Lösungsteam →").click()
    page.get_by_label("Name", exact=True).fill("Bank am Teich")
    page.get_by_label("Herausforderung").fill("Am Teich fehlt ein Platz zum Ausruhen.")
    save(page, "Lösungsteam anlegen")
    page.get_by_role("link", name="Zu zweit in der Koordination →").click()
    page.get_by_label("E-Mail-Adresse").fill("zwei@paunsdorf.example")
    save(page, "Einladen")
    second = journey.person()
    accept_invitation(journey, second, "zwei@paunsdorf.example", "Robin Zwei")
    sign_the_contract(page)
    page.get_by_role("link", name="Vorschau zeigen →").click()
    preview = page.get_by_role("link", name="vorschau/").inner_text()
    guest.goto(preview)
    guest.get_by_text("Vorschau: Diese Seiten sind noch nicht öffentlich.").wait_for()
    page.reload()
    page.get_by_text("✓ erledigt").wait_for()
    page.get_by_role("link", name="Veröffentlichen →").click()
    save(page, "Jetzt veröffentlichen")
    page.get_by_text("Ihre Seiten sind öffentlich:").wait_for()


def ask_and_be_answered(journey: Journey, resident: Any) -> None:
    """The first request of a resident, mailed to the team and answered."""
    resident.goto(f"{journey.district}/")
    resident.get_by_text("In Paunsdorf bringen wir gemeinsam Ideen voran.").wait_for()
    resident.get_by_role("link", name="Bank am Teich").first.wait_for()
    resident.get_by_role("link", name="Schreiben Sie uns").first.click()
    resident.get_by_label("Ihr Name").fill("Erika Beispiel")
    resident.get_by_label("Ihre E-Mail-Adresse").fill("erika@paunsdorf.example")
    resident.get_by_label("Ihre Nachricht").fill("Guten Tag, ich möchte gern mitmachen.")
    resident.get_by_label("Ich habe die Datenschutzhinweise gelesen").check()
    resident.get_by_role("button", name="Nachricht abschicken").click()
    resident.get_by_role("heading", name="Danke, Ihre Nachricht ist da").wait_for()
    status = resident.url
    reference = resident.locator(".facts strong").inner_text()
    team = journey.person()
    text = journey.mail(team, f"Neue Anfrage {reference}", "ut@paunsdorf.example")
    team.goto(re.findall(r"http\S+/bearbeiten/\S+", text)[1])
    page_of_link = team.url
    team.get_by_role("button", name="Ziffern an das Team schicken").click()
    text = journey.mail(
        journey.person(), f"Ihr Code zur Anfrage {reference}", "ut@paunsdorf.example"
    )
    team.goto(page_of_link)
    team.get_by_label("Die sechs Ziffern aus der E-Mail").fill(code_in(text))
    team.get_by_role("button", name="Beantwortet").click()
    team.get_by_text("Die Anfrage ist beantwortet").wait_for()
    resident.goto(status)
    resident.get_by_text("Beantwortet").wait_for()


def test_from_the_wish_to_the_first_answered_request(stack: RunningStack, browser: Any) -> None:
    journey = Journey(stack, browser)
    applicant = journey.person()
    status = apply(journey, applicant)
    team = journey.person()
    approve(journey, team)
    applicant.goto(status)
    applicant.get_by_role("heading", name="Ihr Quartier ist eingerichtet").wait_for()
    applicant.get_by_role("button", name="Einladung noch einmal schicken").wait_for()
    assert stack.get("/", HOST).status == 404
    team.goto(f"{journey.base}/plattform/console/vital/")  # all are counted, no hour later
    for name in ("Paunsdorf", "Leipziger Westen", "Leipziger Osten"):
        team.locator("#result_list, table").get_by_text(name).first.wait_for()
    coordinator = journey.person()
    accept_invitation(journey, coordinator, "kim@paunsdorf.example", "Kim Paul")
    applicant.reload()
    applicant.get_by_role("link", name="Zur Koordination von Paunsdorf").wait_for()
    walk_the_guide(journey, coordinator)
    applicant.reload()
    applicant.get_by_role("link", name=HOST).click()
    applicant.get_by_text("In Paunsdorf bringen wir gemeinsam Ideen voran.").wait_for()
    ask_and_be_answered(journey, journey.person())
