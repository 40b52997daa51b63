package lexicon

import "testing"

func TestBase(t *testing.T) {
	lex := English()
	for word, want := range map[string]string{
		"Replies": "reply", "replied": "reply", "replying": "reply", "warmly": "warm", "warmer": "warm", "politeness": "polite", "politenesses": "polite",
		"friendliness": "friendly", "friendlier": "friendly", "friendly": "friendly", "quickly": "quick", "fastest": "fast", "easier": "easy",
		"simply": "simple", "truly": "true", "reliably": "reliable", "carefully": "careful", "caring": "care", "dining": "dine", "visiting": "visit", "listening": "listen", "planned": "plan",
		"bigger": "big", "kept": "keep", "understood": "understand", "people": "person", "customer’s": "customer", "supply": "supply",
		"business": "business", "businesses": "business", "only": "only", "family": "family", "speed": "speed", "need": "need", "less": "less",
		"honest": "honest", "": "", "zqxw": "", "zqxwing": "",
	} {
		if got := lex.Base(word); got != want {
			t.Errorf("base of %q is %q, want %q", word, got, want)
		}
	}
}

func TestBaseOfABase(t *testing.T) {
	lex := English()
	for _, w := range lex.words[1:] {
		word := w.text
		if base := lex.Base(word); base != lex.Base(base) {
			t.Errorf("base of %q is %q, but the base of that is %q", word, base, lex.Base(base))
		}
	}
}

func FuzzBase(f *testing.F) {
	f.Add("politenesses")
	f.Fuzz(func(t *testing.T, word string) {
		lex := English()
		if base := lex.Base(word); base != lex.Base(base) {
			t.Errorf("base of %q is %q, but the base of that is %q", word, base, lex.Base(base))
		}
	})
}
