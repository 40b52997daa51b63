package jobs

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/history"
)

// docx makes a Word file of paragraphs.
func docx(t *testing.T, paragraphs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`)
	put("_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`)
	body := ""
	for _, p := range paragraphs {
		body += "<w:p><w:r><w:t>" + p + "</w:t></w:r></w:p>"
	}
	put("word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body+`</w:body></w:document>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDifference(t *testing.T) {
	const clerk = "# Clerk\n\nLast reviewed: 2025-03-01\n\nAnswers calls.\n"
	with := func(old, new string) string { return strings.Replace(clerk, old, new, 1) }
	for _, c := range []struct {
		what, name, older, newer string
		want                     history.Difference
		note                     string
	}{
		{"nothing", "a.md", clerk, clerk, history.Same, ""},
		{"white space", "a.md", clerk, "# Clerk\n\n\nLast reviewed:  2025-03-01\n\nAnswers\ncalls.\n\n", history.Same, ""},
		{"markup", "a.md", clerk, with("Answers calls.", "**Answers** calls."), history.Same, ""},
		{"a comment", "a.md", clerk, clerk + "\n<!-- firstcall:disable dated/tool -->\n", history.Same, ""},
		{"front matter", "a.md", clerk, "---\nlayout: job\n---\n" + clerk, history.Same, ""},
		{"the date", "a.md", clerk, with("2025-03-01", "2026-03-01"), history.Dates, "2025-03-01 to 2026-03-01"},
		{"the date in front matter", "a.md", "---\nlast_reviewed: 2025-03-01\n---\nAnswers calls.\n", "---\nlast_reviewed: 2026-03-01\n---\nAnswers calls.\n", history.Dates, "2025-03-01 to 2026-03-01"},
		{"a first date in front matter", "a.md", "Answers calls.\n", "---\nlast_reviewed: 2026-03-01\n---\nAnswers calls.\n", history.Dates, "none to 2026-03-01"},
		{"the next review", "a.txt", "Clerk\nNext review: 2025-03-01\n", "Clerk\nNext review: 2026-03-01\n", history.Dates, "2025-03-01 to 2026-03-01"},
		{"a date taken out of front matter", "a.md", "---\nlast_reviewed: 2025-03-01\n---\nAnswers calls.\n", "Answers calls.\n", history.Same, ""},
		{"the date and a word", "a.md", clerk, "# Clerk\n\nLast reviewed: 2026-03-01\n\nAnswers mail.\n", history.Text, ""},
		{"a word", "a.md", clerk, with("calls", "mail"), history.Text, ""},
		{"case", "a.md", clerk, with("calls", "Calls"), history.Text, ""},
		{"a date of the contents", "a.md", clerk + "\nStarts on 2025-05-01.\n", clerk + "\nStarts on 2026-05-01.\n", history.Text, ""},
		{"not to be read, the same", "a.docx", "not a file", "not a file", history.Same, ""},
		{"not to be read", "a.docx", "not a file", "no file either", history.Text, ""},
		{"no longer to be read", "a.md", clerk, "", history.Text, ""},
	} {
		got, note := Difference(c.name, []byte(c.older), []byte(c.newer))
		if got != c.want || note != c.note {
			t.Errorf("%s: %d %q, want %d %q", c.what, got, note, c.want, c.note)
		}
	}
}

func TestDifferenceOfWord(t *testing.T) {
	a := docx(t, "Clerk", "Last reviewed: 2025-03-01", "Answers calls.")
	for _, c := range []struct {
		what  string
		newer []byte
		want  history.Difference
		note  string
	}{
		{"space", docx(t, "Clerk", "", "Last reviewed: 2025-03-01", "Answers  calls."), history.Same, ""},
		{"the date", docx(t, "Clerk", "Last reviewed: 2026-03-01", "Answers calls."), history.Dates, "2025-03-01 to 2026-03-01"},
		{"a word", docx(t, "Clerk", "Last reviewed: 2025-03-01", "Answers mail."), history.Text, ""},
	} {
		if got, note := Difference("a.docx", a, c.newer); got != c.want || note != c.note {
			t.Errorf("%s: %d %q, want %d %q", c.what, got, note, c.want, c.note)
		}
	}
}

func TestBumped(t *testing.T) {
	p := paperOf(t, nil, asOf, "a.txt", "Clerk\nLast reviewed: 2026-03-01\n")
	p.History = changed("2020-02-03")
	p.History.Bumps = []history.Bump{{Commit: history.Commit{Hash: "abcdef0123456", When: day("2026-03-01")}, Note: "2025-03-01 to 2026-03-01"}, {Commit: history.Commit{Hash: "ab", When: day("2025-03-01")}}}
	j := settled(p, asOf).Judge(Options{}).Job
	var got []string
	for _, f := range j.Findings {
		if f.Rule == "review/bumped" {
			got = append(got, f.Message)
		}
	}
	want := []string{ // of the whole document, in the order of the words
		"The review date was set anew on 2025-03-01 without a change of the text: commit ab",
		"The review date was set anew on 2026-03-01 (2025-03-01 to 2026-03-01) without a change of the text: commit abcdef0123",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if j.Review.Bumped != 2 || j.Verdict != "current" || j.Sure != "medium" || j.Staleness.Parts[0].Points != 8 {
		t.Errorf("%+v, %s (%s), %v", j.Review, j.Verdict, j.Sure, j.Staleness.Parts[0])
	}
}
