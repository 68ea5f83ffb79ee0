import io

import docx
import pytest
from word_fixtures import blocks, cell, listed, p, r, row, saved, styled, table, texts, word_file

from corpus.readers.docx import parse_docx

DELETED_END = "<w:rPr><w:del/></w:rPr>"
HIDDEN = "<w:vanish/>"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x01\0\0\0\x007n\xf9$\0\0\0\nIDATx\x9cc`\0\0"
    b"\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)


def mark(number: int, kind: str = "footnote", more: str = "") -> str:
    return f'<w:r><w:{kind}Reference {more} w:id="{number}"/></w:r>'


def note(number: int, content: str, kind: str = "footnote") -> str:
    return f'<w:{kind} w:id="{number}">{content}</w:{kind}>'


def box(content: str) -> str:
    """Return a text box as Word writes it: for new versions, and again for old ones."""
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{inner}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def field(code: str, result: str) -> str:
    turn = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return f"{turn.format('begin')}{code}{turn.format('separate')}{result}{turn.format('end')}"


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def style(style_id: str, name: str, more: str = "", *, kind: str = "paragraph") -> str:
    head = f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{name}"/>'
    return f"{head}{more}</w:style>"


def test_a_file_becomes_headings_paragraphs_items_and_rows_in_reading_order() -> None:
    document = docx.Document()
    document.add_heading("The Guide", 0)
    document.add_paragraph("Before you hire, ask:")
    document.add_paragraph("police", style="List Bullet")
    document.add_paragraph("first", style="List Number 2")
    document.add_paragraph("and in writing", style="List Continue 2")
    document.add_paragraph("army", style="List Bullet")
    document.add_heading("Vetting", 2)
    grid = document.add_table(2, 2)
    for number, words in enumerate(["Who", "When", "HR", "First"]):
        grid.cell(*divmod(number, 2)).text = words
    document.add_picture(io.BytesIO(PNG))
    document.sections[0].header.paragraphs[0].text = "Draft, page 1"
    document.sections[0].footer.paragraphs[0].text = "Confidential"
    document.add_comment(document.add_paragraph("The end.").runs, "Really?", author="A")
    parsed = parse_docx(saved(document))
    assert (parsed.title, parsed.language) == ("The Guide", "en")
    assert (parsed.url, parsed.page_labels) == (None, ())
    assert [(block.kind, block.level, block.anchor, block.text) for block in parsed.blocks] == [
        ("heading", 1, None, "The Guide"),
        ("paragraph", 0, None, "Before you hire, ask:"),
        ("item", 1, None, "• police"),
        ("item", 2, None, "1. first\nand in writing"),
        ("item", 1, None, "• army"),
        ("heading", 2, None, "Vetting"),
        ("row", 0, None, "Who | When"),
        ("row", 0, None, "HR | First"),
        ("paragraph", 0, None, "The end."),
    ]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param(r("gu") + r("ards ") + r("and") + r(" ") + r("police"), "guards and police"),
        pytest.param(f"<w:hyperlink>{r('the guide')}</w:hyperlink>{r('.')}", "the guide."),
        pytest.param("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>", "a\nb c"),
        pytest.param(
            "<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:softHyphen/><w:t>eration</w:t>"
            '<w:br w:type="page"/></w:r>',
            "co-operation",
            id="hyphens",
        ),
        pytest.param("<w:r><w:t>a\n   b</w:t></w:r>", "a b", id="XML that is laid out"),
        pytest.param(
            '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Symbol" w:char="F0B3"/>'
            '<w:sym w:font="Arial" w:char="2014"/><w:sym w:font="Webdings" w:char="F061"/>'
            '<w:sym w:font="Arial" w:char="none"/></w:r>',
            "✓≥—",
            id="symbols",
        ),
        pytest.param(r("&#xFB01;re&#xAD;wall &#x2022;"), "firewall •", id="repaired"),
        pytest.param(
            f"{r('a')}<w:ins>{r('b')}</w:ins><w:del><w:r><w:delText>c</w:delText></w:r></w:del>",
            "ab",
            id="inserted and deleted",
        ),
        pytest.param(
            f"<w:moveTo>{r('later')}</w:moveTo>{r(' and ')}<w:moveFrom>{r('later')}</w:moveFrom>",
            "later and",
            id="moved",
        ),
        pytest.param(
            f"<w:ins><w:del>{r('a')}</w:del><w:hyperlink>{r('b')}</w:hyperlink></w:ins>", "b"
        ),
        pytest.param(
            r("a") + r("b", HIDDEN) + r("c", '<w:vanish w:val="0"/>') + r("d", "<w:webHidden/>"),
            "acd",
            id="hidden",
        ),
        pytest.param(
            f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{r('a')}</w:sdtContent></w:sdt>"
            f"<w:smartTag>{r('b')}</w:smartTag><w:customXml>{r('c')}</w:customXml>",
            "abc",
            id="wrappers",
        ),
        pytest.param(f'<w:fldSimple w:instr="DATE">{r("3 May")}</w:fldSimple>', "3 May"),
        pytest.param(field(code("REF a"), r("see 3")) + r("."), "see 3.", id="field"),
        pytest.param(
            field(code("IF ") + field(code("REF a"), r("x")) + code(" = 1"), r("shown")),
            "shown",
            id="field in the code of a field",
        ),
        pytest.param(r("a") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("b"), "ab"),
        pytest.param(
            "<w:ruby><w:rubyPr/><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase>"
            "<w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby>",
            "漢",
            id="reading aid",
        ),
        pytest.param("<m:oMath><m:r><m:t>E = m</m:t></m:r></m:oMath>", "E = m", id="formula"),
        pytest.param(r("a") + "<!-- b --><?c d?>" + r("e"), "ae", id="comments of XML"),
        pytest.param(r("&lt;b&gt;*|"), "<b>*|", id="marks of other formats"),
    ],
)
def test_text_is_read_as_it_is_shown_when_changes_are_accepted(runs: str, expected: str) -> None:
    assert texts(p(runs)) == [expected]


def test_a_field_that_never_ends_hides_no_more_than_its_paragraph() -> None:
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert texts(p(r("a") + begun + r("b")) + p("c")) == ["a", "c"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    gone = p(f"<w:del>{r('Deleted.')}</w:del>", DELETED_END)
    heading = p(r("Duty "), f'<w:pStyle w:val="Heading1"/>{DELETED_END}')
    moved = p(f"<w:moveFrom>{r('Away.')}</w:moveFrom>", "<w:rPr><w:moveFrom/></w:rPr>")
    body = gone + heading + p("to report.") + moved + p("Last ", DELETED_END) + table(["a", "b"])
    assert blocks(body) == [
        ("paragraph", 0, "Duty to report."),
        ("paragraph", 0, "Last"),
        ("row", 0, "a | b"),
    ]


def test_a_drop_cap_belongs_to_its_paragraph() -> None:
    assert texts(p("T", '<w:framePr w:dropCap="drop"/>') + p("he company")) == ["The company"]


def test_hidden_text_is_hidden_by_styles_as_well() -> None:
    hidden = f"<w:rPr>{HIDDEN}</w:rPr>"
    styles = style("Secret", "Secret", hidden) + style("Inside", "In", hidden, kind="character")
    based = style(
        "Public", "Public", '<w:basedOn w:val="Secret"/><w:rPr><w:vanish w:val="0"/></w:rPr>'
    )
    run = r("b", '<w:rStyle w:val="Inside"/>')
    body = styled("Secret", "a") + p(run + r("c")) + styled("Public", "d")
    assert texts(body, styles=styles + based) == ["c", "d"]


def test_headings_are_told_by_names_and_outline_levels_in_every_language() -> None:
    outline = '<w:pPr><w:outlineLvl w:val="{}"/></w:pPr>'
    styles = (
        style("berschrift2", "heading 2")
        + style("Titre3", "Titre maison", outline.format(2))
        + style("Anhang", "Anhang", '<w:basedOn w:val="berschrift2"/>')
        + style("Lauftext", "Lauftext", '<w:basedOn w:val="berschrift2"/>' + outline.format(9))
        + style("Tief", "heading 9")
        + style("Kreis", "Kreis", '<w:basedOn w:val="Kreis"/>')
    )
    body = "".join(styled(name, name) for name in ("berschrift2", "Titre3", "Anhang", "Lauftext"))
    body += styled("Tief", "Tief") + styled("Kreis", "Kreis") + styled("Heading4", "Four")
    body += p("direct", '<w:outlineLvl w:val="0"/>') + styled("Unknown", "unknown")
    assert blocks(body, styles=styles) == [
        ("heading", 2, "berschrift2"),
        ("heading", 3, "Titre3"),
        ("heading", 2, "Anhang"),
        ("paragraph", 0, "Lauftext"),
        ("heading", 6, "Tief"),
        ("paragraph", 0, "Kreis"),
        ("heading", 4, "Four"),
        ("heading", 1, "direct"),
        ("paragraph", 0, "unknown"),
    ]


def test_a_whole_clause_in_the_style_of_a_heading_is_text() -> None:
    clause = "The company shall " + "inform the police, " * 12
    kinds = [kind for kind, _, _ in blocks(styled("Heading2", clause[:240]) + p("x"))]
    assert kinds == ["heading", "paragraph"]
    assert blocks(styled("Heading2", clause))[0][0] == "paragraph"


def test_tables_of_contents_are_left_out() -> None:
    styles = style("Verzeichnis1", "toc 1") + style("Inhalt", "TOC Heading")
    entries = styled("Inhalt", "Contents") + styled("Verzeichnis1", "Duties\t3")
    body = f"<w:sdt><w:sdtContent>{entries}</w:sdtContent></w:sdt>" + p("Text.")
    assert texts(body, styles=styles) == ["Text."]


def test_notes_stand_at_the_end_of_the_section_that_refers_to_them() -> None:
    body = (
        p(r("By hand") + mark(2) + r(".")) + p("More:") + listed(r("a") + mark(3), 1)
        + listed(r("b") + mark(2), 1) + styled("Heading1", r("Next") + mark(4))
        + p(r("Own") + mark(7, "endnote") + r(".")) + table(["c", p(r("d") + mark(5))])
    )  # fmt: skip
    footnotes = (
        note(0, p("separator")) + note(2, p("<w:r><w:footnoteRef/><w:t> Laws differ.</w:t></w:r>"))
        + note(3, p("Two.") + p("Paragraphs.")) + note(4, styled("Heading1", "Of a heading."))
        + note(5, p("Of a cell.")) + note(6, p("Of nothing."))
    )  # fmt: skip
    endnotes = note(7, p("At the end."), "endnote")
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    found = blocks(body, footnotes=footnotes, endnotes=endnotes, numbering=numbering)
    assert found == [
        ("paragraph", 0, "By hand."),
        ("paragraph", 0, "More:"),
        ("item", 1, "• a"),
        ("item", 1, "• b"),
        ("paragraph", 0, "Laws differ."),
        ("paragraph", 0, "Two."),
        ("paragraph", 0, "Paragraphs."),
        ("heading", 1, "Next"),
        ("paragraph", 0, "Own."),
        ("row", 0, "c | d"),
        ("paragraph", 0, "Of a heading."),
        ("paragraph", 0, "At the end."),
        ("paragraph", 0, "Of a cell."),
    ]


def test_a_mark_of_the_authors_own_leaves_the_sentence_too() -> None:
    own = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    body = p(r("Word") + own + r(" goes on") + mark(9) + f"<w:del>{mark(3)}</w:del>" + r("."))
    notes = note(2, p("* A note.")) + note(3, p("Deleted."))
    assert texts(body, footnotes=notes) == ["Word goes on.", "* A note."]


def test_a_text_box_stands_once_after_its_paragraph_or_list() -> None:
    inner = styled("Heading1", "Tip") + p("Ask first.") + table(["a", "b"])
    first = styled("ListBullet", r("one") + box(p("Aside.")))
    body = p(r("Before.") + box(inner)) + p("Then:") + first + styled("ListBullet", "two")
    body += p("After.")
    assert blocks(body) == [
        ("paragraph", 0, "Before."),
        ("paragraph", 0, "Tip"),
        ("paragraph", 0, "Ask first."),
        ("row", 0, "a | b"),
        ("paragraph", 0, "Then:"),
        ("item", 1, "• one"),
        ("item", 1, "• two"),
        ("paragraph", 0, "Aside."),
        ("paragraph", 0, "After."),
    ]


def test_boxes_and_notes_may_hold_one_another() -> None:
    inner = p(r("Outer.") + box(p(r("Inner.") + mark(2))))
    body = p(r("Text.") + box(inner)) + styled("Heading1", "Next")
    notes = note(2, p(r("Note.") + box(p("Of the note."))))
    assert texts(body, footnotes=notes) == [
        *("Text.", "Outer.", "Inner.", "Note.", "Of the note.", "Next"),
    ]


def test_a_paragraph_set_in_as_an_items_text_is_a_line_of_it() -> None:
    def set_in(text: str, indent: int) -> str:
        return p(text, f'<w:ind w:left="{indent}"/>')

    two, one = styled("ListBullet2", "two"), styled("ListBullet", "one")
    assert texts(one + two + set_in("of two", 720) + set_in("of one", 400) + p("apart")) == [
        "• one",
        "• two\nof two",
        "of one",
        "apart",
    ]
    assert texts(set_in("all is set in", 720) + one + set_in("text", 720)) == [
        "all is set in",
        "• one",
        "text",
    ]


def test_cells_that_are_merged_show_their_text_once() -> None:
    below = cell("left over", "<w:vMerge/>")
    body = table(
        [
            cell("Who", '<w:vMerge w:val="restart"/>'),
            cell("When and how", '<w:gridSpan w:val="2"/>'),
        ],
        [below, "first", "by hand"],
        [below, cell("later", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>")],
    )
    assert texts(body) == ["Who | When and how", "| first | by hand", "| later"]


def test_a_cells_paragraphs_and_items_are_on_one_line() -> None:
    inner = (
        p("Ask:")
        + styled("ListNumber", "who")
        + styled("ListNumber", "why")
        + p("Twice ", DELETED_END)
    )
    assert texts(table(["Step", inner], ["", ""], ["", "last"])) == [
        "Step | Ask: 1. who 2. why Twice",
        "| last",
    ]


def test_rows_of_a_table_in_a_cell_follow_its_row() -> None:
    inner = table(["a", "b"], ["c", table(["d", "e"]) + p("")])
    body = table(["x", p("y") + inner + p("z")], ["last", ""])
    assert texts(body) == ["x | y z", "a | b", "c |", "d | e", "last |"]


def test_a_table_with_one_column_is_a_frame_around_its_text() -> None:
    inner = styled("Heading2", "Box") + p("Ask:") + styled("ListBullet", "who")
    assert blocks(styled("ListBullet", "a") + table([inner], ["End."])) == [
        ("item", 1, "• a"),
        ("heading", 2, "Box"),
        ("paragraph", 0, "Ask:"),
        ("item", 1, "• who"),
        ("paragraph", 0, "End."),
    ]


def test_rows_and_cells_that_were_deleted_or_are_hidden_are_left_out() -> None:
    gone = cell("gone", "<w:cellDel/>")
    rows = [row("a", "b"), row("c", "d", properties="<w:del/>"), row("e", gone, "f")]
    rows += [row("g", "h", properties="<w:ins/>"), row("i", "j", properties="<w:hidden/>")]
    assert texts(f"<w:tbl>{''.join(rows)}</w:tbl>") == ["a | b", "e | f", "g | h"]


@pytest.mark.parametrize(
    ("body", "title", "expected"),
    [
        (styled("Title", "The") + styled("Title", "Guide") + p("x"), "Other", "The Guide"),
        (styled("Heading1", "One") + styled("Title", "Late") + p("x"), "", "Late"),
        (styled("Title", "T") + p("x") + styled("Title", "Part two"), "", "T"),
        (p(box(styled("Title", "On the cover"))) + p("x"), "", "On the cover"),
        (styled("Subtitle", "Sub") + p("x"), " A  guide ", "A guide"),
        (styled("Heading1", "One") + p("x"), "Microsoft Word - Entwurf 3.doc", "One"),
        (styled("Heading2", "Two") + styled("Heading1", "One") + p("x"), "", "One"),
        (p("x"), "Document1", None),
    ],
)
def test_the_title_is_the_paragraph_the_property_or_the_first_heading(
    body: str, title: str, expected: str | None
) -> None:
    styles = style("Subtitle", "Subtitle", '<w:basedOn w:val="Title"/>')
    assert parse_docx(word_file(body, title=title, styles=styles)).title == expected


def test_the_language_is_that_of_the_usual_style_else_of_the_file() -> None:
    document = docx.Document()
    document.add_paragraph("Texte.")
    defaults = document.styles.element.find(".//{*}rPrDefault//{*}lang")
    value = next(name for name in defaults.attrib if name.endswith("}val"))
    defaults.set(value, "fr-CH")
    assert parse_docx(saved(document)).language == "fr"
    defaults.getparent().remove(defaults)
    document.settings.element.find("{*}themeFontLang").set(value, "es-ES")
    assert parse_docx(saved(document)).language == "es"
    document.settings.element.remove(document.settings.element.find("{*}themeFontLang"))
    document.core_properties.language = "pt-BR"
    assert parse_docx(saved(document)).language == "pt"
    document.core_properties.language = ""
    assert parse_docx(saved(document)).language is None
