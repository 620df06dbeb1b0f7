"""The organisations behind districts and platform, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=210,
        key="operators",
        title="Ansprechpersonen der Träger",
        side=Side.PLATFORM,
        purpose=(
            "Wissen, wer für ein Quartier verantwortlich ist; daraus entstehen Impressum und"
            " Datenschutzhinweise (§ 5 DDG, § 18 Abs. 2 MStV, Art. 13 DSGVO)."
        ),
        basis=Basis.CONTRACT,
        people=("Menschen, die einen Träger vertreten oder für ihn erreichbar sind",),
        models=("districts.operator", "districts.platformoperator"),
        readers=("alle: das Impressum ist öffentlich", "Projektteam"),
        terms=(Term("Angaben", None, until="so lange wie der Träger ein Quartier hat"),),
    )
)
