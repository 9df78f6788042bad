"""Addresses of «Партнеры» and of the partner's own cabinet."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.partners import customer, own

urlpatterns = [
    path("cabinet/partners/", customer.partners, name="partners"),
    path("cabinet/partners/<int:partner_id>/", customer.partner, name="partner"),
    path("cabinet/partners/<int:partner_id>/requisites/", customer.requisites, name="partner_requisites"),
    path("partner/", own.customers, name="partner_customers"),
    path("partner/customers/<int:organisation_id>/", own.customer, name="partner_customer"),
    path("partner/kkts/", own.kkts, name="partner_kkts"),
]
