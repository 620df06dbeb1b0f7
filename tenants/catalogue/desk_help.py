"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="nachmachen",
        title=_("Zum Nachmachen"),
        about=_("Hier stehen Lösungsteams anderer Quartiere, die sich zum Nachmachen anbieten. Sie übernehmen die Idee, nicht die Menschen."),
        how=_("Suchen Sie etwas aus und drücken Sie den Knopf: Bei Ihnen entsteht ein Entwurf. Schreiben Sie ihn um, bis er zu Ihrem Quartier passt."),
        pages=("catalogue_desk",),
        place=400,
    )
)  # fmt: skip
