package markdown

import (
	"bytes"
	"html"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

func TestEsc(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Front desk", "Front desk"},
		{"a|b", `a\|b`},
		{"<script>alert(1)</script>", `\<script\>alert(1)\</script\>`},
		{"line\r\n# two\tthree", `line \# two three`},
		{"  *bold* _it_ `code` ~~x~~ ", "\\*bold\\* \\_it\\_ \\`code\\` \\~\\~x\\~\\~"},
		{"[x](http://y.z)", `\[x\](http\://y.z)`},
		{"www.example.com", `www\.example.com`},
		{"- item", `\- item`},
		{"1. first", `1\. first`},
		{"12) twelfth", `12\) twelfth`},
		{"1.0", "1.0"},
		{"R&D", "R&D"},
		{"&lt;b&gt; & co", `\&lt;b\&gt; & co`},
		{`back\slash`, `back\\slash`},
		{"left\u202eright\u200b", "leftright"},
		{"bad\xffbyte", "bad\uFFFDbyte"},
		{"a\x00b\x1b[31mc", `a b \[31mc`},
		{" \n\t", ""},
	} {
		if got := esc(c.text); got != c.want {
			t.Errorf("esc(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// FuzzEsc holds that escaping loses nothing and leaves nothing special.
func FuzzEsc(f *testing.F) {
	for _, s := range []string{"a|b", "<x>", `\`, "1. x", "- x", "&amp;", "://", "www.", "\xff", "``` x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := esc(s)
		var plain strings.Builder
		for i := 0; i < len(got); i++ {
			c := got[i]
			if c == '\\' {
				if i++; i == len(got) {
					t.Fatalf("esc(%q) = %q ends in a backslash", s, got)
				}
				c = got[i]
			} else if strings.IndexByte(special, c) >= 0 || c == '\n' || c == '\r' {
				t.Fatalf("esc(%q) = %q leaves %q bare", s, got, c)
			}
			plain.WriteByte(c)
		}
		if plain.String() != verbatim(s) {
			t.Fatalf("esc(%q) = %q does not read as %q", s, got, verbatim(s))
		}
	})
}

// nasty is what a label may hold at worst.
const nasty = "a|b `c` *d* <script>x</script>\n# e\n| f | g |\n```\n1. ![h](http://i.j) &lt; {#k} $l$ \\"

// spoil puts nasty text everywhere a record has text.
func spoil(body record.AssessmentBody) record.AssessmentBody {
	in := body.Instrument
	in.Title, in.About, in.Version = nasty, nasty, nasty
	in.Bands = mapped(in.Bands, func(b record.Band) record.Band { b.Name = nasty; return b })
	scale := *in.Scale
	scale.Labels = mapped(scale.Labels, func(string) string { return nasty })
	in.Scale = &scale
	in.Dimensions = mapped(in.Dimensions, func(d record.DimensionText) record.DimensionText {
		d.Title, d.About = nasty, nasty
		d.Items = mapped(d.Items, func(it record.ItemText) record.ItemText { it.Text = nasty; return it })
		return d
	})
	body.Instrument = in
	body.Band = nasty
	body.Groups = mapped(body.Groups, func(g record.Group) record.Group {
		g.By = mapped(g.By, func(string) string { return nasty })
		g.Key = mapped(g.Key, func(string) string { return nasty })
		return g
	})
	body.Dimensions = mapped(body.Dimensions, func(d record.Dimension) record.Dimension {
		if d.Band != "" {
			d.Band = nasty
		}
		return d
	})
	body.Wave = nasty
	data := *body.Data
	data.LeftOut = []record.LeftOut{{Reason: nasty, Rows: 1}, {Reason: nasty, Rows: 1}}
	body.Data = &data
	body.Undefined = record.UndefinedNote{nasty: nasty}
	return body
}

// bare finds characters that mean something and are not escaped.
var bare = regexp.MustCompile(`\\.`)

// Text from a record must not add a block, a table cell or a tag: the report
// with nasty text has the same blocks as one with plain text.
func TestNastyTextAddsNothing(t *testing.T) {
	render := func(body record.AssessmentBody, client record.Client, text string) []string {
		r := sealed(t, client, body)
		r.AsOf, r.Sources, r.Tool.Version = text, []string{text}, text
		opt := DefaultOptions()
		opt.PreparedBy = text
		return strings.Split(string(Render([]*record.Record{r}, opt)[0].Body), "\n")
	}
	body := hotelWave(t, "w", 3, 0)
	body.Undefined = record.UndefinedNote{"x": "y"}
	// One grouping, as nasty columns cannot be told apart.
	body.Groups = body.Groups[:5]
	plain := render(body, hotel, "text")
	spoiled := render(spoil(body), record.Client{ID: nasty, Name: nasty}, nasty)
	if len(plain) != len(spoiled) {
		t.Fatalf("%d lines with plain text, %d with nasty text", len(plain), len(spoiled))
	}
	code := false
	for i := range plain {
		if strings.HasPrefix(strings.TrimSpace(plain[i]), "```") {
			code = !code
		}
		if code {
			continue
		}
		p, s := bare.ReplaceAllString(plain[i], ""), bare.ReplaceAllString(spoiled[i], "")
		for _, mark := range []string{"|", "<", "`", "["} {
			if strings.Count(p, mark) != strings.Count(s, mark) {
				t.Errorf("line %d has another number of %q:\n%s\n%s", i+1, mark, plain[i], spoiled[i])
			}
		}
		if hashes(p) != hashes(s) {
			t.Errorf("line %d is another heading:\n%s\n%s", i+1, plain[i], spoiled[i])
		}
	}
}

func hashes(line string) int { return len(line) - len(strings.TrimLeft(line, "#")) }

// What pandoc reads must be the text itself, in GitHub's dialect and in
// pandoc's own.
func TestNastyTextInPandoc(t *testing.T) {
	if _, err := exec.LookPath("pandoc"); err != nil {
		t.Skip("pandoc is not installed")
	}
	body := spoil(hotelWave(t, "w", 3, 0))
	report := Render([]*record.Record{sealed(t, record.Client{ID: "x", Name: nasty}, body)}, DefaultOptions())[0].Body
	for _, dialect := range []string{"gfm", "commonmark", "markdown-smart"} {
		cmd := exec.Command("pandoc", "-f", dialect, "-t", "html", "--wrap=none", "--mathml")
		cmd.Stdin = bytes.NewReader(report)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		page := string(out)
		for _, tag := range []string{"<script", "<img", "<a ", "<math"} {
			if strings.Contains(page, tag) {
				t.Errorf("%s: the page has %q", dialect, tag)
			}
		}
		// pandoc leaves quotation marks alone between tags; html escapes them.
		page = html.UnescapeString(page)
		if want := verbatim(nasty); strings.Count(page, want) < 50 {
			t.Errorf("%s: the nasty text stands %d times on the page as it is, want many", dialect, strings.Count(page, want))
		}
	}
}
