"""The data that every system is given: the same rows, by the same statements."""

from datetime import datetime, timedelta

QUESTIONS = 100
CHOICES = 4
BOOKMARKS = 30
FIRST_DAY = datetime(2026, 1, 1)

# The poll whose pages are fetched and where the votes go.
POLL = 1


def rows():
    """Tables with their columns and rows."""
    questions = [
        (i, f"Which of these would you choose, number {i}?", str(FIRST_DAY + timedelta(minutes=i)))
        for i in range(1, QUESTIONS + 1)
    ]
    choices = [
        (CHOICES * (question - 1) + i, f"The choice that is called {i} here", (question * i * 37) % 97, question)
        for question in range(1, QUESTIONS + 1)
        for i in range(1, CHOICES + 1)
    ]
    bookmarks = [
        (i, f"A page worth reading, number {i}", f"https://www.example.com/pages/{i}/") for i in range(1, BOOKMARKS + 1)
    ]
    return [
        ("polls_question", ("id", "question_text", "pub_date"), questions),
        ("polls_choice", ("id", "choice_text", "votes", "question_id"), choices),
        ("bookmark_bookmark", ("id", "title", "url"), bookmarks),
    ]


def statements():
    """The rows as SQL that SQLite and PostgreSQL understand."""
    for table, columns, values in rows():
        lines = ",\n".join(f"({', '.join(map(_literal, row))})" for row in values)
        yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES\n{lines};"


def sequences():
    """What PostgreSQL has to be told after ids were written by hand."""
    for table, _, _ in rows():
        yield f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}));"


def _literal(value):
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

# What a proxy that the program trusts has to say of each request; Apache writes its own words over it.
TOLD = (("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "http"), ("X-Body-Length", "chunked"))
