"""The status page of a request or idea: what its link shows, and what its resident does there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from directory.conversations import readers, resident
from directory.conversations.sorts import known_sort
from wiq.submissions import deliveries
from wiq.submissions.models import Submission
from wiq.submissions.pages import see_other, told_to_wait
from wiq.throttling import seconds_to_wait

# What the page says after a redirect, by the word in its address.
DONE = ("geantwortet", "zurueckgezogen", "erledigt", "wieder-offen")


class StatusPage:
    """One showing of the page: by its link states and dates, after a code what was written."""

    def __init__(
        self, request: HttpRequest, template: str, submission: Submission, *, url: str,
        takes_words: bool, **context: Any,
    ) -> None:  # fmt: skip
        """``takes_words``: whether its resident may add something in this state."""
        self.request, self.template, self.submission = request, template, submission
        self.url, self.takes_words, self.context = url, takes_words, context
        self.typed = request.POST.get("antwort", "")

    def answer(self) -> HttpResponse:
        """Show the page, or do what its resident pressed."""
        if self.request.method != "POST":
            return self.show()
        wait = seconds_to_wait(self.request)
        if wait is not None:
            return told_to_wait(self.show(status=429, wait=wait), wait)
        acts = {"code": self.mail_code, "ziffern": self.take_code, "erledigt": self.settle,
                "zurueckziehen": self.settle, "doch-nicht": self.unsettle}  # fmt: skip
        try:
            return acts.get(self.request.POST.get("was", ""), self.add)()
        except ValidationError as error:
            return self.show(status=422, error=error.messages[0])

    @property
    def is_reading(self) -> bool:
        return readers.may_read(self.request, self.submission)

    def mail_code(self) -> HttpResponse:
        """Mail six digits; what was typed meanwhile stays on the page."""
        resident.ask_code(self.submission)
        return self.show(code_sent=True)

    def take_code(self) -> HttpResponse:
        """Open the page for whoever types the digits, and send what was typed before."""
        resident.prove(self.submission, self.request.POST.get("code", ""))
        if self.typed.strip():
            try:
                resident.add(self.submission, self.typed)
            except ValidationError as error:
                page = self.show(status=422, error=error.messages[0], is_reading=True)
                readers.remember(self.request, page, self.submission)
                return page
        page = see_other(f"{self.url}?geantwortet=1" if self.typed.strip() else f"{self.url}#talk")
        readers.remember(self.request, page, self.submission)
        return page

    def add(self) -> HttpResponse:
        """Take what was added; where the code no longer counts, it comes back with the question."""
        if not self.takes_words:
            raise ValidationError(_("Hier können Sie nichts mehr ergänzen."))
        if not self.is_reading:
            raise ValidationError(
                _("Ihr Text ist noch da. Zur Sicherheit brauchen wir noch einmal einen Code.")
            )
        resident.add(self.submission, self.typed)
        return see_other(f"{self.url}?geantwortet=1")

    def settle(self) -> HttpResponse:
        """Close it."""
        resident.settle(self.submission)
        word = "zurueckgezogen" if self.request.POST.get("was") == "zurueckziehen" else "erledigt"
        return see_other(f"{self.url}?{word}=1")

    def unsettle(self) -> HttpResponse:
        """Open it again."""
        resident.unsettle(self.submission)
        return see_other(f"{self.url}?wieder-offen=1")

    def show(self, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Render the page with what this browser may see."""
        context = self._of_all() | self._of_readers(shown.get("is_reading", self.is_reading))
        return render(self.request, self.template, context | shown, status=status)

    def _of_all(self) -> dict[str, Any]:
        found = self.submission
        asked = self.request.GET
        return {
            "submission": found,
            "steps": found.steps.all(),
            "to_team": deliveries.to_team(found),
            "to_sender": deliveries.to_sender(found),
            "typed": self.typed,
            "takes_words": self.takes_words,
            "way_on": resident.way_on(found),
            "is_settled": resident.is_settled_by_resident(found),
            "done": next((word for word in DONE if word in asked), ""),
            "answered": any(word in asked for word in DONE),
            **self.context,
        }

    def _of_readers(self, is_reading: bool) -> dict[str, Any]:
        found = self.submission
        if found.anonymised_at is not None:
            return {}
        if not found.email:
            return {"only_phone": True}
        conversation = resident.own_conversation(found)
        shown: dict[str, Any] = {
            "asks_code": not is_reading,
            "masked": deliveries.masked(found.email),
            "is_reading": is_reading,
            "joined": conversation is not None and conversation.about_id != found.pk,
            "corrected": conversation is not None and conversation.seen_from is not None,
        }
        if is_reading:
            successor = resident.own_successor(found)
            if successor is not None:
                sort = known_sort(successor)
                shown |= {
                    "became": successor.reference, "became_sort": sort.name,
                    "became_url": sort.status_url(successor),
                }  # fmt: skip
            return shown | {"talk": resident.seen_entries(conversation) if conversation else []}
        return shown | {"code_is_out": resident.code_waits(found)}
