"""What a question asks for must be there in kind: a figure, money, a date, an address."""

import pytest

from assistant.asked_kinds import lacks_kind


@pytest.mark.parametrize(
    ("question", "without", "with_it"),
    [
        ("What is the email address of the office?", "Write to us.", "Write to a@b.org."),
        ("phone number of the hotline", "Call 112.", "Call +41 22 730 94 00."),
        ("What hourly wage does a guard earn?", "Wages in 2024.", "A wage of 4 euros."),
        ("How much does a permit cost?", "A permit costs little.", "A permit costs $40."),
        ("How many guards are there?", "There are guards.", "There are twenty guards."),
        ("When was the Code adopted?", "States adopted it.", "States adopted it in 2010."),
        ("What is the e-mail of the clerk?", "Write to the clerk.", "Write to a@b.org."),
        ("How much money do they take?", "They take money.", "They take 20 dollars."),
        ("What does an auditor charge?", "Auditors charge you.", "It is €900 a day."),
        ("What percent is kept back?", "A part of 3 parts.", "Ten per cent are kept back."),
        ("Which article forbids it?", "Law No. 4 forbids it.", "Article 12 forbids it."),
        ("How many weeks of leave?", "Leave for 2 guards.", "Leave of two paid weeks."),
        ("Combien de jours faut-il ?", "Il faut 2 gardes.", "Il faut trois jours."),
        ("Combien de gardes y a-t-il ?", "Des gardes.", "Il y a dix gardes."),
        ("Combien coûte un permis ?", "Un permis de 3 ans.", "Un permis coûte 40 €."),
        ("¿Cuántos guardias hay?", "Hay guardias.", "Hay cuatro guardias."),
        ("¿Cuánto cuesta la licencia?", "La licencia de 2024.", "Cuesta 300 soles."),
    ],
)
def test_a_text_without_the_kind_of_thing_asked_for_lacks_it(
    question: str, without: str, with_it: str
) -> None:
    assert lacks_kind(question, [without])
    assert lacks_kind(question, [])
    assert not lacks_kind(question, [without, with_it])


@pytest.mark.parametrize(
    "question",
    [
        "When should I call the police?",
        "Guards let women in for a kiss or their phone number",
        "Who may carry a gun?",
        "What do we ask bidders about the wages of their guards?",
        "¿Cuándo se puede llamar a la policía?",
        "",
    ],
)
def test_other_questions_ask_for_nothing_of_a_kind(question: str) -> None:
    assert not lacks_kind(question, ["Nothing at all."])
