package moodle

import (
	"strings"
	"testing"
)

func TestTitle(t *testing.T) {
	for text, want := range map[string]string{
		"Keeping everyone informed":          "Keeping everyone informed",
		"  two\tlines\r\n of text ":          "two lines of text",
		"a < b & c > d":                      "a < b & c > d", // PHP takes away only what looks like a tag
		`Bäcker & Söhne <Ltd> "é"`:           `Bäcker & Söhne ‹Ltd› "é"`,
		"we <3 guests":                       "we ‹3 guests",
		"less is <":                          "less is ‹",
		"=SUM(A1)":                           "“=SUM(A1)”",
		"+1":                                 "“+1”",
		"- on time":                          "“- on time”",
		"@home: call back":                   "“@home: call back”",
		"bad\x00and\x1b[2J":                  "bad and [2J",
		"日本語":                                "日本語",
		"not \xff a character \ufffe \u00a0": "not \ufffd a character \u00a0",
	} {
		if got := title(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

// A cut may fall behind a bracket, after which no blank comes then.
func TestShort(t *testing.T) {
	got := short(strings.Repeat("a", 90) + "< and more than a hundred")
	if r := []rune(got); len(r) != 100 || string(r[:92]) != strings.Repeat("a", 90)+"‹-" {
		t.Errorf("%q", got)
	}
}

func TestMarkup(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		" \n\t\n":                   "",
		"one\n\n two  three\n":      "<p>one</p><p>two three</p>",
		"one\r\nand\n \t\n\ntwo\n":  "<p>one and</p><p>two</p>",
		`a "b" & <c> 'd'`:           `<p>a "b" &amp; &lt;c&gt; 'd'</p>`,
		"already &amp; <b>bold</b>": "<p>already &amp;amp; &lt;b&gt;bold&lt;/b&gt;</p>",
	} {
		if got := markup(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		`<p>a &quot;b&quot; &amp; c</p>` + "\n<ul><li>d</li><li>e</li></ul>": `a "b" & c d e`,
		"<p>x</p><p>y</p>":       "x y",
		"<p>&lt;b&gt;&nbsp;</p>": "<b>",
		"1 < 2":                  "1 < 2",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
	if !differs("<p>a</p>", "<p>b</p>") || differs("<p>a &quot;b&quot;</p>", `<p>a "b"</p>`) || differs("<p>kept</p>", "") {
		t.Error("differs")
	}
}

// What a server says is one short line.
func TestPlainWords(t *testing.T) {
	if got := plainWords("Sorry\x1b[2J,\n<b>no</b> &amp; never."); got != "Sorry [2J, no & never" {
		t.Errorf("%q", got)
	}
	if got := []rune(plainWords(strings.Repeat("ä", 300))); len(got) != 200 || got[199] != '…' {
		t.Errorf("%d", len(got))
	}
}

// FuzzMarkup: what is written reads as it was, whatever it was, and again what comes back
// from a site never fails.
func FuzzMarkup(f *testing.F) {
	f.Add("a & b < c > d \"e\" 'f'\n\ng")
	f.Add("&amp; &#39; </p><script>")
	f.Add("\xff\x00\u00a0\u2028")
	f.Fuzz(func(t *testing.T, text string) {
		want := strings.Join(strings.Fields(oneLine(text)), " ")
		if got := plain(markup(text)); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
		if again := short(text); len([]rune(again)) > longest || tagLike.MatchString(again) || strings.ContainsAny(again, "\n\r\x00") {
			t.Errorf("%q became the name %q", text, again)
		}
		plainWords(text)
	})
}
