"""Neutral questions: one and many, roles and settings, in both languages."""

import pytest
from flask import Flask
from flask_babel import force_locale

from fitsvc.domain.agenda import Question, Seen
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.report_lines import Rater
from fitsvc.web.question_words import points_words, question_words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CHILD, TEACHER = Rater(RaterRole.CHILD), Rater(RaterRole.TEACHER, "7.b")
PARENTS = tuple(Rater(RaterRole.PARENT, place, is_only=False) for place in ("hos mor", "hos far"))
BOTH = frozenset({RaterRole.PARENT})


@pytest.mark.parametrize(
    ("low", "high", "age", "da", "en"),
    [
        (
            Seen((CHILD,), 3),
            Seen((TEACHER,), 8),
            9,
            "Barnet ser 3, læreren ser 8: hvad ser I hver især?",
            "The child sees 3, the teacher sees 8: what does each of you see?",
        ),
        (
            Seen(PARENTS, 1, BOTH),
            Seen((TEACHER,), 7.5),
            9,
            "Begge forældre ser 1, læreren ser 7,5: hvad ser I hver især?",
            "Both parents see 1, the teacher sees 7.5: what does each of you see?",
        ),
        (
            Seen((CHILD, *PARENTS), 2, BOTH),
            Seen((TEACHER,), 8),
            15,
            "Den unge og begge forældre ser 2, læreren ser 8: hvad ser I hver især?",
            "The young person and both parents see 2, the teacher sees 8: what does each of you see?",
        ),
        (
            Seen(PARENTS[:1], 2),
            Seen((TEACHER,), 8),
            9,
            "Forælderen (hos mor) ser 2, læreren ser 8: hvad ser I hver især?",
            "The parent (hos mor) sees 2, the teacher sees 8: what does each of you see?",
        ),
        (
            Seen(PARENTS, 2),
            Seen((TEACHER,), 8),
            9,
            "Forælderen (hos mor) og forælderen (hos far) ser 2, læreren ser 8: hvad ser I hver især?",
            "The parent (hos mor) and the parent (hos far) see 2, the teacher sees 8: what does each of you see?",
        ),
    ],
)
def test_the_question_names_who_sees_what(
    app: Flask, low: Seen, high: Seen, age: int, da: str, en: str
) -> None:
    for language, words in (("da", da), ("en", en)):
        with app.test_request_context(), force_locale(language):
            assert question_words(Question("home", low, high), age) == words


@pytest.mark.parametrize(
    ("size", "da", "en"),
    [
        (1, "1 point", "1 point"),
        (-1.02, "1 point", "1 point"),
        (1.5, "1,5 point", "1.5 points"),
        (0.4, "0,4 point", "0.4 points"),
        (2, "2 point", "2 points"),
    ],
)
def test_one_is_one_only_where_the_page_writes_one(app: Flask, size: float, da: str, en: str) -> None:
    for language, words in (("da", da), ("en", en)):
        with app.test_request_context(), force_locale(language):
            assert points_words(size) == words
