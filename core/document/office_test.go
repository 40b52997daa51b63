package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
)

// zipped makes an archive of names and contents.
func zipped(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	wordSpace   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	docxComment = `<w:comment w:id="1"><w:p><w:r><w:t>firstcall:disable </w:t></w:r><w:r><w:t>x</w:t></w:r></w:p></w:comment><w:comment w:id="2"><w:p><w:r><w:t>nice</w:t></w:r></w:p></w:comment>`
)

// docx makes a Word document whose main part is not where it mostly is.
func docx(t testing.TB, body, styles, comments string) []byte {
	return []byte(zipped(t,
		"_rels/.rels", `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="word/document2.xml"/></Relationships>`,
		"word/_rels/document2.xml.rels", `<Relationships><Relationship Id="a" Type="http://x/styles" Target="styles2.xml"/></Relationships>`,
		"word/document2.xml", "<w:document "+wordSpace+"><w:body>"+body+"</w:body></w:document>",
		"word/styles2.xml", "<w:styles "+wordSpace+">"+styles+"</w:styles>",
		"word/comments.xml", "<w:comments "+wordSpace+">"+comments+"</w:comments>"))
}

// p makes a paragraph of Word.
func p(properties, text string) string {
	return "<w:p><w:pPr>" + properties + "</w:pPr><w:r><w:t>" + text + "</w:t></w:r></w:p>"
}

