"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="konten",
        title=_("Konten"),
        about=_("Hier stehen alle, die sich in Ihrer Koordination anmelden können. Die Rolle sagt, was jemand sehen und ändern darf."),
        how=_("Öffnen Sie ein Konto, um die Rolle zu ändern oder das Konto zu sperren. Neue Menschen laden Sie unter „Einladungen“ ein."),
        pages=("accounts_user",),
        place=420,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="einladungen",
        title=_("Einladungen"),
        about=_("Mit einer Einladung bekommt jemand ein eigenes Konto. Der Link darin gilt nur für diese Adresse und nur für begrenzte Zeit."),
        how=_("Geben Sie Adresse und Rolle ein und speichern Sie. Kommt die E-Mail nicht an, nehmen Sie die Einladung zurück und schreiben eine neue."),
        pages=("accounts_invitation",),
        place=430,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="schluessel",
        title=_("Schlüssel für Programme"),
        about=_("Ein Schlüssel lässt ein Programm lesen oder schreiben, was das Konto darf. Diese Liste zeigt, welche es gibt und wann sie benutzt wurden."),
        how=_("Kennen Sie einen Schlüssel nicht, löschen Sie ihn: Er gilt dann sofort nicht mehr. Neue Schlüssel macht, wer die Plattform betreibt."),
        pages=("accounts_apitoken",),
        place=440,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
helps.register(
    Help(
        key="protokoll",
        title=_("Protokoll"),
        about=_("Das Protokoll zeigt, wer wann was geändert hat. Niemand kann es ändern."),
        how=_("Suchen Sie nach einem Tag oder einem Namen. Was Menschen geschrieben haben, steht hier nicht."),
        pages=("audit_entry",),
        place=450,
        permission="audit.view_entry",
    )
)  # fmt: skip
helps.register(
    Help(
        key="e-mails",
        title=_("E-Mails, die nicht ankommen"),
        about=_("Hier stehen die E-Mails, die nicht ankommen, mit Adresse und Grund. Kommt alles an, ist die Liste leer."),
        how=_("Öffnen Sie eine Zeile. Berichtigen Sie die Adresse oder drücken Sie „Noch einmal senden“."),
        pages=("mail_message",),
        place=460,
        permission="mail.view_message",
    )
)  # fmt: skip
helps.register(
    Help(
        key="adressen",
        title=_("Adressen, an die nichts ankommt"),
        about=_("Von diesen Adressen kamen E-Mails immer wieder zurück. Deshalb schicken wir dorthin nichts mehr von selbst."),
        how=_("Fragen Sie die Person am Telefon nach der richtigen Adresse. Stimmt die Adresse doch, öffnen Sie die Zeile und drücken Sie dort den Knopf."),
        pages=("mail_refusedaddress",),
        place=470,
        permission="mail.view_refusedaddress",
    )
)  # fmt: skip
helps.register(
    Help(
        key="maildoktor",
        title=_("Kommen unsere E-Mails an?"),
        about=_("Diese Seite prüft, ob E-Mails Ihres Quartiers gut ankommen. Sie sagt, was fehlt und wer es ändern kann."),
        how=_("Lesen Sie, was neben den Ausrufezeichen steht. Schicken Sie es der Person, die Ihre Domain betreut."),
        pages=("mail_doctor",),
        place=480,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
