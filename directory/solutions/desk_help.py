"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="loesungsteams",
        title=_("Lösungsteams"),
        about=_("Hier stehen die Lösungsteams mit Stand, Fokus und Neuigkeiten. Ein Entwurf ist noch nicht öffentlich."),
        how=_("Öffnen Sie ein Lösungsteam und ergänzen Sie Herausforderung und Lösungsansatz. Den Stand ändern Sie mit den Knöpfen oben, immer mit einem Grund."),
        pages=("solutions_solutionteam",),
        place=330,
    )
)  # fmt: skip
helps.register(
    Help(
        key="fokusthemen",
        title=_("Fokusthemen"),
        about=_("Ein Fokus sagt, worum es einem Lösungsteam geht. Nach dem Fokus suchen Menschen in der Liste der Lösungsteams."),
        how=_("Legen Sie nur neue Themen an, wenn keines passt. Wenige gute Themen helfen mehr als viele."),
        pages=("solutions_topic",),
        place=340,
    )
)  # fmt: skip
helps.register(
    Help(
        key="suchwoerter",
        title=_("Wörter für die Suche"),
        about=_("Menschen suchen mit ihren eigenen Worten. Hier steht, welche Wörter dasselbe meinen, damit die Suche trotzdem etwas findet."),
        how=_("Schreiben Sie Wörter mit derselben Bedeutung in eine Zeile, mit Komma dazwischen. Speichern Sie, und suchen Sie zur Probe."),
        pages=("solutions_synonyms",),
        place=350,
    )
)  # fmt: skip
