package ics

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPut(t *testing.T) {
	for name, c := range map[string]struct{ value, want string }{
		"just fits":         {strings.Repeat("a", 73), "N:" + strings.Repeat("a", 73) + "\r\n"},
		"one too many":      {strings.Repeat("a", 74), "N:" + strings.Repeat("a", 73) + "\r\n a\r\n"},
		"three lines":       {strings.Repeat("a", 73+74+1), "N:" + strings.Repeat("a", 73) + "\r\n " + strings.Repeat("a", 74) + "\r\n a\r\n"},
		"a character whole": {strings.Repeat("a", 72) + "é", "N:" + strings.Repeat("a", 72) + "\r\n é\r\n"},
		"four bytes":        {strings.Repeat("a", 70) + "😀", "N:" + strings.Repeat("a", 70) + "\r\n 😀\r\n"},
		"empty":             {"", "N:\r\n"},
	} {
		var l lines
		l.put("N", c.value)
		if got := l.String(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		`a\b;c,d`:              `a\\b\;c\,d`,
		"a\nb\r\nc\rd":         `a\nb\nc\nd`,
		"a\u2028b\u0085c\vd":   `a\nb\nc\nd`,
		"a\x00b\x7fc\td":       "a b c\td",
		`say "hi": it's n\n`:   `say "hi": it's n\\n`,
		"bad\xffend":           "bad\ufffdend",
		"\U0001F469\u200d🔬 ok": "\U0001F469\u200d🔬 ok",
	} {
		if got := escape(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// FuzzText: whatever a text has, a reader gets it back.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a", `\n;,:"`, strings.Repeat("é", 200), "a\r\nBEGIN:VEVENT\r\n", "\\", strings.Repeat("ab😀", 40), " x\n y ", "\ufeff", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var l lines
		l.text("SUMMARY", text)
		if text == "" {
			if l.Len() > 0 {
				t.Error("an empty text has a line")
			}
			return
		}
		got := unfold(t, l.Bytes())
		if len(got) != 1 || got[0].name != "SUMMARY" || got[0].params != "" {
			t.Fatalf("%d lines: %q", len(got), got)
		}
		if back := unescape(t, got[0].value); back != plain(text) {
			t.Errorf("%q comes back as %q", text, back)
		}
	})
}

// plain is a text as a calendar can hold it: one sort of line end, and no control
// characters. It is written another way than the code under test.
func plain(text string) string {
	var out []rune
	runes := []rune(strings.ToValidUTF8(text, string(utf8.RuneError)))
	for i, r := range runes {
		switch {
		case r == '\n' && i > 0 && runes[i-1] == '\r':
		case strings.ContainsRune("\n\v\f\r\u0085\u2028\u2029", r):
			out = append(out, '\n')
		case r != '\t' && r < 0x80 && unicode.IsControl(r):
			out = append(out, ' ')
		default:
			out = append(out, r)
		}
	}
	return string(out)
}
