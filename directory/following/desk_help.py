"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="bestellungen",
        title=_("Bestellungen der Neuigkeiten"),
        about=_("Hier stehen alle, die Neuigkeiten per E-Mail bestellt haben. E-Mails bekommt nur, wer die Adresse bestätigt hat."),
        how=_("Hier ist meistens nichts zu tun. Bittet jemand darum, löschen Sie die Zeile: Dann geht keine E-Mail mehr dorthin."),
        pages=("following_subscription",),
        place=380,
        permission="following.view_subscription",
    )
)  # fmt: skip
