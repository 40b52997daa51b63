package prose

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// relatives are languages of which one may be taken for another without harm:
// none of them is English.
var relatives = [][]string{{"da", "no", "sv"}, {"es", "pt", "it", "ca"}, {"nl", "de", "af"}, {"cs", "sk"}, {"hr", "sl"}, {"ar", "fa"}}

func related(a, b string) bool {
	return a == b || slices.ContainsFunc(relatives, func(set []string) bool {
		return slices.Contains(set, a) && slices.Contains(set, b)
	})
}

// TestDetectSentences measures how many sentences of our own are told right.
// English must never be taken for anything else.
func TestDetectSentences(t *testing.T) {
	all, exact, near, english := 0, 0, 0, 0
	for tag, sentences := range ownSentences {
		for _, s := range sentences {
			got := Detect(s)
			all++
			if got.Tag == tag {
				exact++
			}
			switch {
			case tag == "en" && got.Tag != "en":
				t.Errorf("English taken for %+v: %s", got, s)
			case related(got.Tag, tag):
				near++
			case got.Tag == "en":
				english++
				t.Logf("%s taken for English, sure %t: %s", tag, got.Sure, s)
				if got.Sure {
					t.Errorf("%s surely English: %s", tag, s)
				}
			default:
				t.Logf("%s taken for %s: %s", tag, got.Tag, s)
			}
		}
	}
	t.Logf("%d sentences: %d exact, %d exact or a near relative, %d others taken for English", all, exact, near, english)
	if 100*near < 97*all {
		t.Errorf("only %d of %d sentences are told right or nearly so", near, all)
	}
}

// TestDetectSlogans: a few English words, with names and words that are also
// words elsewhere, are English, sure or not.
func TestDetectSlogans(t *testing.T) {
	for _, s := range []string{
		"Deliver WOW Through Service", "Loans that change lives.", "Just Do It", "Think different.", "Solid banking, human scale",
		"Fresh bread daily", "Premium coffee per cup", "Men dig far", "Die hard", "No bank does more", "Real gas, real fast",
		"Quality. Integrity. Respect.", "Innovation, passion, excellence", "Son of a pot man", "Par excellence",
		"Nestlé: Good Food, Good Life", "São Paulo. Málaga. København. One team.", "Café culture for Zürich commuters",
		"Citius, Altius, Fortius", "Per aspera ad astra is painted above our door", "Smart mobility solutions", "Taste tradition",
		"El Paso Electric powers homes", "Los Angeles Unified educates children", "La Quinta: rest well", "Van der Berg Logistics moves freight",
		"Safety first", "IT FOR US", "Save the date", "Total customer delight", "Banking, reimagined",
		"Der Spiegel readers trust facts", "Les Mills trainers move people", "Die casting made simple", "De Beers mines diamonds",
	} {
		if got := Detect(s); got.Tag != "en" {
			t.Errorf("%+v: %s", got, s)
		}
	}
}

// TestDetectPublic: every statement of the public collections is English.
func TestDetectPublic(t *testing.T) {
	for _, name := range []string{"statements-rated.tsv", "statements.tsv"} {
		file, err := os.Open("../../../shared/" + name)
		if err != nil {
			t.Skip("the collections of public statements are not here")
		}
		defer file.Close()
		in := csv.NewReader(file)
		in.Comma, in.LazyQuotes, in.FieldsPerRecord = '\t', true, -1
		rows, err := in.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		column := slices.Index(rows[0], "text")
		unsure := 0
		for _, row := range rows[1:] {
			got := Detect(row[column])
			if got.Tag != "en" {
				t.Errorf("%s: %+v for %s", row[0], got, row[column])
			}
			if !got.Sure {
				unsure++
			}
		}
		t.Logf("%s: %d statements, %d of them not surely English", name, len(rows)-1, unsure)
		if 10*unsure > len(rows) && len(rows) > 100 {
			t.Errorf("%d of %d are not surely English", unsure, len(rows)-1)
		}
	}
}

