"""One district back from a backup, at the console: order, read what would change, confirm."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from tenants.districts.models import District
from tenants.provisioning.models import Beside
from tenants.restoring import belongings, comparing, offered, ordered, services
from wiq.admin.acts import Act, Group

Typed = Mapping[str, Any]
Stage = Beside.Stage
TITLE = gettext_lazy("Aus einer Sicherung wiederherstellen")


class OrderForm(forms.Form):
    """Which backup, and until when."""

    backup = forms.ChoiceField(label=_("Sicherung"), widget=UnfoldAdminSelectWidget)
    at = forms.CharField(
        label=_("Zeitpunkt"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Nur wenn die Sicherung ein Ordner ist: bis zu welcher Minute? Zum Beispiel "
            "2026-11-29 14:30. Bei einer Datei, die auf .dump endet, bleibt das Feld leer."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["backup"].choices = [(name, name) for name in offered.names()]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """The district's host, typed as a confirmation."""

    host = forms.CharField(
        label=_("Zur Bestätigung die ganze Adresse eintippen"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


def of_restore(district: District) -> list[Group]:
    """Return what can be done now: order, confirm or discard, and the way back within a week."""
    groups = [_under_way(district, beside) for beside in [ordered.open_of(district)] if beside]
    kept = services.kept(district)
    if kept is not None:
        groups.append(_way_back(kept))
    if not any(group.name == "restore" for group in groups) and offered.names():
        acts = [Act("order", _("Sicherung vergleichen"), _order, "backup")]
        groups.append(Group("restore", TITLE, acts, OrderForm, _ABOUT))
    return groups


_ABOUT = gettext_lazy(
    "Zuerst wird die Sicherung ausgepackt und mit dem Quartier von heute verglichen. Dabei ändert sich nichts. Danach lesen Sie, was sich ändern würde, und entscheiden."
)


def _order(district: District, typed: Typed, actor: Model) -> Any:
    ordered.order(district, typed["backup"], at=typed["at"].strip(), actor=actor)
    return gettext("Die Sicherung wird ausgepackt. Laden Sie diese Seite gleich noch einmal.")


def _under_way(district: District, beside: Beside) -> Group:
    def swap(district: District, typed: Typed, actor: Model) -> Any:
        ordered.confirm(district, beside, typed_host=typed["host"], actor=actor)
        return gettext("Das Quartier wird wiederhergestellt. Das dauert wenige Sekunden.")

    def discard(district: District, typed: Typed, actor: Model) -> Any:
        ordered.discard(district, beside, actor=actor)
        return gettext("Verworfen. Am Quartier hat sich nichts geändert.")

    def push(district: District, typed: Typed, actor: Model) -> Any:
        ordered.push(ordered.FILL, beside)
        return gettext("Noch einmal angestoßen.")

    acts, form = [Act("discard", _("Verwerfen"), discard)], forms.Form
    if beside.stage == Stage.READY:
        form = ConfirmForm
        acts.insert(0, Act("swap", _("Jetzt wiederherstellen"), swap, "host", look="danger"))
    elif beside.stage == Stage.FILLING:
        cancel = Act("discard", _("Doch nicht vergleichen"), discard)
        again = [Act("push", _("Noch einmal anstoßen"), push)] if ordered.is_stuck(beside) else []
        look = Act("look", _("Nachsehen, wie weit es ist"), lambda *_args: None)
        acts = [*again, look, cancel]
    return Group("restore", TITLE, acts, form, _about(district, beside))


def _about(district: District, beside: Beside) -> SafeString:
    is_ready = beside.stage == Stage.READY
    missing = beside.details.get("missing", [])
    context = {
        "beside": beside,
        "lines": [
            *comparing.sentences(beside.comparison),
            *(
                gettext("Angaben des Quartiers, wieder wie damals: %s") % word
                for word in belongings.changed(district, beside.details)
            ),
        ] if is_ready else [],
        "nobody_reads": beside.stage == Stage.FILLING and not offered.is_heard(),
        "missing": missing[: services.FILES_NAMED],
        "missing_count": len(missing),
    }  # fmt: skip
    return SafeString(render_to_string("console/_restore.html", context))


def _way_back(beside: Beside) -> Group:
    undone = services.was_undone(beside)

    def back(district: District, typed: Typed, actor: Model) -> Any:
        ordered.confirm(district, beside, typed_host=typed["host"], actor=actor)
        if undone:
            return gettext("Das Quartier wird wiederhergestellt. Das dauert wenige Sekunden.")
        return gettext("Das Quartier wird wieder, was es vorher war. Das dauert wenige Sekunden.")

    again = _("Doch den Stand aus der Sicherung nehmen")
    word = again if undone else _("Wiederherstellung zurücknehmen")
    acts = [Act("back", word, back, "host", look="danger")]
    context = {"beside": beside, "undone": undone}
    about = SafeString(render_to_string("console/_restored.html", context))
    title = _("Wiederherstellung zurückgenommen") if undone else _("Wiederhergestellt")
    return Group("restored", title, acts, ConfirmForm, about)
