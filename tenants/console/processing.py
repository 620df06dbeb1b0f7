"""Alarms at the console, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=230,
        key="alarms",
        title="Was im Betrieb zu tun ist",
        side=Side.PLATFORM,
        purpose="Im Projektteam absprechen, wer sich um eine Störung kümmert.",
        basis=Basis.INTEREST,
        people=("Menschen aus dem Projektteam",),
        models=("console.alarm",),
        readers=("Projektteam",),
        terms=(Term("Eintrag", None, until="bis die Störung behoben ist"),),
    )
)
