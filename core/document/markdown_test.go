package document

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var markdownCases = []docCase{
	{"headings", "# One #\n## Two ##x\n####### no\n\nThree\n===\nFour\n---\n#", "H1 One\nH2 Two ##x\nP ####### no\nH1 Three\nH2 Four\n"},
	{"emphasis", "a **b** *c* _d_ ~~e~~ ***f*** *g **h** i* 2 * 3 * 4 snake_case_x __init__ *foo**bar* **a*b*", "P a b c d e f g h i 2 * 3 * 4 snake_case_x init foo**bar **ab\n"},
	{"code", "a `*b*` `` c`d `` `e\n\n```go\n# x\n\ny\n```\n~~~\nz\n\n    in\n\n    code", "P a *b* c`d `e\nX # x//y\nX z//    in//    code\n"},
	{"indented code", "a\n    b\n\n    # c\n\n      d\ne", "P a/b\nX # c//  d\nP e\n"},
	{"links", "[a *b*](http://x (t)) [c](<y z> \"t\") [d][r] [R] [e][] [no] ![p](q) ![w][r] <http://h> <m@n.o> [1](2](3) [x [y](z)](q)\n\n[r]: /u \"t\"\n[e]: <v>", "P a b c d R e [no] http://h m@n.o [1](2](3) [x y](q)\n"},
	{"footnotes", "a[^1] b\n\n[^1]: Note *c*.", "P a b\nP Note c.\n"},
	{"escapes", `\*a\* \[b] \c &amp; &auml; &#65; &nosuch; &copy a\` + "\nb  \nc", "P *a* [b] \\c & ä A &nosuch; &copy a/b/c\n"},
	{"lists", "- a\n- b\n  c\n\n  d\n  - e\n    1. f\n* g\n1) h\n2) i\n\nj\n2. k\n1. l\n- [ ] m\n-\n", "I1 a\nI1 b/c\nP d\nI2 e\nI3 f\nI1 g\nI1 h\nI1 i\nP j/2. k\nI1 l\nI1 m\n"},
	{"soft hyphens", "bene\u00ADfits \u00ADé *\u00ADa*\n\n\u00AD\n\n`b\u00ADc`", "P benefits é a\nP b\u00ADc\n"},
	{"quotes", "> a\n> b\nc\n>\n> # d\n>> e\n> - f\n\ng", "Q1 a/b/c\nH1 d\nQ2 e\nI1 f\nP g\n"},
	{"rules", "a\n\n***\n- - -\n___\nb", "P a\nP b\n"},
	{"tables", "x\n| a | b \\| `c` |\n|---|:-:|\n| d | |\n e | *f*\n\ng | h\ni", "P x\nC a\nC b | c\nC d\nC e\nC f\nP g | h/i\n"},
	{"comments", "<!-- firstcall:disable a -->\nb <!-- c --> d\n<!-- e\n\nf -->\ng\n# firstcall:disable h\n\ni <!-- never\n\n```\n<!-- code -->\n```\n// firstcall:enable",
		"P b d/g\nP i <!-- never\nX <!-- code -->\n! firstcall:disable a before \"b d\\ng\" at 1:1\n! c before \"d\\ng\\n\\n\" at 2:3\n! e\n\nf before \"g\\n\\ni \" at 3:1\n! firstcall:disable h before \"i <!-\" at 7:1\n! firstcall:enable before \"\" at 14:1\n"},
	{"tags", "a<br>b <b class=\"x>y\">c</b> 1 < 2 <d\n<div>\ne</div>\nf <?php g ?> h\n\n<script>\nvar i\n</script>\n<p>j<p>k", "P a/b c 1 < 2 <d\nP e/f h\nP j/k\n"},
	{"not so", "> a\n    > b\n\n-\n\nc\n\n````\n```\nd\n````\nfoo_bar_ baz\n\ne | f\n|---|\n", "Q1 a/> b\nP c\nX ```/d\nP foo_bar_ baz\nP e | f/|---|\n"},
	{"tagged", "a\n<h2 align=center>b\nc</h2>\nd\n<ul>\n<li>e</li>\n<li>f\n</ul>\n<pre>g\n h</pre>\n", "P a\nH2 b/c/d\nI1 e\nI1 f\nX g/h\n"},
	{"tabs", "-\ta\n\n\t- b\n\n\tc", "I1 a\nI2 b\nP c\n"},
	{"CRLF", "# a\r\n\r\nb\r\nc\r\n\r\n- d\r\n", "H1 a\nP b/c\nI1 d\n"},
	{"CR", "# a\r\rb\rc\r", "H1 a\nP b/c\n"},
}

func TestMarkdown(t *testing.T) {
	for _, c := range markdownCases {
		c.run(t, "a.md", []byte(c.in))
	}
}

func TestFrontMatter(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		in, text string
		want     Properties
	}{
		{"---\ntitle: \"A: b\" # c\nauthor:\n  - D\n  - 'E'\ndate: 2024-05-06\nlastmod: 2024-06-07T08:09:10Z\n---\ntext", "text",
			Properties{"A: b", "D, E", day(2024, 5, 6), time.Date(2024, 6, 7, 8, 9, 10, 0, time.UTC)}},
		{"+++\ntitle = 'A'\nauthors = [\"B\", \"C\"]\n[params]\nx = 1\ndate = 2024-05-06\n+++\ntext", "text", Properties{"A", "B, C", day(2024, 5, 6), time.Time{}}},
		{"---\nJust a text\n---\n", "Just a text", Properties{}},
		{"---\ntitle: never ends\n\ntext", "title: never ends\n\ntext", Properties{}},
		{"---\n---\ntext", "text", Properties{}},
		{"---\n# A\n---\ntext", "A\n\ntext", Properties{}},
	} {
		d, err := Read("a.md", []byte(c.in))
		if err != nil || d.Text != c.text || d.Properties != c.want {
			t.Errorf("%q: %v, text %q, properties %+v", c.in, err, d.Text, d.Properties)
		}
	}
}

// TestLinear reads what a reader that goes back would take forever for.
func TestLinear(t *testing.T) {
	const n = 300_000
	for _, s := range []string{"[", "![", "*", "_a", "**a ", "<", "<a ", "<!--", "<?", "`", "``a`", ">", "> ", "&", "[a](", "[a](<b", "[a][", "a]", "\\", "- ", "1. ", "|", "~~a ",
		"[a](b \"", "]:", "<a b=\"", "<a b='c\" ", "<!X", "<script", "[^", "*a_ ", "a**b", "|-", "\t", "\n    a", "> \n", "<![CDATA["} {
		for _, in := range []string{strings.Repeat(s, n/len(s)), "[a]: b\n\n| a |\n" + strings.Repeat(s+"\n", n/len(s)/2)} {
			start := time.Now()
			if d, err := Read("a.md", []byte("x "+in)); err != nil && d != nil {
				t.Error(err)
			}
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("%q takes %v", s, took)
			}
		}
	}
}

// TestTextInFrontMatter holds that a page kept in a value of front matter is read, and
// that front matter alone is no text.
func TestTextInFrontMatter(t *testing.T) {
	page := "---\nrole: Receptionist\npage: >-\n  * Greets visitors.\n  * " + strings.Repeat("Answers the phone. ", 20) + "\n---\n"
	doc, err := Read("page.md", []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Greets visitors.", "role: Receptionist"} {
		if !strings.Contains(doc.Text, want) {
			t.Errorf("%q is not in the text:\n%s", want, doc.Text)
		}
	}
	if _, err := Read("stub.md", []byte("---\nrole: Receptionist\n---\n")); !errors.Is(err, ErrEmpty) {
		t.Errorf("front matter alone: %v", err)
	}
}
