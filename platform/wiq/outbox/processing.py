"""How often mailboxes are written to, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=250,
        key="budget",
        title="Schutz vor unerwünschten E-Mails",
        side=Side.PLATFORM,
        purpose=(
            "Niemand soll fremde Postfächer mit Bestätigungen überhäufen: gezählt wird, wie oft"
            " eine Adresse heute angeschrieben wurde, über alle Quartiere. Gespeichert ist nur eine"
            " Prüfsumme der Adresse (pseudonym, Art. 4 Nr. 5 DSGVO)."
        ),
        basis=Basis.SECURITY,
        people=("Menschen, deren Adresse in ein Formular eingetragen wird",),
        models=("outbox.mailbox",),
        readers=("niemand; die Anwendung vergleicht",),
        terms=(
            Term(
                "Prüfsumme", None, until="bis zur Nacht nach dem Tag, an dem zuletzt geschrieben wurde",
                eraser="tenants.console.tasks.nightly",
            ),
        ),
        besides=("Prüfsumme der Adresse, Zeitpunkte der E-Mails",),
    )
)  # fmt: skip
