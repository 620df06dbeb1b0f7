"""How the log reads what happens to the starter kit."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("kit.loaded", _("%(who)s hat das Startpaket geladen: %(what)s.")),
    Sentence("kit.begun", _("%(who)s hat am Startpaket begonnen: %(what)s.")),
    Sentence("kit.released", _("%(who)s hat das Startpaket veröffentlicht: %(what)s.")),
    Sentence("kit.version_saved", _("%(who)s hat im Startpaket gespeichert: %(what)s.")),
    Sentence("kit.item_saved", _("%(who)s hat im Startpaket gespeichert: %(what)s.")),
    Sentence("kit.item_removed", _("%(who)s hat aus dem Startpaket genommen: %(what)s.")),
    Sentence("kit.left", _("%(who)s hat etwas aus dem Startpaket nicht übernommen: %(key)s.")),
)
