"""Addresses of «Группы»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.groups import pages, rules

urlpatterns = [
    path("cabinet/groups/", pages.groups, name="groups"),
    path("cabinet/groups/add/", pages.add, name="group_add"),
    path("cabinet/groups/assign/", pages.assign, name="group_assign"),
    path("cabinet/groups/<int:group_id>/", pages.change, name="group"),
    path("cabinet/groups/<int:group_id>/move/", pages.move, name="group_move"),
    path("cabinet/groups/<int:group_id>/remove/", pages.remove, name="group_remove"),
    path("cabinet/groups/rules/", rules.rules, name="group_rules"),
    path("cabinet/groups/rules/add/", rules.add, name="group_rule_add"),
]
