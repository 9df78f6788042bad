"""A cabinet whose registers stand in groups: «Пермский край» with two districts, and some in no group."""

from __future__ import annotations

from dataclasses import dataclass, field

import factories
from cabinet.papers_world import Papers, papers_make
from cabinets import membership_make
from chekhov.accounts.models import User
from chekhov.kkt.models import Group, Kkt, Standing
from chekhov.orgs.models import GroupAccess
from chekhov.orgs.sections import Section


@dataclass
class Shop:
    """`clerk` manages «Кунгурский район» only; `district` is that group."""

    papers: Papers
    region: Group
    district: Group
    other_district: Group
    clerk: User
    kkts: dict[str, Kkt] = field(default_factory=dict)

    @property
    def owner(self) -> User:
        return self.papers.people.owner

    def group(self, name: str, parent: Group | None = None, **fields: str) -> Group:
        return Group.objects.create(account=self.papers.people.account, name=name, parent=parent, **fields)

    def kkt(self, name: str, group: Group | None = None, address: str = "") -> Kkt:
        """A register, with the address it reported if given."""
        kkt = factories.kkt_make(organisation=self.papers.organisation, name=name, group=group)
        if address:
            Standing.objects.create(
                rnm=kkt.rnm, inn=self.papers.organisation.inn, address=address, fn="9999540000001234"
            )
        self.kkts[name] = kkt
        return kkt

    def restrict(self, *groups: Group) -> User:
        """An employee with «Управление», «ККТ» and «Сотрудники», to whom only these groups are open."""
        place = membership_make(
            account=self.papers.people.account,
            sections=[Section.MANAGEMENT, Section.KKT, Section.EMPLOYEES],
            all_groups=False,
        )
        GroupAccess.objects.bulk_create([GroupAccess(membership=place, group_id=one.pk) for one in groups])
        assert place.user is not None
        return place.user


def shop_make() -> Shop:
    papers = papers_make()
    account = papers.people.account
    region = Group.objects.create(account=account, name="Пермский край", code="59", icon="world")
    district = Group.objects.create(account=account, name="Кунгурский район", parent=region)
    other = Group.objects.create(account=account, name="Александровский район", parent=region)
    shop = Shop(papers, region, district, other, papers.people.owner)
    shop.clerk = shop.restrict(district)
    shop.kkt("Сказка", district, "617470, Пермский край, г. Кунгур, ул. Ленина, д. 1")
    shop.kkt("Ромашка", district)
    shop.kkt("Рябинка", other, "618320, Пермский край, г. Александровск, ул. Мира, д. 7")
    shop.kkt("Ничья", None, "614000, Пермский край, г. Пермь, ул. Попова, д. 9")
    return shop
