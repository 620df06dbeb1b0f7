"""The ledger of what was erased, for the record of processing activities."""

from datetime import timedelta

from django.conf import settings

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=320,
        key="erasures",
        title="Merkliste dessen, was gelöscht wurde",
        side=Side.TRAEGER,
        purpose=(
            "Nach dem Rückspielen einer Sicherung wird erneut gelöscht, was seitdem gelöscht wurde."
            " Die Liste enthält nur Prüfsummen mit einem Schlüssel des Quartiers, keine Namen und"
            " keine Adressen (pseudonym, Art. 4 Nr. 5 DSGVO)."
        ),
        # Art. 17 GDPR has to hold after a restore as well.
        basis=Basis.SECURITY,
        people=("Menschen, deren Angaben gelöscht wurden",),
        models=("erasures.erasure",),
        readers=("niemand; die Anwendung vergleicht",),
        terms=(
            Term(
                "Zeile der Merkliste", timedelta(days=settings.WIQ_LEDGER_DAYS), "nach dem Löschen",
                eraser="tenants.lifecycle.tasks.nightly",
            ),
            Term("dieselbe Zeile im Quartier", None, until="so lange wie das Quartier"),
        ),
        besides=("Prüfsumme der Adresse oder Nummer, Art und Zeitpunkt des Löschens",),
    )
)  # fmt: skip
