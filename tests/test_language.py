import pytest

from corpus.language import FEWEST_LETTERS, detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Security providers must vet every guard before the first shift."),
        ("fr", "Les gardes se tiennent devant la porte et ne doivent jamais tirer."),
        ("es", "Los guardias deben hablar con la comunidad antes de cerrar el camino."),
        ("pt", "Os guardas devem falar com a comunidade antes de fechar o caminho."),
        ("ar", "يجب على الحراس التحدث مع المجتمع المحلي قبل إغلاق الطريق المؤدي إلى البئر"),
        (
            "zh",
            "保安人员在关闭通往水井的道路之前，必须与当地社区的代表进行协商，并记录他们的意见和要求，以便日后查阅。",
        ),
        ("ru", "Охранники должны поговорить с жителями деревни, прежде чем закрыть дорогу."),
    ],
)
def test_a_sentence_is_enough(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "MoU", "12 | 14 | 2016 " * 50, "a" * (FEWEST_LETTERS - 1), "🎉 ?! " * 99]
)
def test_what_is_too_short_or_no_language_is_left_open(text: str) -> None:
    assert detect_language(text) is None


def test_a_long_text_is_told_by_its_beginning() -> None:
    assert (
        detect_language("Guards who search a visitor must be polite and patient. " * 2000) == "en"
    )