var docxCases = []struct {
	docCase
	styles string
}{
	{docCase{"headings", p(`<w:pStyle w:val="berschrift2"/>`, "a") + p(`<w:pStyle w:val="Mine"/>`, "b") + p(`<w:outlineLvl w:val="2"/>`, "c") +
		p(`<w:pStyle w:val="T"/>`, "d") + p(`<w:pStyle w:val="Mine"/><w:outlineLvl w:val="9"/>`, "e"), "H2 a\nH2 b\nH3 c\nH1 d\nP e\n"},
		`<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style><w:style w:styleId="Mine"><w:name w:val="x"/><w:basedOn w:val="berschrift2"/></w:style><w:style w:styleId="T"><w:name w:val="Title"/></w:style>`},
	{docCase{"lists", p(`<w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>`, "a") + p(`<w:pStyle w:val="L"/>`, "b") + p(`<w:pStyle w:val="L"/><w:numPr><w:numId w:val="0"/></w:numPr>`, "c"), "I2 a\nI1 b\nP c\n"},
		`<w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>`},
	{docCase{"tables", "<w:tbl><w:tr><w:tc>" + p("", "a") + "</w:tc><w:tc>" + p("", "b") + p("<w:numPr><w:numId w:val=\"1\"/></w:numPr>", "c") + "</w:tc></w:tr><w:tr><w:tc>" + p("", "d") + "</w:tc></w:tr></w:tbl>" + p("", "e"), "C a\nC b\nI1 c\nC d\nP e\n"}, ""},
	{docCase{"runs", `<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e` + "\u00AD" + `f</w:t><w:sym w:char="F0E0"/></w:r>` +
		`<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>g</w:t></w:r></w:p>`, "P a\tb/c-def→g\n"}, ""},
	{docCase{"changes", `<w:p><w:del><w:r><w:delText>a</w:delText><w:t>a</w:t></w:r></w:del><w:ins><w:r><w:t>b</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>c</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>d</w:t></w:r></w:moveTo></w:p>`, "P bd\n"}, ""},
	{docCase{"fields", `<w:p><w:r><w:fldChar/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r><w:fldSimple><w:r><w:t>8</w:t></w:r></w:fldSimple><w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink></w:p>`, "P 78 link\n"}, ""},
	{docCase{"text box", `<w:p><w:r><w:t>a</w:t><mc:AlternateContent><mc:Choice><w:txbxContent>` + p("", "box") + `</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + p("", "box") + `</w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>b</w:t></w:r></w:p>`, "P box\nP ab\n"}, ""},
	{docCase{"comments", `<w:p><w:r><w:t>a </w:t></w:r><w:commentRangeStart w:id="1"/><w:r><w:t>b</w:t></w:r><w:commentRangeStart w:id="2"/><w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r></w:p>`, "P a b\n! firstcall:disable x before \"b\" at 1:3\n"}, ""},
	{docCase{"directives", p("", "# firstcall:disable x") + p("", "a") + p("", "// firstcall:enable x") + p("", "") + p("", "&lt;!-- firstcall:disable y --&gt;") + p("", "&lt;!— firstcall:disable z →") +
		"<w:p><w:r><w:t>#firstcall:disable v</w:t><w:br/><w:t># firstcall:disable w</w:t></w:r></w:p>" + p("", "b"),
		"P a\nP b\n! firstcall:disable x before \"a\\n\\nb\" at 1:1\n! firstcall:enable x before \"b\" at 3:1\n! firstcall:disable y before \"b\" at 3:1\n! firstcall:disable z before \"b\" at 3:1\n! firstcall:disable v before \"b\" at 3:1\n! firstcall:disable w before \"b\" at 3:1\n"}, ""},
	{docCase{"no directives", p("", "a # firstcall:disable x") + p("", "firstcall:disable x") + p("", "&lt;!-- firstcall:disable x --&gt; b --&gt;") + p("", "&lt;!-- firstcall:disable x") + "<w:p><w:r><w:t># firstcall:disable x</w:t><w:br/><w:t>a</w:t></w:r></w:p>",
		"P a # firstcall:disable x\nP firstcall:disable x\nP <!-- firstcall:disable x --> b -->\nP <!-- firstcall:disable x\nP # firstcall:disable x/a\n"}, ""},
	{docCase{"directives in cells", "<w:tbl><w:tr><w:tc>" + p("", "a") + "</w:tc><w:tc>" + p("", "# firstcall:disable x") + p("", "b") + "</w:tc></w:tr><w:tr><w:tc>" + p("", "# firstcall:enable") + "</w:tc></w:tr></w:tbl>" + p("", "c"),
		"C a\nC b\nP c\n! firstcall:disable x before \"b\\n\\nc\" at 1:3\n! firstcall:enable before \"c\" at 3:1\n"}, ""},
	{docCase{"subtitle", p(`<w:pStyle w:val="S"/>`, "a") + p(`<w:pStyle w:val="N"/>`, "b"), "H2 a\nP b\n"},
		`<w:style w:styleId="T"><w:name w:val="Title"/></w:style><w:style w:styleId="S"><w:name w:val="Subtitle"/><w:basedOn w:val="T"/></w:style><w:style w:styleId="N"><w:name w:val="x"/><w:basedOn w:val="T"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>`},
}

func TestDOCX(t *testing.T) {
	for _, c := range docxCases {
		c.run(t, "a.docx", docx(t, c.in, c.styles, docxComment))
	}
}

const odfSpaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:t" xmlns:table="urn:a" xmlns:style="urn:s" xmlns:dc="urn:d" xmlns:meta="urn:m" xmlns:svg="urn:v" xmlns:draw="urn:w"`

func odtBody(body string) string {
	return `<office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/><style:style style:name="P2" style:parent-style-name="Quotations"/></office:automatic-styles><office:body><office:text>` +
		body + `</office:text></office:body>`
}

func odt(t testing.TB, body string) []byte {
	return []byte(zipped(t, "mimetype", "application/vnd.oasis.opendocument.text",
		"content.xml", "<office:document-content "+odfSpaces+">"+odtBody(body)+"</office:document-content>"))
}

func flatODT(body string) string {
	return `<?xml version="1.0"?><office:document ` + odfSpaces + `><office:meta><dc:title>T</dc:title><dc:date>2024-05-06T07:08:09.123</dc:date></office:meta>` + odtBody(body) + "</office:document>"
}

var odtCases = []docCase{
	{"paragraphs", `<text:h text:outline-level="2">a</text:h><text:p text:style-name="P1">b</text:p><text:p text:style-name="P2">c</text:p><text:p>  d <text:span> e</text:span><text:s text:c="2"/>f<text:tab/>g<text:line-break/> h
 i</text:p>`, "H2 a\nH1 b\nQ1 c\nP d e  f\tg/ h i\n"},
	{"lists", `<text:list><text:list-item><text:p>a</text:p><text:p>b</text:p><text:list><text:list-item><text:p>c</text:p></text:list-item></text:list></text:list-item></text:list><text:p>d</text:p>`, "I1 a\nP b\nI2 c\nP d\n"},
	{"tables", `<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>`, "C a\nC b\n"},
	{"left out", `<text:tracked-changes><text:p>x</text:p></text:tracked-changes><text:p>a<text:note><text:p>x</text:p></text:note><draw:frame><svg:title>x</svg:title><text:p>box</text:p></draw:frame>b</text:p><text:section text:display="none"><text:p>x</text:p></text:section>`, "P box\nP ab\n"},
	{"comments", `<text:p>a <office:annotation><dc:creator>Me</dc:creator><text:p>firstcall:disable</text:p><text:p>x</text:p></office:annotation>b</text:p>`, "P a b\n! firstcall:disable x before \"b\" at 1:3\n"},
	{"directives", `<text:p># firstcall:disable <text:span>x</text:span></text:p><text:p>a</text:p><text:p>&lt;!-- firstcall:enable --&gt;</text:p><text:p>b # firstcall:enable</text:p>`, "P a\nP b # firstcall:enable\n! firstcall:disable x before \"a\\n\\nb \" at 1:1\n! firstcall:enable before \"b # f\" at 3:1\n"},
	{"names of styles", `<text:p text:style-name="Heading_20_3">a</text:p><text:p text:style-name="Subtitle">b</text:p><text:p text:style-name="Heading">c</text:p><text:p text:style-name="Heading_20_1_20_x">d</text:p><text:p text:style-name="Heading_20_9">e</text:p>`, "H3 a\nH2 b\nP c\nP d\nH6 e\n"},
}

// odtStyled is an OpenDocument whose first heading is a paragraph, as
// LibreOffice writes it. P1 of styles.xml belongs to a header.
var odtStyled = []string{
	"styles.xml", "<office:document-styles " + odfSpaces + `><office:styles>
<style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Heading"/>
<style:style style:name="House" style:family="paragraph" style:parent-style-name="Heading" style:default-outline-level="3"/>
<style:style style:name="berschrift" style:display-name="heading 2" style:family="paragraph"/>
<style:style style:name="Plain" style:family="paragraph" style:parent-style-name="House" style:default-outline-level=""/>
<style:style style:name="House" style:family="text"/>
<style:style style:name="Deep" style:family="paragraph" style:default-outline-level="10"/>
<style:style style:name="Loop" style:family="paragraph" style:parent-style-name="Pool"/>
<style:style style:name="Pool" style:family="paragraph" style:parent-style-name="Loop"/>
</office:styles><office:automatic-styles><style:style style:name="P7" style:family="paragraph" style:parent-style-name="House"/></office:automatic-styles></office:document-styles>`,
	"content.xml", "<office:document-content " + odfSpaces + `><office:automatic-styles>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_1" style:master-page-name="HTML"/>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="House"/>
<style:style style:name="P3" style:family="paragraph" style:parent-style-name="berschrift"/>
<style:style style:name="P4" style:family="paragraph" style:parent-style-name="Plain"/>
<style:style style:name="P5" style:family="paragraph" style:parent-style-name="Subtitle"/>
</office:automatic-styles><office:body><office:text><text:p text:style-name="P1">Mission</text:p><text:p text:style-name="P2">a</text:p><text:p text:style-name="P3">b</text:p><text:p text:style-name="P4">c</text:p><text:p text:style-name="P5">d</text:p><text:p text:style-name="Deep">e</text:p><text:p text:style-name="Loop">f</text:p><text:p text:style-name="P7">g</text:p></office:text></office:body></office:document-content>`,
}

func TestODTStyles(t *testing.T) {
	c := docCase{"parts", "", "H1 Mission\nH3 a\nH2 b\nP c\nH2 d\nP e\nP f\nP g\n"}
	c.run(t, "a.odt", []byte(zipped(t, odtStyled...)))
	if _, err := Read("a.odt", []byte(zipped(t, "styles.xml", "<a>", odtStyled[2], odtStyled[3]))); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged styles: %v", err)
	}
	c = docCase{"LibreOffice", "", "H1 Mission\nP We help.\nH2 Values\nP Care.\nP Synergy.\nH3 Deep\nP x\n! firstcall:disable clarity/buzzword before \"Syner\" at 9:1\n"}
	c.run(t, "mission.odt", []byte(readFile(t, "testdata/mission.odt")))
}

func TestODT(t *testing.T) {
	for _, c := range odtCases {
		c.run(t, "a.odt", odt(t, c.in))
		c.run(t, "a.fodt", []byte(flatODT(c.in)))
	}
	d, err := Read("a.fodt", []byte(flatODT("<text:p>a</text:p>")))
	if err != nil || d.Properties.Title != "T" || d.Properties.Modified.Year() != 2024 {
		t.Errorf("%v, %+v", err, d)
	}
}

// TestPartOfBlock finds text boxes and cells by their paragraph.
func TestPartOfBlock(t *testing.T) {
	d, err := Read("a.docx", docx(t, p("", "a")+p("", "")+p("", "b"), "", ""))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Place(strings.Index(d.Text, "b")).Part; got != "paragraph 2" {
		t.Errorf("b is in %s", got)
	}
}
