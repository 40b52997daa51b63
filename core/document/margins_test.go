package document

import (
	"fmt"
	"strings"
	"testing"
)

// around writes margins down, one a line.
func around(d *Document) string {
	var b strings.Builder
	for _, m := range d.Margins {
		fmt.Fprintf(&b, "%v %s", m.Kind, strings.NewReplacer("\n", "/", "\t", "|").Replace(m.Text))
		if m.Offset >= 0 {
			rest := d.Text[m.Offset:]
			fmt.Fprintf(&b, " before %q", rest[:min(len(rest), 4)])
		}
		if m.Place.Part != "" {
			fmt.Fprintf(&b, " in %s", m.Place.Part)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// docxSections are headers and footers with all that decides whether they are
// shown, and a part that nothing refers to.
func docxSections(settings, first string) []string {
	rel := func(id, kind, target string) string {
		return `<Relationship Id="` + id + `" Type="http://x/` + kind + `" Target="` + target + `"/>`
	}
	return []string{
		"word/_rels/document.xml.rels", "<R>" + rel("h1", "header", "header1.xml") + rel("h2", "header", "header2.xml") + rel("h3", "header", "/word/header3.xml") +
			rel("f1", "footer", "footer1.xml") + rel("f2", "footer", "footer2.xml") + rel("s", "settings", "settings.xml") + "</R>",
		"word/document.xml", "<w:document><w:body>" + p("<w:sectPr><w:headerReference w:type='default' r:id='h1'/><w:footerReference w:type='default' r:id='f1'/>"+first+"</w:sectPr>", "a") + p("", "b") +
			"<w:sectPr><w:headerReference w:type='even' r:id='h2'/><w:headerReference w:type='first' r:id='h3'/><w:footerReference w:type='default' r:id='f2'/></w:sectPr></w:body></w:document>",
		"word/settings.xml", "<w:settings>" + settings + "</w:settings>",
		"word/header1.xml", "<w:hdr>" + p("", "Staff handbook") + "<w:tbl><w:tr><w:tc>" + p("", "Revised") + "</w:tc><w:tc>" + p("", "3/2019") + "</w:tc></w:tr></w:tbl></w:hdr>",
		"word/header2.xml", "<w:hdr>" + p("", "Even") + "</w:hdr>",
		"word/header3.xml", "<w:hdr>" + p("", "First") + "</w:hdr>",
		"word/header4.xml", "<w:hdr>" + p("", "Nowhere") + "</w:hdr>",
		"word/footer1.xml", "<w:ftr>" + p("", "Page") + "<w:p><w:r><w:txbxContent>" + p("", "box") + "</w:txbxContent></w:r></w:p></w:ftr>",
		"word/footer2.xml", "<w:ftr>" + p("", "Page") + p("", "box") + "</w:ftr>",
	}
}

const docxNotes = `<w:footnotes><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>` +
	`<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> One</w:t></w:r></w:p><w:p><w:ins><w:r><w:t>and two</w:t></w:r></w:ins></w:p></w:footnote></w:footnotes>`

const odtPages = `<office:master-styles><style:master-page style:name="Standard"><style:header><text:p>Staff <text:s/>handbook</text:p><table:table><table:table-row><table:table-cell><text:p>Revised</text:p></table:table-cell><table:table-cell><text:p>3/2019</text:p></table:table-cell></table:table-row></table:table></style:header>` +
	`<style:header-left style:display="false"><text:p>Hidden</text:p></style:header-left><style:footer><text:p>Page</text:p></style:footer><style:footer-first><text:p>Page</text:p></style:footer-first></style:master-page>` +
	`<style:master-page style:name="Other"><style:header><text:p>Other</text:p></style:header></style:master-page><style:master-page style:name="Unused"><style:header><text:p>Unused</text:p></style:header></style:master-page></office:master-styles>`

func TestMargins(t *testing.T) {
	const odtBodyText = `<text:p text:style-name="PX">a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>One</text:p><text:list><text:list-item><text:p>two</text:p></text:list-item></text:list></text:note-body></text:note> b</text:p><text:p>c</text:p>`
	style := `<office:automatic-styles><style:style style:name="PX" style:family="paragraph" style:master-page-name="Other"/>`
	flatWith := strings.Replace(strings.Replace(flatODT(odtBodyText), "<office:body>", odtPages+"<office:body>", 1), "<office:automatic-styles>", style, 1)
	const odtWant = "header Staff  handbook/Revised|3/2019\nheader Other\nfooter Page\nnote One/two before \" b\\n\\n\" in paragraph 1\n"
	page := func(n int, text string) string {
		return fmt.Sprintf("BT /F1 9 Tf 9 700 Td (Staff handbook) Tj ET BT /F1 9 Tf 9 400 Td (%s) Tj ET /Artifact<</Type/Pagination/Subtype/Footer>>BDC BT /F1 9 Tf 9 20 Td (Revised 3/2019) Tj ET EMC "+
			"/Artifact BMC BT /F1 9 Tf 9 300 Td (Draft) Tj ET EMC BT /F1 9 Tf 9 30 Td (Page %d) Tj ET", text, n)
	}
	for _, c := range []struct{ name, file, in, want string }{
		{"Word", "a.docx", zipped(t, docxSections("", "")...), "header Staff handbook/Revised|3/2019\nfooter Page/box\n"},
		{"first page", "a.docx", zipped(t, docxSections("", "<w:titlePg/>")...), "header Staff handbook/Revised|3/2019\nheader First\nfooter Page/box\n"},
		{"no first page", "a.docx", zipped(t, docxSections("", "<w:titlePg w:val='0'/>")...), "header Staff handbook/Revised|3/2019\nfooter Page/box\n"},
		{"even pages", "a.docx", zipped(t, docxSections("<w:evenAndOddHeaders/>", "")...), "header Staff handbook/Revised|3/2019\nheader Even\nfooter Page/box\n"},
		{"notes", "a.docx", zipped(t, "word/document.xml", `<a><w:p><w:r><w:t>a</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t> bc</w:t></w:r></w:p></a>`, "word/footnotes.xml", docxNotes),
			"note One/and two before \" bc\" in paragraph 1\n"},
		{"OpenDocument", "a.odt", zipped(t, "mimetype", "x", "styles.xml", "<office:document-styles "+odfSpaces+"><office:automatic-styles><style:style style:name='PX'/></office:automatic-styles>"+odtPages+"</office:document-styles>",
			"content.xml", "<office:document-content "+odfSpaces+">"+strings.Replace(odtBody(odtBodyText), "<office:automatic-styles>", style, 1)+"</office:document-content>"), odtWant},
		{"flat", "a.fodt", flatWith, odtWant},
		{"PDF", "a.pdf", madePDF(page(1, "One."), page(2, "Two."), page(3, "Three.")), "header Staff handbook in page 1\nfooter Revised 3/2019 in page 1\nfooter Page 1 in page 1\n"},
	} {
		d, err := Read(c.file, []byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := around(d); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
		if strings.ContainsAny(d.Text, "SRDOH") && c.file != "a.pdf" || strings.Contains(d.Text, "hand") {
			t.Errorf("%s: margins in text %q", c.name, d.Text)
		}
		invariants(t, c.file, []byte(c.in))
	}
}

// madePDF makes a PDF with the contents of pages.
func madePDF(pages ...string) string {
	var kids, objects strings.Builder
	for i, content := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 10+2*i)
		fmt.Fprintf(&objects, "%d 0 obj <</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>> endobj\n%d 0 obj <</Length %d>> stream\n%s\nendstream endobj\n",
			10+2*i, 11+2*i, 11+2*i, len(content), content)
	}
	return "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[" + kids.String() + "]>> endobj\n" +
		"3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n" + objects.String() + "trailer <</Root 1 0 R>>\n%%EOF\n"
}

// TestPending counts the changes that are still to be accepted, and reads the
// text as it would be if they were.
func TestPending(t *testing.T) {
	odtChanges := `<text:tracked-changes><text:changed-region><text:deletion><office:change-info/><text:p>gone</text:p></text:deletion></text:changed-region>` +
		`<text:changed-region><text:insertion/></text:changed-region><text:changed-region><text:format-change><office:change-info><text:p>why</text:p></office:change-info></text:format-change></text:changed-region></text:tracked-changes>` +
		`<text:p>a<text:change text:change-id="1"/> <text:change-start/>new<text:change-end/></text:p>`
	for _, c := range []struct {
		name, file, in, text string
		pending              int
	}{
		{"Word", "a.docx", zipped(t, "word/document.xml", `<a><w:p><w:pPr><w:rPr><w:rPrChange><w:ins/></w:rPrChange></w:rPr></w:pPr><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>a </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>`+
			`<w:p><w:moveFrom><w:r><w:t>from</w:t></w:r></w:moveFrom></w:p></a>`), "a new", 3},
		{"none", "a.docx", zipped(t, "word/document.xml", "<a>"+p("", "a new")+"</a>"), "a new", 0},
		{"OpenDocument", "a.odt", string(odt(t, odtChanges)), "a new", 2},
		{"flat", "a.fodt", flatODT(odtChanges), "a new", 2},
	} {
		d, err := Read(c.file, []byte(c.in))
		if err != nil || d.Text != c.text || d.Pending != c.pending {
			t.Errorf("%s: %v, %+v", c.name, err, d)
		}
	}
}

// TestTextBoxes reads what stands in boxes once, however often it is in the file.
func TestTextBoxes(t *testing.T) {
	box := func(s string) string { return "<w:txbxContent>" + p("", s) + "</w:txbxContent>" }
	for _, c := range []struct{ name, file, in, want string }{
		{"drawing", "a.docx", "<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>" + box("one") + "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>" + box("one") + "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>", "one\n\nafter"},
		{"VML", "a.docx", "<w:pict><v:shape><v:textbox>" + box("two") + "</v:textbox></v:shape></w:pict>", "two\n\nafter"},
		{"in a group", "a.docx", "<mc:AlternateContent><mc:Choice><wpg:wgp><wps:txbx>" + box("three") + "</wps:txbx><mc:AlternateContent><mc:Choice>" + box("four") + "</mc:Choice><mc:Fallback>" + box("four") + "</mc:Fallback></mc:AlternateContent></wpg:wgp></mc:Choice><mc:Fallback>" + box("three") + "</mc:Fallback></mc:AlternateContent>", "three\n\nfour\n\nafter"},
	} {
		in := docx(t, "<w:p><w:r>"+c.in+"</w:r><w:r><w:t>after</w:t></w:r></w:p>", "", "")
		if d, err := Read(c.file, in); err != nil || d.Text != c.want {
			t.Errorf("%s: %v, %+v", c.name, err, d)
		}
	}
	d, err := Read("a.odt", odt(t, "<text:p><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame><draw:custom-shape><text:p>shape</text:p></draw:custom-shape>after</text:p>"))
	if err != nil || d.Text != "box\n\nshape\n\nafter" {
		t.Errorf("%v, %+v", err, d)
	}
}

// TestRich reads a document with everything that can stand around a text.
func TestRich(t *testing.T) {
	d := fixture(t, "rich.fodt")
	const want = "header Town of Fernwick staff handbook\nfooter Revised 3/2019, page 1\nnote Residents include tenants and landlords. before \" Nob\" in paragraph 2\n"
	if got := around(d); got != want || d.Pending != 2 || listed(d.Fields) != "next review=2022-03-04\n" {
		t.Errorf("%d changes, fields %s margins\n%s", d.Pending, listed(d.Fields), got)
	}
	for _, in := range []string{"in charge and the day of the next step.", "Vacancy number forty-two", "at nine and closes at seventeen on every working day, also in summer."} {
		if strings.Count(d.Text, in) == 0 {
			t.Errorf("no %q", in)
		}
	}
	if strings.Contains(d.Text, "telegraph") {
		t.Error("what was deleted is in the text")
	}
}
