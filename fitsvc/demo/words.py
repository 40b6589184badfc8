"""What the invented people write."""

from fitsvc.domain.instrument import Kind
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole

COMMENTS: dict[tuple[Kind, bool], tuple[str, ...]] = {
    (Kind.WELLBEING, True): (
        "Det har været en god uge, fordi jeg var til fødselsdag.",
        "Jeg sover dårligt igen.",
        "Matematik er stadig svært, men idræt var godt.",
        "Vi skændtes om telefonen i weekenden.",
        "Jeg var med til fodbold for første gang længe.",
        "Ikke noget særligt, det er bare sådan en uge.",
        "Jeg vil gerne tale om min søster næste gang.",
    ),
    (Kind.WELLBEING, False): (
        "Morgenerne går bedre, aftenerne er stadig svære.",
        "Der var en dårlig episode i weekenden, ellers rolig uge.",
        "Vi har holdt fast i den nye sengetid.",
        "Det er svært at vide, hvad der fylder for tiden.",
        "Bedsteforældrene har hjulpet meget i denne uge.",
        "Lektierne giver stadig ballade næsten hver dag.",
        "Første uge uden opkald fra skolen.",
    ),
    (Kind.SESSION, True): (
        "Det var rart, at vi gik en tur imens.",
        "Vi talte lidt for længe om skolen.",
        "Jeg vil gerne tegne næste gang.",
        "Jeg kunne godt lide, at mor ventede udenfor.",
        "Det gik lidt hurtigt til sidst.",
    ),
    (Kind.SESSION, False): (
        "Godt at få noget konkret med hjem.",
        "Jeg nåede ikke at sige det vigtigste.",
        "Det hjalp, at vi talte hver for sig først.",
        "Vi vil gerne have aftalen på skrift.",
        "Mere tid til spørgsmål til sidst, tak.",
    ),
    (Kind.SAFETY, False): ("Jeg er mere rolig end sidst.", "Der er stadig aftener, jeg er i tvivl om."),
}

ALARMING = "Der var meget råben ved aflevering i går, og barnet ville ikke med hjem. Kan I ringe til mig?"

PURPOSES: dict[Kind, str] = {
    Kind.WELLBEING: "Se om indsatsen gør hverdagen bedre, set herfra",
    Kind.TALK: "Noget at tale ud fra, ikke en måling",
    Kind.SESSION: "Gøre næste møde bedre",
    Kind.GOAL: "Holde øje med familiens egne mål",
    Kind.SAFETY: "Opdage i tide, hvis hverdagen bliver utryg",
    Kind.RULER: "Rådgiverens samlede vurdering til opfølgningen",
}

SHARING_BASIS = "Aftalt med forældremyndighedens indehaver på netværksmødet"
SHARING_SCOPE = "Egne svar til sagens team og opfølgningsmødet; skolen ser ikke andres svar"


def rhythm(role: RaterRole, kind: Kind, every_weeks: int) -> Rhythm:
    """How often, in the words of a plan."""
    if kind is Kind.SESSION or (role is RaterRole.CHILD and kind in {Kind.WELLBEING, Kind.TALK}):
        return Rhythm.EVERY_SESSION
    if kind in {Kind.GOAL, Kind.SAFETY}:
        return Rhythm.MONTHLY
    weeks = {1: Rhythm.WEEKLY, 2: Rhythm.EVERY_TWO_WEEKS, 4: Rhythm.MONTHLY}
    return weeks.get(every_weeks, Rhythm.BEFORE_MEETING)
