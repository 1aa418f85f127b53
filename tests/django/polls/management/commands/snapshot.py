from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand

from bookmark.models import Bookmark
from polls.management.documents import document, dumps
from polls.models import Choice, Question


class Command(BaseCommand):
    help = "Print every question, choice, bookmark, user and group as one JSON document."

    def handle(self, **options):
        self.stdout.write(
            dumps(
                {
                    "questions": rows(Question),
                    "choices": rows(Choice),
                    "bookmarks": rows(Bookmark),
                    "users": [user_document(user) for user in User.objects.order_by("id")],
                    "groups": [group_document(group) for group in Group.objects.order_by("id")],
                }
            )
        )


def rows(model):
    return [document(row) for row in model.objects.order_by("id")]


def user_document(user):
    return document(user) | {
        "groups": sorted(group.name for group in user.groups.all()),
        "user_permissions": codenames(user.user_permissions),
    }


def group_document(group):
    return document(group) | {"permissions": codenames(group.permissions)}


def codenames(permissions):
    return sorted(f"{p.content_type.app_label}.{p.codename}" for p in permissions.all())
