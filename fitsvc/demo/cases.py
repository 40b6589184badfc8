"""The demo's cases: every kind of course the service must be able to show, each with its own small story."""

from fitsvc.demo.patterns import Pattern
from fitsvc.demo.plots import (
    EarlierEpisode,
    EventPlot,
    GoalPlot,
    Plot,
    Voice,
    child,
    parent,
    pedagogue,
    ruler,
    teacher,
)
from fitsvc.domain.cadence import Interval
from fitsvc.domain.law import MeasureType as M
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode

SCHOOL_GOAL = GoalPlot("Jeg kommer i skole hver dag", 2, 8, 7)
SLEEP_GOAL = GoalPlot("Jeg sover om natten", 3, 7, 6)
TALK_GOAL = GoalPlot("Vi taler pænt til hinanden, når vi er uenige", 2, 7, 5)

CASES: tuple[Plot, ...] = (
    Plot("Ravn", Pattern.IMPROVING, 14.5, 44, M.PREVENTIVE, "hvidovre", "Ro derhjemme og flere dage i skole", (
        child("Ravn Vindmark", "rising", also=("session", "goal")),
        parent("Alva Vindmark", "steady", also=("session", "goal")),
        teacher("Ejner Tavlesen", "slowly_up", "8.a", unseen=("home",)),
    ), goals=(SCHOOL_GOAL, TALK_GOAL), expectations=True, meeting_soon=True, own_curve=True, events=(
        EventPlot(31, "school", "Skiftede til en mindre klasse"), EventPlot(12, "home", "Fik eget værelse"),
    )),
    Plot("Mynte", Pattern.STUCK, 11.3, 30, M.PREVENTIVE, "haderslev", "Færre konflikter om eftermiddagen", (
        child("Mynte Lyskær", "level_low"),
        parent("Torben Lyskær", "level_low", also=("session",)),
        teacher("Sif Kridtgaard", "slowly_up", "5.b"),
    ), caseworker="runa", goals=(TALK_GOAL,), answered_step="Vi prøver en anden familiebehandler fra næste uge."),
    Plot("Storm", Pattern.DETERIORATING_CONFIRMED, 15.2, 26, M.INTENSIVE_PREVENTIVE, "hvidovre",
         "Storm skal have en hverdag, der hænger sammen", (
        child("Storm Havregaard", "falling", every=1),
        parent("Jytte Havregaard", "falling", also=("safety",)),
        teacher("Otto Passersen", "slowly_up", "9.c", unseen=("home", )),
        ruler("Malthe Eksempelholm", "falling"),
    ), practitioner="bjarke", events=(EventPlot(9, "family", "Bedstefar blev alvorligt syg"),)),
    Plot("Lærke", Pattern.DETERIORATING_UNCONFIRMED, 12.2, 22, M.PREVENTIVE, "herning", "Støtte efter skilsmissen", (
        child("Lærke Bjergsø", "one_low"),
        parent("Kirsten Bjergsø", "steady", also=("session",)),
        teacher("Ulla Linealsen", "steady", "6.a"),
    ), caseworker="runa"),
    Plot("Birk", Pattern.SIGNAL_ANSWERED, 14.4, 32, M.PREVENTIVE, "haderslev", "Mindre uro og mere søvn", (
        child("Birk Solstrand", "dip_and_turn"),
        parent("Ditte Solstrand", "dip_and_turn", also=("session",)),
        teacher("Frode Kladdesen", "steady", "8.c"),
    ), practitioner="bjarke", goals=(SLEEP_GOAL,),
       answered_step="Samtale med Birk og lærer: fast voksen hver morgen, ny vurdering om fire uger."),
    Plot("Saga", Pattern.SAW_TOOTH, 16.3, 36, M.INTENSIVE_PREVENTIVE, "hvidovre", "Holde fast i uddannelse", (
        child("Saga Klintø", "saw_tooth"),
        parent("Rolf Klintø", "steady"),
        teacher("Asta Pensumgaard", "steady", "10. klasse"),
    ), practitioner="bjarke", caseworker="runa"),
    Plot("Fjord", Pattern.READY_TO_END, 12.4, 34, M.PREVENTIVE, "herning", "Bedre kammeratskaber", (
        child("Fjord Enghave", "reaching_target", target=6.5),
        parent("Nanna Enghave", "reaching_target", target=6.5, also=("session",)),
        teacher("Børge Frikvarter", "reaching_target", "6.b", missed=(0,)),
    ), goals=(GoalPlot("Jeg har en at lege med i frikvarteret", 3, 8, 8),)),
    Plot("Sol", Pattern.ABOVE_FROM_START, 10.4, 20, M.PREVENTIVE, "hvidovre", "Støtte mens mor er syg", (
        child("Sol Kastanje", "high"),
        parent("Grethe Kastanje", "high"),
        teacher("Vilfred Viskesen", "high", "4.a"),
    ), practitioner="bjarke", later_asked=True),
    Plot("Elv", Pattern.NEW_ONE_SCORE, 9.5, 1, M.PREVENTIVE, "haderslev", "Finde ud af, hvad der er svært", (
        child("Elv Tågelund", "level_low"),
        parent("Hedvig Tågelund"),
        teacher("Knud Stilesen", setting="3.a"),
    ), caseworker="runa"),
    Plot("Tue", Pattern.NO_RATINGS_YET, 14.2, 0, M.INTENSIVE_PREVENTIVE, "hvidovre", "Ny indsats efter flytning", (
        child("Tue Nyborggaard"),
        parent("Sigrid Nyborggaard"),
    ), practitioner="bjarke"),
    Plot("Vilje", Pattern.DISAGREEMENT, 11.5, 24, M.PREVENTIVE, "haderslev", "Samme regler hjemme og i skolen", (
        child("Vilje Stjernholm", "steady"),
        parent("Inger Stjernholm", "fine_at_home", also=("session",)),
        teacher("Palle Ringeklokke", "low_at_school", "5.a", every=2),
    ), caseworker="runa", goals=(TALK_GOAL,)),
    Plot("Klit", Pattern.MISSING_RATINGS, 15.4, 44, M.PREVENTIVE, "hvidovre", "Tilbage til fritidslivet", (
        child("Klit Marehalm", "slowly_up", missed=(0, 1, 6, 7, 8, 9)),
        parent("Bente Marehalm", "slowly_up", missed=(0, 1, 2, 3)),
        teacher("Egon Sløjdsen", "steady", "9.a", missed=(1, 2)),
    ), practitioner="bjarke"),
    Plot("Skye", Pattern.FORM_CHANGE_AT_13, 13.4, 44, M.PREVENTIVE, "herning", "Støtte til hele familien", (
        child("Skye Rosenlund", "rising"),
        parent("Laila Rosenlund", "steady", also=("session",)),
        teacher("Mogens Atlasgaard", "slowly_up", "7.b"),
    )),
    Plot("Asp", Pattern.FOSTER_CHILD, 10.5, 60, M.PLACEMENT_FOSTER_FAMILY, "herning", "Et trygt hjem at vokse op i", (
        child("Asp Solhøj", "slowly_up", also=("session", "goal")),
        Voice(RaterRole.FOSTER_PARENT, "Karla Varmegaard", "rising", setting="plejefamilien", also=("session",)),
        Voice(RaterRole.FOSTER_PARENT, "Svend Varmegaard", "steady", every=4, setting="plejefamilien"),
        parent("Mona Solhøj", "slowly_up", every=4, setting="samvær"),
        teacher("Gunvor Orden", "slowly_up", "4.c"),
        ruler("Runa Skitsegaard"),
    ), caseworker="runa", goals=(GoalPlot("Jeg ved, hvornår jeg skal se min mor", 3, 9, 8),),
       answered_step="Fast besøgsplan aftalt med mor og plejefamilie."),
    Plot("Havre", Pattern.EARLY_HELP_S30, 8.7, 18, M.EARLY_HELP_S30, "haderslev", "Råd og vejledning til forældrene", (
        child("Havre Muldgaard", "steady", also=("session",)),
        parent("Pernille Muldgaard", "steady", also=("session",)),
        pedagogue("Leif Klodskov", "steady", "SFO", unseen=("home",)),
    ), chosen=Interval(weeks=8)),
    Plot("Ask", Pattern.SIBLINGS, 9.4, 28, M.PREVENTIVE, "hvidovre", "Faste rammer for begge børn", (
        child("Ask Tvillingholm", "steady"),
        parent("Merete Tvillingholm", "steady", person="merete", also=("session",)),
        teacher("Signe Formelsen", "slowly_up", "3.c"),
    ), caseworker="runa"),
    Plot("Eg", Pattern.SIBLINGS, 14.6, 28, M.PREVENTIVE, "hvidovre", "Faste rammer for begge børn", (
        child("Eg Tvillingholm", "level_low"),
        parent("Merete Tvillingholm", "slowly_up", person="merete", also=("session",)),
        teacher("Poul Brøkgaard", "slowly_up", "8.b"),
    ), caseworker="runa"),
    Plot("Tang", Pattern.CLOSED_CASE, 12.6, 44, M.PREVENTIVE, "herning", "Ro om lektier og sengetid", (
        child("Tang Vestersø", "reaching_target", target=6.5),
        parent("Aksel Vestersø", "reaching_target", target=6.5),
        teacher("Ruth Glosehøj", "steady", "6.c"),
    ), ended=6, goals=(GoalPlot("Jeg laver lektier uden skænderi", 2, 8, 9),), in_journal=True),
    Plot("Pil", Pattern.UNDER_SIX, 3.5, 24, M.PREVENTIVE, "haderslev", "Støtte til samspil og leg", (
        parent("Esther Bæklund", "slowly_up", also=("session",)),
        pedagogue("Vigga Sandkassen", "steady", "Dagtilbuddet Regnbuen", every=2),
        Voice(RaterRole.HEALTH_VISITOR, "Tove Vægtholm", "steady", every=6, setting="hjemmebesøg"),
    ), practitioner="bjarke"),
    Plot("Knop", Pattern.TALK_FORM, 7.0, 16, M.PREVENTIVE, "herning", "Tryghed i skolestarten", (
        child("Knop Morgendal", "steady", also=(), mode=Mode.READ_ALOUD),
        parent("Yrsa Morgendal", "steady", also=("session",)),
        pedagogue("Karl Legehus", "slowly_up", "SFO", unseen=("home",)),
    ), caseworker="runa"),
    Plot("Rim", Pattern.EXTERNAL_PROVIDER, 16.4, 28, M.INTENSIVE_PREVENTIVE, "hvidovre", "Kontaktperson om aftenen", (
        child("Rim Nattergal", "rising"),
        parent("Dagmar Nattergal", "steady", also=("session",)),
        Voice(RaterRole.PRACTITIONER, "Tilde Påfund", "slowly_up", every=4, setting="Sivsøens Familieværk"),
    ), practitioner="tilde", goals=(GoalPlot("Jeg er hjemme klokken 22 på hverdage", 1, 8, 6),)),
    Plot("Kvist", Pattern.GOALS_RATED, 14.3, 30, M.PREVENTIVE, "herning", "Nå de tre mål i planen", (
        child("Kvist Bøgeskov", "rising", also=("session", "goal")),
        parent("Randi Bøgeskov", "steady", also=("goal",)),
        teacher("Hans Penalhus", "steady", "8.d", also=("goal",)),
    ), practitioner="bjarke", goals=(SCHOOL_GOAL, SLEEP_GOAL, GoalPlot("Jeg går til fodbold om tirsdagen", 0, 10, 8))),
    Plot("Dis", Pattern.LOW_SAFETY, 9.6, 20, M.INTENSIVE_PREVENTIVE, "haderslev", "Tryghed i hverdagen", (
        child("Dis Mosegaard", "slowly_up"),
        parent("Bodil Mosegaard", "slowly_up", also=("safety",)),
        teacher("Anker Skoleskov", "slowly_up", "3.d", also=("safety",)),
    ), low_safety=True),
    Plot("Grøn", Pattern.SECOND_EPISODE, 15.5, 18, M.INTENSIVE_PREVENTIVE, "hvidovre", "Mere hjælp end sidst", (
        child("Grøn Humleby", "rising"),
        parent("Kaja Humleby", "steady", also=("session",)),
        teacher("Flemming Fagbog", "slowly_up", "9.b"),
    ), practitioner="bjarke", caseworker="runa", earlier=EarlierEpisode(
        50, 22, M.PREVENTIVE, "external", "Støtte i hjemmet")),
    Plot("Flint", Pattern.EXTERNAL_SERIES, 14.7, 30, M.PREVENTIVE, "haderslev", "Mindre fravær fra skolen", (
        child("Flint Granbo", "rising"),
        parent("Herdis Granbo", "slowly_up"),
        teacher("Jonna Registersen", "slowly_up", "8.e"),
        ruler("Malthe Eksempelholm", "rising"),
    ), absence=(42, 40, 38, 45, 30, 28, 20, 12)),
    Plot("Vang", Pattern.AGREED_EXPECTATIONS, 12.3, 30, M.PREVENTIVE, "hvidovre", "Mod på at være med", (
        child("Vang Hedelund", "slowly_up"),
        parent("Tage Hedelund", "steady", also=("session",)),
        teacher("Bitten Ekskursion", "slowly_up", "6.d"),
    ), expectations=True),
    Plot("Hede", Pattern.INSTITUTION, 15.6, 38, M.PLACEMENT_INSTITUTION, "herning", "Ro, struktur og skolegang", (
        child("Hede Langsø", "slowly_up", every=1, mode=Mode.HELPER_PRESENT),
        parent("Conny Langsø", "slowly_up", every=4, setting="weekend hjemme"),
        pedagogue("Ove Nattevagt", "steady", "Sivsøens afdeling Nord", every=2),
        ruler("Runa Skitsegaard"),
    ), practitioner="tilde", caseworker="runa", expectations=True,
       answered_step="Hede får egen kontaktpædagog og færre skift i ugeplanen."),
    Plot("Bølge", Pattern.YOUTH_SUPPORT, 17.4, 22, M.YOUTH_SUPPORT, "haderslev", "På vej mod egen bolig", (
        child("Bølge Havnegaard", "steady", mode=Mode.OWN_DEVICE),
        Voice(RaterRole.PRACTITIONER, "Bjarke Opdigtsen", "steady", every=4, setting="støttekontakt"),
    ), practitioner="bjarke"),
    Plot("Sten", Pattern.TWO_HOMES, 10.6, 26, M.PREVENTIVE, "herning", "Samarbejde mellem to hjem", (
        child("Sten Kløverblad", "steady"),
        parent("Rosa Kløverblad", "rising", setting="hjemme hos mor", language="en"),
        parent("Ib Kløverblad", "level_low", setting="hjemme hos far", withheld=(1,)),
        parent("Harald Uvang", setting="uden forældremyndighed", custody=False, asked=False),
        teacher("Eskild Morgensang", "steady", "4.b"),
    )),
    Plot("Lyng", Pattern.IMPROVING, 9.8, 36, M.PREVENTIVE, "haderslev", "Færre skænderier om morgenen", (
        child("Lyng Skyfjord", "rising", also=("session", "goal"), every=1),
        parent("Stine Skyfjord", "rising", mode=Mode.PAPER),
        teacher("Valborg Vikartime", "steady", "3.b"),
    ), caseworker="runa", goals=(GoalPlot("Jeg kommer op om morgenen uden ballade", 2, 8, 7),)),
    Plot("Halm", Pattern.CLOSED_CASE, 13.4, 56, M.PREVENTIVE, "herning", "Ro i aftenerne", (
        child("Halm Ravnsø", "reaching_target", target=6.5),
        parent("Signe Ravnsø", "reaching_target", target=6.5),
    ), ended=30),
)  # fmt: skip