func TestDetectEdges(t *testing.T) {
	for text, want := range map[string]Guess{
		"":                            {"und", false},
		" \n\t 42 % – !":              {"und", false},
		"\xff\xfe\x00":                {"und", false},
		"Deliver WOW Through Service": {"en", false},
		"WE SERVE THE PEOPLE OF THE CITY AND THEIR GUESTS":  {"en", true},
		"WIR SIND FÜR DIE MENSCHEN IN DER STADT DA":         {"de", true},
		"Nous sommes la\u0300 pour e\u0301couter":           {"fr", true}, // accents apart from their letters
		"Une mission: http://www.the.com/of/to/and/our/we":  {"en", false},
		"https://www.example.com/the/of":                    {"en", false},
		"µ 5":                                               {"und", false},
		"We measure in μm and Ω, and our customers know it": {"en", true},
	} {
		if got := Detect(text); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}

// TestDetectTwoLanguages: a text half in English and half in French is not
// surely either; by paragraph each half is told.
func TestDetectTwoLanguages(t *testing.T) {
	english := "We answer your letter within five days, and we tell you why if we cannot help you."
	french := "Nous répondons à votre lettre en cinq jours et nous vous disons pourquoi si nous ne pouvons pas vous aider."
	if got := Detect(english + "\n\n" + french); got.Sure {
		t.Errorf("got %+v for both", got)
	}
	if a, b := Detect(english), Detect(french); a != (Guess{"en", true}) || b != (Guess{"fr", true}) {
		t.Errorf("got %+v and %+v", a, b)
	}
}

// TestDetectSamples: of a long text the beginning and the middle count, and no
// rune is cut apart.
func TestDetectSamples(t *testing.T) {
	english, german := strings.Repeat("we are here for the people of the city ", 1000), strings.Repeat("wir sind für die Menschen in der Stadt da ", 1000)
	if got := Detect(english + german + german); got.Sure { // German in the middle
		t.Errorf("got %+v", got)
	}
	if got := Detect(german + german); got != (Guess{"de", true}) {
		t.Errorf("got %+v", got)
	}
	for n := range 8 {
		text := strings.Repeat("x", n) + strings.Repeat("ü€𝄞", 9000)
		if s := sample(text); !utf8.ValidString(s) || len(s) > 2*sampled+8 {
			t.Errorf("%d: %d bytes, valid %t", n, len(s), utf8.ValidString(s))
		}
	}
}

// TestLatinData: each language has enough words, all in the form that they are
// looked up in.
func TestLatinData(t *testing.T) {
	d := latinData()
	if d.tags[0] != "en" || len(d.tags) < 30 || len(d.tags) > 64 {
		t.Fatalf("tags %v", d.tags)
	}
	counts := make([]int, len(d.tags))
	for _, table := range []map[string]uint64{d.functions, d.words, d.endings} {
		for word, set := range table {
			if word != strings.ToLower(word) || strings.ContainsAny(word, "',.-") {
				t.Errorf("%q can't be met", word)
			}
			for i := range counts {
				counts[i] += int(set >> i & 1)
			}
		}
	}
	for i, n := range counts {
		if n < 70 {
			t.Errorf("%s has %d entries", d.tags[i], n)
		}
	}
}

func FuzzDetect(f *testing.F) {
	for _, sentences := range ownSentences {
		f.Add(sentences[0])
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Detect(s)
		if got.Tag == "" || got.Tag == "und" && got.Sure || got != Detect(s) {
			t.Errorf("%+v", got)
		}
	})
}

// BenchmarkDetect is a statement of ordinary length and a long text, of which a
// sample is read.
func BenchmarkDetect(b *testing.B) {
	long := plainProse()
	for name, text := range map[string]string{"statement": long[:300], "page": long[:2*sampled], "long": long} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Detect(text)
			}
		})
	}
}
