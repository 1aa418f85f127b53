"""The views of Django's tutorial, part 5 and 6; a page of the list is ten polls."""

from django.db import transaction
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views import generic

from .models import Choice, Question


class IndexView(generic.ListView):
    template_name = "polls/index.html"
    context_object_name = "questions"

    def get_queryset(self):
        # Without a paginator, which would count the table for every page.
        return Question.objects.filter(pub_date__lte=timezone.now()).order_by("-pub_date", "-id")[:11]


class DetailView(generic.DetailView):
    template_name = "polls/detail.html"

    def get_queryset(self):
        return Question.objects.filter(pub_date__lte=timezone.now())

    def get_context_data(self, **kwargs):
        return super().get_context_data(choices=self.object.choice_set.order_by("id"), **kwargs)


class ResultsView(DetailView):
    template_name = "polls/results.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        choices = list(context["choices"])
        total = sum(choice.votes for choice in choices)
        for choice in choices:
            choice.percentage = (choice.votes * 100 + total // 2) // total if total else 0
        return context | {"choices": choices, "total": total}


def vote(request, question_id):
    question = get_object_or_404(Question, pk=question_id, pub_date__lte=timezone.now())
    with transaction.atomic():
        try:
            choice = question.choice_set.get(pk=request.POST["choice"])
        except (KeyError, ValueError, Choice.DoesNotExist):
            context = {"question": question, "choices": question.choice_set.order_by("id"), "error": True}
            return render(request, "polls/detail.html", context, status=400)
        Choice.objects.filter(pk=choice.pk).update(votes=F("votes") + 1)
    return HttpResponseRedirect(reverse("polls:results", args=(question.id,)))
