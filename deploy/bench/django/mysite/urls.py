from django.urls import include, path

from home.views import HomeView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("polls/", include("polls.urls")),
    path("bookmark/", include("bookmark.urls")),
]
