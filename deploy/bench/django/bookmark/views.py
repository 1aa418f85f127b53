from django.views.generic import ListView

from .models import Bookmark


class BookmarkListView(ListView):
    template_name = "bookmark/bookmark_list.html"
    context_object_name = "bookmarks"
    queryset = Bookmark.objects.order_by("-id")[:11]
