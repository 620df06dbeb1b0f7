"""The admin page of what people send: read, answered with buttons, deleted by retention alone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wiq.admin.acts import Act, Group, told
from wiq.admin.base import AuditedAdmin, account
from wiq.submissions import history, reading
from wiq.submissions.models import Submission

Typed = Mapping[str, Any]


class NotesReading:
    """A page of something that residents sent: whoever opens it is noted in the log."""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Note the reading, and show the page."""
        if isinstance(obj, Submission) and obj.pk is not None:
            reading.note(obj, actor=account(request))
        page: Any = super()
        shown: HttpResponse = page.render_change_form(request, context, *args, obj=obj, **kwargs)
        return shown


class SubmissionAdmin(NotesReading, AuditedAdmin):
    """What ideas and applications have in common."""

    actions: ClassVar = ["mark_spam", "mark_no_spam"]
    # The form of the buttons where one of them takes a text.
    act_form: ClassVar[type[forms.Form]]

    def acts_of(self, obj: Any) -> list[Act]:
        """Return what can be done with a row now."""
        raise NotImplementedError

    def group_of(self, acts: list[Act], form: type[forms.Form]) -> Group:
        """Return the buttons under their question."""
        raise NotImplementedError

    def call_spam(self, obj: Any, *, actor: Model) -> Submission:
        """Call a row spam; return it."""
        raise NotImplementedError

    def call_no_spam(self, obj: Any, *, actor: Model) -> Submission:
        """Take that back; return the row."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one by mistake; retention erases its personal part in time."""
        return False

    def get_acts(self, request: HttpRequest, obj: Any) -> list[Group]:
        acts = self.acts_of(obj)
        # Without an act it is shown only to whoever typed a text while somebody else decided.
        has_text = not acts or any(act.field for act in acts)
        return [self.group_of(acts, self.act_form if has_text else forms.Form)]

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Do nothing: what happens to it are acts, and nothing else can be changed."""

    def spam_act(self) -> Act:
        """Return the button that calls a row spam."""

        def act(obj: Any, typed: Typed, actor: Model) -> Any:
            self.call_spam(obj, actor=actor)
            return _("Als Spam abgelegt. Niemand bekommt eine E-Mail.")

        return Act("spam", _("Als Spam ablegen"), act)

    def no_spam_act(self, said: Any) -> Act:
        """Return the button that takes that back; ``said`` is what the page says then."""

        def act(obj: Any, typed: Typed, actor: Model) -> Any:
            self.call_no_spam(obj, actor=actor)
            return said

        return Act("no_spam", _("Kein Spam"), act, look="primary")

    @admin.display(description=_("Verlauf"))
    def history(self, obj: Any) -> SafeString:
        return history.as_list(obj.steps.all())

    @admin.action(description=_("Als Spam ablegen"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, self.call_spam)

    @admin.action(description=_("Kein Spam"), permissions=["change"])
    def mark_no_spam(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, self.call_no_spam)

    def _move(self, request: HttpRequest, queryset: Any, move: Any) -> None:
        moves = [move(one, actor=account(request)).state != one.state for one in queryset]
        self.message_user(request, told(sum(moves), len(moves)))
