import pytest

from corpus.acronyms import Acronym, find_acronyms


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Choose a private security provider (PSP) with care.", "PSP", "private security provider"),
        ("Draft a Memorandum of Understanding (MoU).", "MoU", "Memorandum of Understanding"),
        ("on artisanal and small-scale mining (ASM)", "ASM", "artisanal and small-scale mining"),
        ("The Voluntary Principles (VPs) say", "VP", "Voluntary Principles"),
        ("HRD (human rights defender): see part 2", "HRD", "human rights defender"),
        ("PSC: private security company. It", "PSC", "private security company"),
        ("of the International Code of Conduct Association (ICoCA)", "ICoCA",
         "International Code of Conduct Association"),
    ],
)  # fmt: skip
def test_an_acronym_is_found_with_its_words(text: str, short: str, long: str) -> None:
    assert find_acronyms([text]) == (Acronym(short, long),)


@pytest.mark.parametrize(
    "text",
    [
        "guards at the gate (GAT)",  # the last word has no letter in it
        "see the annex (Annex)",
        "the rules of the site (IV)",
        "PSP (see page 5)",
        "(PSP)",
        "by security (S)",
        "Chile\nprivate (CP)",  # on two lines
        "",
    ],
)
def test_nothing_is_found_where_the_letters_do_not_fit(text: str) -> None:
    assert find_acronyms([text]) == ()


def test_an_explanation_is_found_once() -> None:
    texts = ["a private security provider (PSP)", "A Private Security Provider (PSP) is"]
    assert find_acronyms(texts) == (Acronym("PSP", "private security provider"),)
