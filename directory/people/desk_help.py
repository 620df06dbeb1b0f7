"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="teams",
        title=_("Teams"),
        about=_("Hier stehen die Teams, die WiQ in Ihrem Quartier tragen, mit ihren Mitgliedern und Sitzen. Was Sie speichern, steht gleich auf der Seite „Menschen“."),
        how=_("Öffnen Sie ein Team, ändern Sie den Text und fügen Sie unten Menschen hinzu. Ein Team ohne Häkchen bei „veröffentlicht“ sieht nur die Koordination."),
        pages=("people_team",),
        place=300,
    )
)  # fmt: skip
helps.register(
    Help(
        key="menschen",
        title=_("Menschen"),
        about=_("Hier stehen die Menschen, die mitmachen. Öffentlich ist nur, wer eingewilligt hat."),
        how=_("Legen Sie eine Person an und schreiben Sie ein paar Sätze über sie. Fragen Sie die Person dann, ob Sie das zeigen dürfen."),
        pages=("people_person",),
        place=310,
    )
)  # fmt: skip
helps.register(
    Help(
        key="einwilligungen",
        title=_("Einwilligungen"),
        about=_("Eine Einwilligung hält fest, dass eine Person gezeigt werden möchte. Ohne sie steht die Person auf keiner Seite."),
        how=_("Fragen Sie die Person und tragen Sie ein, wann und wie sie zugestimmt hat. Widerruft die Person, drücken Sie „Widerruf eintragen“: Das gilt sofort."),
        pages=("people_consent",),
        place=320,
        permission="people.view_consent",
    )
)  # fmt: skip
