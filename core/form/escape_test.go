package form

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// attack would break out of elements, attributes, scripts, styles and comments.
const attack = `</script><script>window.broken=1</script>"'><img src=x onerror=window.broken=1>--></style>{{.}} &amp; \u0022`

// hostile is the help desk with attack for every text a user can type.
func hostile() (*instrument.Instrument, Options) {
	in := desk()
	in.Title = attack
	for i := range in.Dimensions {
		d := &in.Dimensions[i]
		d.Title = attack
		for j := range d.Items {
			d.Items[j].Text = attack
			d.Items[j].Scale.Labels = slices.Clone(d.Items[j].Scale.Labels)
			for k := range d.Items[j].Scale.Labels {
				d.Items[j].Scale.Labels[k] = attack
			}
		}
	}
	for i := range in.Attributes {
		in.Attributes[i].Text = attack
	}
	return in, Options{
		Client: attack, Wave: attack, Title: attack, Intro: attack,
		Choices: map[string][]string{"role": {attack}, "years-here": {"a", "b", "c", "d", "e", "f", attack}},
	}
}

// outline lists the elements of a page with the names of their attributes.
func outline(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		s := n.Data
		for _, a := range n.Attr {
			s += " " + a.Key
		}
		all = append(all, s)
	}
	return all
}

// Hostile wording gives the same elements with the same attributes as tame
// wording: it stays text.
func TestHTMLWordingStaysText(t *testing.T) {
	in, opt := hostile()
	tame := Options{
		Client: "x", Wave: "x", Title: "x", Intro: "x",
		Choices: map[string][]string{"role": {"x"}, "years-here": {"a", "b", "c", "d", "e", "f", "x"}},
	}
	got, want := outline(t, render(t, "html", in, opt)), outline(t, render(t, "html", desk(), tame))
	if !slices.Equal(got, want) {
		t.Errorf("hostile wording changed the page:\ngot  %q\nwant %q", got, want)
	}
}

func TestHTMLIsOneFile(t *testing.T) {
	root, err := html.Parse(strings.NewReader(render(t, "html", desk(), Options{})))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if slices.Contains([]string{"src", "srcset", "action", "style", "poster", "data"}, a.Key) ||
				a.Key == "href" && !strings.HasPrefix(a.Val, "#") || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
}

// The policy names the style and the script as they stand in the page.
func TestPolicyNamesWhatIsThere(t *testing.T) {
	root, err := html.Parse(strings.NewReader(render(t, "html", desk(), Options{})))
	if err != nil {
		t.Fatal(err)
	}
	inline := map[string]string{}
	policy := ""
	for n := range root.Descendants() {
		switch {
		case n.Data == "style" || n.Data == "script":
			inline[n.Data] += n.FirstChild.Data
		case n.Data == "meta" && slices.Contains(n.Attr, html.Attribute{Key: "http-equiv", Val: "Content-Security-Policy"}):
			policy = n.Attr[1].Val
		}
	}
	if want := contentPolicy(inline["style"], inline["script"]); policy != want {
		t.Errorf("the policy is\n%s\nwant\n%s", policy, want)
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is too generous: %s", policy)
	}
}

// On paper hostile wording stands escaped wherever it appears.
func TestMarkdownWordingStaysText(t *testing.T) {
	in, opt := hostile()
	sheet := render(t, "md", in, opt)
	if strings.Contains(sheet, attack) {
		t.Error("some wording is not escaped")
	}
	// The title, the intro, the client and the wave; four headings of
	// dimensions; seven items; labels twice, in the key and as boxes: 5 + 4 +
	// 12 for the key, 5 + 5 + 4 + 12 for the boxes; three attributes, one
	// choice each for two of them.
	const want = 4 + 4 + 7 + 21 + 26 + 3 + 2
	if got := strings.Count(sheet, EscapeMarkdown(attack)); got != want {
		t.Errorf("the wording stands %d times, want %d", got, want)
	}
}

func TestEscapeMarkdown(t *testing.T) {
	tests := []struct{ text, want string }{
		{"We can't keep up (often).", "We can't keep up (often)."},
		{"Q&A is fine, R&D and &amp; are not: 3 & 4", `Q\&A is fine, R\&D and \&amp; are not: 3 & 4`},
		{"- a bullet", `\- a bullet`},
		{"well-known", "well-known"},
		{"12. a number", `12\. a number`},
		{"12) a number", `12\) a number`},
		{"# a heading #", `\# a heading \#`},
		{"*bold* _it_ `code` ~no~ $x$", "\\*bold\\* \\_it\\_ \\`code\\` \\~no\\~ \\$x\\$"},
		{"[link](http://x) <b>|</b> \\", `\[link\](http://x) \<b\>\|\</b\> \\`},
		{"1.5 hours", `1\.5 hours`},
	}
	for _, tt := range tests {
		if got := EscapeMarkdown(tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestRanges(t *testing.T) {
	for _, tt := range []struct {
		numbers []int
		want    string
	}{{[]int{1}, "1"}, {[]int{1, 2}, "1–2"}, {[]int{1, 2, 3, 5, 7, 8}, "1–3, 5, 7–8"}, {nil, ""}} {
		if got := ranges(tt.numbers); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.numbers, got, tt.want)
		}
	}
}

// FuzzWording renders any wording and expects it to stay text in the page and
// in one line on paper.
func FuzzWording(f *testing.F) {
	f.Add(attack)
	f.Add("two\r\nlines\x00")
	f.Add("\xff \u2028 \u0085")
	f.Fuzz(func(t *testing.T, wording string) {
		in := desk()
		in.Dimensions, in.Outcomes = in.Dimensions[:1], nil
		in.Dimensions[0].Items[0].Text = wording
		in.Dimensions[0].Title = wording
		tame := desk()
		tame.Dimensions, tame.Outcomes = tame.Dimensions[:1], nil
		page := render(t, "html", in, Options{})
		if !slices.Equal(outline(t, page), outline(t, render(t, "html", tame, Options{}))) {
			t.Error("the wording changed the page")
		}
		paper, tamePaper := render(t, "md", in, Options{}), render(t, "md", tame, Options{})
		if got, want := strings.Count(paper, "\n"), strings.Count(tamePaper, "\n"); got != want {
			t.Errorf("the sheet has %d lines, want %d", got, want)
		}
	})
}
