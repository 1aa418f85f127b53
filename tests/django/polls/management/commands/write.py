from datetime import UTC, datetime

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bookmark.models import Bookmark
from polls.management.documents import document, dumps
from polls.models import Choice, Question


class Command(BaseCommand):
    help = "Write what somebody in Django's admin would, and print it as one JSON document."

    def add_arguments(self, parser):
        parser.add_argument("--delete", metavar="ID", type=int, help="a question to delete")

    @transaction.atomic
    def handle(self, **options):
        doomed = options["delete"]
        question = add_question()
        self.stdout.write(
            dumps(
                {
                    "renamed": document(rename_choice(question.pk, doomed)),
                    "question": document(question),
                    "choices": [document(c) for c in question.choice_set.order_by("id")],
                    "bookmark": document(edit_bookmark()),
                    "deleted": delete_question(doomed) if doomed is not None else {},
                }
            )
        )


def add_question():
    question = Question.objects.create(
        question_text="장고에서 새로 추가한 질문인가요?",
        pub_date=datetime(2025, 2, 3, 4, 5, 6, 789012, tzinfo=UTC),
    )
    question.choice_set.create(choice_text="네, 그렇습니다", votes=3)
    question.choice_set.create(choice_text="아니요")
    log(question, ADDITION, [{"added": {}}])
    return question


def rename_choice(new, doomed):
    """The oldest choice that is neither new nor about to go with its question."""
    choice = Choice.objects.exclude(question_id__in=[new, doomed or 0]).order_by("id").first()
    if choice is None:
        raise CommandError("there is no choice to rename")
    choice.choice_text = "장고에서 고친 선택지"
    choice.save()
    log(choice, CHANGE, [{"changed": {"fields": ["Choice text"]}}])
    return choice


def edit_bookmark():
    bookmark = Bookmark.objects.order_by("id").first()
    if bookmark is None:
        raise CommandError("there is no bookmark to edit")
    bookmark.title = "장고에서 고친 북마크"
    bookmark.save()
    log(bookmark, CHANGE, [{"changed": {"fields": ["TITLE"]}}])
    return bookmark


def delete_question(pk):
    try:
        question = Question.objects.get(pk=pk)
    except Question.DoesNotExist as error:
        raise CommandError(f"there is no question {pk}") from error
    log(question, DELETION, "")
    return {"id": pk, "rows": question.delete()[1]}


def log(instance, flag, message):
    """As the admin does, in the name of the first superuser; not at all while there is none."""
    actor = User.objects.filter(is_superuser=True).order_by("id").first()
    if actor is not None:
        LogEntry.objects.log_actions(actor.pk, [instance], flag, message, single_object=True)
