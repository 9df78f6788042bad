"""The web's addresses: staff pages, the face (start page, log-in, gallery) and the health check."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from chekhov.config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("chekhov.backoffice.urls")),
    path("", include("chekhov.cabinet.urls")),
    path("", include("chekhov.face.urls")),
]

handler400 = "chekhov.face.errors.bad_request"
handler403 = "chekhov.face.errors.permission_denied"
handler404 = "chekhov.face.errors.page_not_found"
handler500 = "chekhov.face.errors.server_error"
