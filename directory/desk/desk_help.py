"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="heute",
        title=_("Heute"),
        about=_("Hier steht, was Sie gerade tun können. Wer am längsten wartet, steht oben."),
        how=_("Drücken Sie den Knopf neben der Zeile: Er führt dorthin, wo Sie es erledigen. Was erledigt ist, verschwindet von selbst."),
        pages=("desk_today",),
        place=100,
    )
)  # fmt: skip
helps.register(
    Help(
        key="posteingang",
        title=_("Posteingang"),
        about=_("Hier liegen alle Anfragen und Ideen aus dem Quartier. Die Ansichten oben zeigen, wer als Nächstes etwas tun muss."),
        how=_("Öffnen Sie eine Zeile, um zu lesen und zu antworten. Mehrere kreuzen Sie an und drücken dann einen Knopf darunter. Die Suche oben findet Wörter, Namen, Adressen, Telefonnummern und die Nummer der Anfrage."),
        pages=("desk_inbox",),
        place=110,
        permission="conversations.view_conversation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="brief",
        title=_("Eine Anfrage beantworten"),
        about=_("Sie lesen zuerst, was die Person geschrieben hat und was seitdem geschah. Ihre Antwort geht per E-Mail an die Person, und das Team sieht sie hier."),
        how=_("Wählen Sie eine Vorlage oder schreiben Sie selbst. Dann drücken Sie „Antwort senden“. Hat die Person nur eine Telefonnummer angegeben, rufen Sie an und drücken danach „Gespräch notieren“."),
        pages=("desk_letter",),
        place=120,
        permission="conversations.view_conversation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="anruf",
        title=_("Anruf oder Besuch aufschreiben"),
        about=_("Hier schreiben Sie auf, was jemand am Telefon oder an der Tür gesagt hat. Daraus wird eine Anfrage oder Idee wie jede andere."),
        how=_("Wählen Sie, wie es zu Ihnen kam und ob es eine Anfrage oder eine Idee ist. Ein Name und eine Telefonnummer genügen."),
        pages=("desk_call",),
        place=130,
        permission="contact.add_contactrequest",
    )
)  # fmt: skip
helps.register(
    Help(
        key="alles",
        title=_("Alles, was Sie hier ändern können"),
        about=_("Diese Seite führt zu allen Listen und Einstellungen. Sie sehen nur, was Sie mit Ihrem Konto ändern dürfen."),
        how=_("Wählen Sie den Bereich, den Sie suchen. Ihr Passwort und das Abmelden finden Sie unten bei Ihrem Namen."),
        pages=("desk_everything", "app_list",),
        place=140,
    )
)  # fmt: skip
helps.register(
    Help(
        key="leitfaden",
        title=_("Leitfaden"),
        about=_("Der Leitfaden führt Schritt für Schritt bis zu den öffentlichen Seiten. Er zeigt, was fertig ist und was noch fehlt."),
        how=_("Beginnen Sie oben und füllen Sie einen Schritt nach dem anderen aus. Sie können jederzeit aufhören und später weitermachen."),
        pages=("guide", "guide_step",),
        place=150,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="personendaten",
        title=_("Persönliche Angaben zeigen oder löschen"),
        about=_("Jede Person darf wissen, was wir über sie gespeichert haben, und es löschen lassen. Diese Seite sucht alles zu einer E-Mail-Adresse."),
        how=_("Geben Sie die Adresse ein und sehen Sie nach, was gefunden wird. Löschen Sie erst, wenn Sie sicher sind, dass die Person selbst darum bittet."),
        pages=("personal_data",),
        place=160,
        permission="contact.view_contactrequest",
    )
)  # fmt: skip
helps.register(
    Help(
        key="weitergeben",
        title=_("Weitergeben"),
        about=_("Können Sie sich nicht kümmern, geben Sie die Anfrage an jemanden aus dem Team oder an ein anderes Team. In ein anderes Quartier geht sie erst, wenn die Person zugestimmt hat."),
        how=_("Öffnen Sie „Weitergeben“, wählen Sie, wer helfen kann, und drücken Sie den Knopf. An eine Behörde schreiben Sie selbst, ohne Namen und Adresse der Person. Was die Behörde antwortet, liest nur das Team."),
        pages=("desk_hand_on",),
        place=122,
        permission="conversations.view_conversation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="wartet",
        title=_("E-Mails, die auf Sie warten"),
        about=_("Wer auf eine unserer E-Mails antwortet, schreibt in die Anfrage hinein. Passt die Absenderadresse nicht, wartet die E-Mail hier."),
        how=_("Lesen Sie, ob die E-Mail dazugehört. Dann drücken Sie „Gehört zu dieser Anfrage“, sonst „Weglegen“: Damit ist sie gelöscht. Kommt sie von einer Behörde, an die Sie geschrieben haben, drücken Sie „Als Antwort der Behörde eintragen“."),
        pages=("desk_held",),
        place=124,
        permission="conversations.view_conversation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="fristen",
        title=_("Rechtzeitig antworten"),
        about=_("Alle, die schreiben, lesen, bis wann Sie sich melden möchten. Wartet etwas zu lange, erinnern wir zuerst die Person, die sich kümmert, dann die ganze Koordination, dann das Projektteam."),
        how=_("Im Leitfaden bei „Postfach für Anfragen“ ändern Sie, in wie vielen Werktagen Sie antworten."),
        pages=(),
        place=126,
        permission="conversations.view_conversation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="abwesend",
        title=_("Nicht da sein"),
        about=_("Wer im Urlaub oder krank ist, bekommt nichts Neues. Was noch offen ist, geht an die Vertretung oder zurück an alle."),
        how=_("Öffnen Sie „Alles“, dann „Ich bin nicht da“, und wählen Sie den Tag, an dem Sie wieder da sind."),
        pages=("desk_away",),
        place=132,
        permission="conversations.view_conversation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="zahlen",
        title=_("Zahlen"),
        about=_("Hier steht, wie viele Anfragen und Ideen kamen, und wie viele Sie rechtzeitig beantwortet haben. Namen stehen nicht darin."),
        how=_("Öffnen Sie „Zahlen“ unter „Alles“ und holen Sie die Tabelle für Ihren Bericht."),
        pages=("desk_figures",),
        place=134,
        permission="conversations.view_conversation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="webhooks",
        title=_("Webhooks"),
        about=_("Ein Webhook sagt einem anderen Programm, dass eine Anfrage gekommen ist. Namen und Nachrichten gehen nicht mit."),
        how=_("Tragen Sie die Adresse ein, kopieren Sie den Schlüssel und drücken Sie „Probe senden“."),
        pages=("desk_webhooks",),
        place=136,
        permission="webhooks.view_webhook",
    )
)  # fmt: skip
