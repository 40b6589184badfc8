"""The same people in every test.

Paula is the practitioner and Carl the caseworker on the one case; Petra works beside Paula in the same unit but is
not on it; Pia leads their unit, Lena the authority; Adam administers, Dora audits; Xenia works for an outside provider.
"""

from dataclasses import dataclass
from datetime import timedelta

from fitsvc.domain.rater import RaterRole
from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case, TeamPart
from fitsvc.storage.episodes import Episode
from fitsvc.storage.organisation import Unit, UnitKind
from fitsvc.storage.respondents import Respondent
from tests.builders import PASSWORD_HASH, Builder


@dataclass(frozen=True)
class Cast:
    authority: Unit
    provider: Unit
    external: Unit
    practitioner: Staff
    colleague: Staff
    caseworker: Staff
    provider_leader: Staff
    authority_leader: Staff
    administrator: Staff
    auditor: Staff
    outsider: Staff
    case: Case
    episode: Episode
    child: Respondent
    mother: Respondent
    teacher: Respondent

    @property
    def staff(self) -> dict[str, Staff]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Staff)}


def invite_cast(build: Builder) -> Cast:
    """Add them all and commit."""
    with build.at_once():
        authority = build.unit("Myndighed", UnitKind.AUTHORITY)
        provider = build.unit("Familiehuset", UnitKind.PROVIDER)
        external = build.unit("Fjordens Familier", UnitKind.EXTERNAL_PROVIDER)

        def join(name: str, role: Role, unit: Unit) -> Staff:
            return build.staff(
                role, unit=unit, name=name, email=f"{name.lower()}@example.org", password=PASSWORD_HASH
            )

        practitioner = join("Paula", Role.PRACTITIONER, provider)
        caseworker = join("Carl", Role.CASEWORKER, authority)
        case = build.case(
            reference="SAG-1001",
            display_name="Ravn",
            team={practitioner: TeamPart.PRACTITIONER, caseworker: TeamPart.CASEWORKER},
        )
        episode = build.episode(case, provider, started_on=build.today - timedelta(days=84))
        cast = Cast(
            authority=authority,
            provider=provider,
            external=external,
            practitioner=practitioner,
            colleague=join("Petra", Role.PRACTITIONER, provider),
            caseworker=caseworker,
            provider_leader=join("Pia", Role.PROVIDER_LEADER, provider),
            authority_leader=join("Lena", Role.AUTHORITY_LEADER, authority),
            administrator=join("Adam", Role.ADMINISTRATOR, authority),
            auditor=join("Dora", Role.AUDITOR, authority),
            outsider=join("Xenia", Role.PRACTITIONER, external),
            case=case,
            episode=episode,
            child=build.respondent(case, RaterRole.CHILD),
            mother=build.respondent(case, RaterRole.PARENT, setting="hjemme"),
            teacher=build.respondent(case, RaterRole.TEACHER, setting="7.b"),
        )
    build.session.commit()
    return cast
