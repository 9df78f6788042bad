"""Addresses of the face."""

from __future__ import annotations

from django.urls import path

from chekhov.face import views

urlpatterns = [
    path("logout/", views.logout, name="logout"),
    path("brand.css", views.brand_sheet, name="brand_sheet"),
    path("ui/", views.gallery, name="gallery"),
    path("ui/window/", views.gallery_window, name="gallery_window"),
]
