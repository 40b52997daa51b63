package document

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// listed writes fields down, one a line, with their places.
func listed(fields []Field) string {
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, "%s=%s", f.Key, f.Value)
		if f.Place.Line > 0 {
			fmt.Fprintf(&b, " @%d:%d/%d", f.Place.Line, f.Place.Column, f.Place.Offset)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestFields(t *testing.T) {
	for _, c := range []struct{ name, file, in, want string }{
		{"YAML", "a.md", "---\nTitle: \"A: b\" # c\nms.date: 04/05/2019\ntags: [x, 'y']\nteam:\n- one\n- two\nempty:\n---\ntext",
			"title=A: b @2:1/4\nms.date=04/05/2019 @3:1/22\ntags=x, y @4:1/42\nteam=one, two @5:1/57\nempty= @8:1/75\n"},
		{"nested", "a.md", "---\nparams:\n  Owner: Ada\n  dates:\n    revised: 2019-03-04\n    all:\n      - a\n      - b\n  last: x\nnext: y\n---\ntext",
			"params.owner=Ada @3:3/14\nparams.dates.revised=2019-03-04 @5:5/38\nparams.dates.all=a, b @6:5/62\nparams.last=x @9:3/89\nnext=y @10:1/97\n"},
		{"long values", "a.md", "---\na: >-\n  one\n  b: two\n\nc: three\n  four\nd: http://x.y/z\n---\ntext",
			"a=one b: two @2:1/4\nc=three four @6:1/26\nd=http://x.y/z @8:1/42\n"},
		{"TOML", "a.md", "+++\ntitle = 'A'\ntags = [\n  \"x\",\n  \"y\"\n]\n[params]\n  date = 2024-05-06\n+++\ntext",
			"title=A @2:1/4\ntags=x, y @3:1/16\nparams.date=2024-05-06 @8:3/51\n"},
		{"no front matter", "a.md", "---\nJust a line of text\n---\ntext", ""},
		{"meta", "a.html", "<title>T</title>\n<meta name=Revised content='3/2019'><meta property='og:updated_time' content='2020-01-02'>\n<meta charset=utf-8><meta name=x>text",
			"revised=3/2019 @2:1/17\nog:updated_time=2020-01-02 @2:37/53\n"},
		{"job posting", "a.html", "text<script type='application/ld+json; charset=utf-8'>{\"@graph\":[{\"@type\":\"Thing\"},{\"@type\":[\"JobPosting\"],\"title\":\"Lead &amp; more\",\"datePosted\":\"2020-01-02\",\"validThrough\":\"2020-02-03\",\"hiringOrganization\":{\"name\":\"Acme\"}}]}</script><script>x</script>",
			"jobposting.title=Lead & more @1:55/54\njobposting.dateposted=2020-01-02 @1:55/54\njobposting.validthrough=2020-02-03 @1:55/54\njobposting.hiringorganization=Acme @1:55/54\n"},
		{"no job posting", "a.html", "text<script type=application/ld+json>{\"@type\":\"Thing\",\"title\":\"x\"}</script><script type=application/ld+json>{</script><script>{\"@type\":\"JobPosting\",\"title\":\"x\"}</script>", ""},
		{"Word", "a.docx", zipped(t, "word/document.xml", "<a>"+p("", "x")+"</a>", "docProps/core.xml", "<a><dc:title>T</dc:title></a>",
			"docProps/custom.xml", `<P><property name="Next Review"><vt:lpwstr>March&#10;2019</vt:lpwstr></property><property name="n"><vt:i4>5</vt:i4></property></P>`),
			"next review=March 2019\nn=5\n"},
		{"OpenDocument", "a.odt", zipped(t, "mimetype", "x", "content.xml", "<a><text:p>x</text:p></a>", "meta.xml",
			`<a><meta:user-defined meta:name="Revised" meta:value-type="date">2019-03-04</meta:user-defined></a>`), "revised=2019-03-04\n"},
		{"flat", "a.fodt", strings.Replace(flatODT("<text:p>x</text:p>"), "<dc:title>", `<meta:user-defined meta:name="A">b</meta:user-defined><dc:title>`, 1), "a=b\n"},
	} {
		d, err := Read(c.file, []byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := listed(d.Fields); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
		invariants(t, c.file, []byte(c.in))
	}
}

// TestFieldsBounded reads more fields, and longer ones, than a document keeps.
func TestFieldsBounded(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nlong: %s\n", strings.Repeat("é", 700))
	for i := range 2 * maxFields {
		fmt.Fprintf(&b, "k%d: v\n", i)
	}
	d, err := Read("a.md", []byte(b.String()+"---\ntext"))
	if err != nil || len(d.Fields) != maxFields || len(d.Fields[0].Value) != maxFieldValue || d.Text != "text" {
		t.Errorf("%v, %d fields, the first of %d bytes", err, len(d.Fields), len(d.Fields[0].Value))
	}
}

// TestDefaults tells what a person wrote from what a program writes into each
// file.
func TestDefaults(t *testing.T) {
	day := time.Date(2019, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, c := range []struct{ author, created, modified, wantAuthor string }{
		{"python-docx", "2013-12-23T23:15:00Z", "2013-12-23T23:15:00Z", ""},
		{"Apache POI", "1980-01-01T00:00:00Z", "1970-01-01T00:00:00Z", ""},
		{"Un-named", "1601-01-01T00:00:00Z", "0000-00-00T00:00:00", ""},
		{"Ada Lind", "1899-12-30T00:00:00Z", "0001-01-01T00:00:00Z", "Ada Lind"},
	} {
		core := func(created, modified string) []byte {
			return []byte(zipped(t, "word/document.xml", "<a>"+p("", "x")+"</a>", "docProps/core.xml",
				"<a><dc:creator>"+c.author+"</dc:creator><dcterms:created>"+created+"</dcterms:created><dcterms:modified>"+modified+"</dcterms:modified></a>"))
		}
		d, err := Read("a.docx", core(c.created, c.modified))
		if err != nil || d.Properties != (Properties{Author: c.wantAuthor}) {
			t.Errorf("%v: %v, %+v", c, err, d.Properties)
		}
		d, err = Read("a.docx", core(day.Format(time.RFC3339), day.Format(time.RFC3339)))
		if err != nil || d.Properties != (Properties{Author: c.wantAuthor, Created: day, Modified: day}) {
			t.Errorf("%v with own times: %v, %+v", c, err, d.Properties)
		}
	}
}
