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
from tenants.restoring import belongings, comparing, ordered, services
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
        help_text=_("Nur bei Ordnern mit WAL, zum Beispiel 2026-11-29 14:30. Sonst frei lassen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["backup"].choices = [(name, name) for name in ordered.backups()]  # type: ignore[attr-defined]


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
    if not any(group.name == "restore" for group in groups) and ordered.backups():
        acts = [Act("order", _("Sicherung vergleichen"), _order, "backup")]
        groups.append(Group("restore", TITLE, acts, OrderForm, _ABOUT))
    return groups


_ABOUT = gettext_lazy(
    "Zuerst wird die Sicherung ausgepackt und verglichen. Dabei ändert sich nichts."
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
        acts = [Act("push", _("Noch einmal anstoßen"), push)] if ordered.is_stuck(beside) else []
        acts.append(Act("look", _("Nachsehen, wie weit es ist"), lambda *_args: None))
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
        "missing": missing[: services.FILES_NAMED],
        "missing_count": len(missing),
    }  # fmt: skip
    return SafeString(render_to_string("console/_restore.html", context))


def _way_back(beside: Beside) -> Group:
    def back(district: District, typed: Typed, actor: Model) -> Any:
        ordered.confirm(district, beside, typed_host=typed["host"], actor=actor)
        return gettext("Das Quartier wird wieder, was es vorher war. Das dauert wenige Sekunden.")

    acts = [Act("back", _("Wiederherstellung zurücknehmen"), back, "host", look="danger")]
    about = SafeString(render_to_string("console/_restored.html", {"beside": beside}))
    return Group("restored", _("Wiederhergestellt"), acts, ConfirmForm, about)
