"""What is written at the invented meetings: plain, short, and about what to do."""

from fitsvc.domain.follow_up import DeviationReason
from fitsvc.domain.meeting import Decision, Visibility
from fitsvc.domain.rater import RaterRole

DECISION_REASONS: dict[Decision, tuple[str, ...]] = {
    Decision.CONTINUE: (
        "Det går den rigtige vej, og familien vil gerne fortsætte på samme måde.",
        "Vi er godt i gang med målene og holder fast i aftalerne.",
        "Kurven følger det, vi håbede på. Vi bliver ved.",
    ),
    Decision.ADJUST: (
        "Skolen og hjemmet ser det forskelligt. Vi bruger mere tid på skoledagen.",
        "Morgenerne fylder mest nu. Vi flytter to af samtalerne til om morgenen.",
        "Vi mødes kortere og oftere, fordi det passer familien bedre.",
    ),
    Decision.END: ("Målet er nået, og familien klarer sig nu med egne kræfter og netværk.",),
}

HEARD_PRESENT = (
    "Var med hele mødet og fortalte ud fra sin egen kurve.",
    "Var med den første halve time og valgte selv, hvad vi talte om først.",
)
HEARD_BEFORE = (
    "Talte med kontaktpersonen dagen før og bad om, at det blev sagt på mødet.",
    "Tegnede ugen sammen med familiebehandleren, og tegningen lå på bordet.",
)
HEARD_BY_RATING = ("Ville ikke med, men sagde ja til, at vi så på kurven.",)
NOT_HEARD = "Er for lille til at svare selv. Forældre og dagtilbud fortalte, hvad de ser."

NEXT_REASONS = (
    "Så har vi haft tid til at prøve det nye af.",
    "Så ved vi, hvordan ugerne efter ferien er gået.",
    "Det er den dag, der passer både dig, far eller mor og din lærer.",
)

AGREEMENTS: tuple[tuple[str, str], ...] = (
    ("Sende en kort besked til hjemmet hver fredag om ugen i skolen", "Skolen"),
    ("Lægge telefonerne i køkkenet klokken 21", "Hele familien"),
    ("Aftale en fast voksen, man kan gå til i frikvarteret", "Skolen"),
    ("Gå en tur sammen hver søndag", "Forælder og barn"),
    ("Tale med klubben om en plads om torsdagen", "Familiebehandleren"),
    ("Ringe til PPR og høre om ventetiden", "Rådgiveren"),
    ("Skrive en plan for de svære morgener og hænge den op", "Familiebehandler og barn"),
    ("Spørge mormor, om hun vil hente om tirsdagen", "Forælderen"),
)
HOW_IT_WENT = (
    "Det lykkedes de fleste uger.",
    "Gjort, og det hjalp.",
    "Gik i gang senere end aftalt, men kører nu.",
    "Det blev til hver anden uge, og det var nok.",
)

GOAL_STATUSES = (
    "Det går fremad: de sidste tre uger er det lykkedes de fleste dage. Mandagene er stadig svære.",
    "Vi øver det hver gang, vi ses. Det lykkes oftere, når alle kender planen på forhånd.",
    "Der er sket lidt. Vi prøver en ny måde de næste uger.",
)

WISHES: dict[RaterRole, tuple[tuple[str, Visibility], ...]] = {
    RaterRole.CHILD: (
        ("Jeg vil gerne tale om, hvornår jeg kan sove hos min kammerat.", Visibility.MEETING),
        ("Kan vi tale om frikvartererne?", Visibility.MEETING),
        ("Jeg vil ikke have, at mødet varer så længe.", Visibility.PRACTITIONER),
    ),
    RaterRole.PARENT: (
        ("Hvad gør vi, når det er svært om aftenen? Helst først os voksne.", Visibility.PRACTITIONER),
        ("Hvordan kan skolen og vi hurtigere give besked til hinanden?", Visibility.MEETING),
        ("Vi vil gerne høre, hvad I tænker om det næste halve år.", Visibility.MEETING),
    ),
}

POINT_NOTES: tuple[tuple[str, Visibility], ...] = (
    ("Den dag var jeg bare træt.", Visibility.ONLY_ME),
    ("Der havde vi lige skændtes om skolen.", Visibility.PRACTITIONER),
    ("Her fik jeg mit eget værelse.", Visibility.MEETING),
)

FREE_ITEM = "Den næste ferie: hvem er hvor hvornår?"
HELPED = "At vi havde en fast plan, og at alle kendte den. At nogen spurgte hver uge."
IF_HARDER = "Ring til jeres rådgiver, eller tal med læreren først. Planen hænger stadig på køleskabet."

LATE: tuple[tuple[DeviationReason, str], ...] = (
    (DeviationReason.PARTICIPANTS, "Flyttet, så begge forældre kunne være med"),
    (DeviationReason.ABSENCE, "Læreren var syg, og uden skolen gav mødet ikke mening"),
    (DeviationReason.FAMILY_WISH, "Familien bad om et par dage mere efter en flytning"),
)
CLOSING = (DeviationReason.GOING_WELL, "Målene er nået, så vi mødes før og slutter")
LATER_ASKED = (
    DeviationReason.GOING_WELL,
    "Familien har fået ro på, og der er prøver på skolen i ugerne op til. Alle vil hellere mødes bagefter.",
)
LATER_APPROVED = "I orden. Ring, hvis det bliver sværere før mødet."

ABOUT_GOALS = "Målet var for stort til hverdagen. Vi deler det i to mindre."
ABOUT_METHOD = "Samtalerne fyldte for meget. Vi gør noget sammen i stedet."
ABOUT_RELATION = "Vi talte om, hvordan vi har det sammen. Det hjalp at sige det højt."
ABOUT_LIFE = "Der er sket meget derhjemme i de samme uger. Det tager vi hensyn til."
