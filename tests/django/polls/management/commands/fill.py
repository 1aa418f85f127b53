from datetime import UTC, datetime

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.management.base import BaseCommand
from django.db import transaction

from bookmark.models import Bookmark
from polls.models import Choice, Question

# Dates with 0, 2 and 6 fractional digits that count: each database prints them in its own way.
QUESTIONS = [
    (
        "가장 좋아하는 계절은 언제인가요?",
        datetime(2024, 3, 1, 0, 0, 0, 0, tzinfo=UTC),
        [("봄", 7), ("여름", 0), ("가을", 12), ("겨울 ⛄", 3)],
    ),
    (
        "What's new?",
        datetime(2024, 7, 15, 9, 30, 15, 120000, tzinfo=UTC),
        [("Not much", 7), ("The sky", 0)],
    ),
    (
        "점심 메뉴로 무엇을 추천하시나요? 🍜",
        datetime(2025, 1, 31, 14, 59, 59, 123456, tzinfo=UTC),
        [("냉면", 0), ("김치찌개", 0), ("Fish & <b>chips</b>", 1)],
    ),
    (
        # As long as the column allows: 200 characters, 600 bytes.
        "이 질문은 아주 깁니다. ".ljust(199, "가") + "?",
        datetime(2020, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
        [("네", 1048576), ("아니요", 0)],
    ),
    (
        "No choices yet",
        datetime(2023, 12, 31, 15, 0, 0, 0, tzinfo=UTC),
        [],
    ),
    (
        "앞으로 공개될 질문입니다.",
        datetime(2099, 1, 1, 0, 0, 0, 500000, tzinfo=UTC),
        [("예", 0), ("아니요", 0)],
    ),
]

BOOKMARKS = [
    ("Django", "https://www.djangoproject.com/"),
    ("위키백과, 우리 모두의 백과사전", "https://ko.wikipedia.org/wiki/%EB%8C%80%EB%AC%B8"),
    ("", "https://example.com/empty-title?a=1&b=2"),
    (None, "http://example.org/"),
    ("As long as the column allows", "https://example.net/".ljust(200, "x")),
]


class Command(BaseCommand):
    help = "Fill a new database with what the site had gathered before it is replaced."

    @transaction.atomic
    def handle(self, **options):
        admin = fill_users()
        fill_questions(admin)
        Bookmark.objects.bulk_create(Bookmark(title=title, url=url) for title, url in BOOKMARKS)


def fill_users():
    """The superuser admin, the staff member editor, and visitor, who may not enter the admin."""
    editors = Group.objects.create(name="편집자")
    editors.permissions.set(Permission.objects.filter(content_type__app_label="polls"))

    admin = User.objects.create_superuser(
        "admin",
        "admin@example.com",
        "admin-password-1",
        date_joined=datetime(2019, 5, 1, 3, 4, 5, 678901, tzinfo=UTC),
        last_login=datetime(2025, 6, 1, 1, 2, 3, 0, tzinfo=UTC),
    )
    editor = User.objects.create_user(
        "editor",
        "editor@example.com",
        "editor-password-1",
        first_name="민지",
        last_name="김",
        is_staff=True,
        date_joined=datetime(2021, 11, 11, 11, 11, 11, 110000, tzinfo=UTC),
    )
    editor.groups.add(editors)
    editor.user_permissions.add(Permission.objects.get(codename="view_bookmark"))
    User.objects.create_user(
        "visitor",
        "visitor@example.com",
        "visitor-password-1",
        first_name="Vera",
        last_name="O'Brien",
        date_joined=datetime(2022, 8, 15, 0, 0, 0, 0, tzinfo=UTC),
    )
    return admin


def fill_questions(admin):
    for text, pub_date, choices in QUESTIONS:
        question = Question.objects.create(question_text=text, pub_date=pub_date)
        Choice.objects.bulk_create(
            Choice(question=question, choice_text=choice, votes=votes) for choice, votes in choices
        )
        LogEntry.objects.log_actions(admin.pk, [question], ADDITION, [{"added": {}}])
