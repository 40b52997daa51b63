package vision

import (
	"io/fs"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/language"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/record"
)

// voicesOf repeats each answer as often as asked.
func voicesOf(statement string, minimum int, answers ...any) record.Voices {
	var all []string
	for i := 0; i < len(answers); i += 2 {
		for range answers[i].(int) {
			all = append(all, answers[i+1].(string))
		}
	}
	return VoicesOf(all, statement, lexicon.English(), minimum)
}

func TestVoices(t *testing.T) {
	got := voicesOf("We keep our promises, and we answer quickly and with Speed.", 5,
		6, "Fast, friendly, knowledgeable",
		3, "I want them to think that we are quick and always friendly!",
		4, "friendliness",
		5, "we kept every promise",
		2, "Sunny",
		3, "not rude", // no idea, so it is not among the answers
		1, "", 1, "🙂", 1, "n/a", 1, "I don't know")
	want := record.Voices{Answers: 20, Rare: 0, Carried: 0.7, Ideas: []record.Idea{
		{Word: "friendly", Answers: 15},
		{Word: "fast", Answers: 9, Carried: true, By: []string{"quickly", "Speed"}},
		{Word: "competent", Answers: 6},
		{Word: "keep promises", Answers: 5, Carried: true, By: []string{"keep our promises"}},
	}}
	want.Ideas[2].Word = "knowledgeable" // six people gave that very form
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// ideasOf gives the heads of the ideas that a text affirms, words without a group
// in brackets.
func ideasOf(text string) string {
	r := voiceReader{book: englishIdeas(), lex: lexicon.English()}
	var out []string
	r.each(text, func(at idea, _, _ string) {
		word := "(" + at.base + ")"
		if at.group != noGroup {
			word = r.book.heads[at.group]
		}
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	})
	return strings.Join(out, " ")
}

func TestVoicesIdeas(t *testing.T) {
	for text, want := range map[string]string{
		"friendly,fast,reliable":                     "friendly fast reliable",
		"Friendly/fast & RELIABLE":                   "friendly fast reliable",
		"- friendly\n- quick\n- on\ttime":            "friendly fast punctual",
		"They know my name":                          "personal",
		"We know every customer":                     "",
		"Not rude":                                   "",
		"never rude or slow, friendly":               "friendly",
		"not rude, slow or lazy but fast":            "fast",
		"Not pushy, friendly":                        "friendly",
		"not pushy and always friendly":              "friendly",
		"not only fast but friendly":                 "fast friendly",
		"nothing but honest":                         "honest",
		"We aren’t slow. We are quick.":              "fast",
		"they don't make people wait for help":       "",
		"no waiting":                                 "fast",
		"no hassle":                                  "easy",
		"hassle-free, worry-free and non-judgmental": "easy inclusive",
		"easy to understand":                         "clear",
		"what kind of place":                         "(place)",
		"kindly":                                     "friendly",
		"on schedule":                                "punctual",
		"please ask for Mary or Zoltan at the desk":  "(ask) (desk)",
		"Zoltan":                       "",
		"the cafés and the sushi":      "(cafés) (sushi)",
		"caf\u0065\u0301s":             "(cafés)",
		"sunniest":                     "friendly",
		"We will open new stores":      "(store)",
		"open and truthful":            "honest",
		"business as usual":            "(usual)",
		"give great service":           "good",
		"listening, understood, heard": "attentive",
		"24/7":                         "available",
		"room 24":                      "(room)",
		"up to date":                   "informed",
		"at all times we pay the very best attention":     "(pay) good attentive",
		"see https://example.org/friendly":                "",
		"as a team that works together we value teamwork": "(team) united (value)",
	} {
		if got := ideasOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestVoicesNames(t *testing.T) {
	for _, test := range []struct {
		answers []any
		want    string // words, and how many ideas are rare
		rare    int
	}{
		{[]any{3, "quick", 2, "swift"}, "fast", 0},               // no form of five people
		{[]any{5, "quick", 2, "fast"}, "quick", 0},               // the form most given
		{[]any{5, "swift", 5, "quick"}, "quick", 0},              // ties by the alphabet
		{[]any{4, "quick", 9, "honest"}, "honest", 1},            // too few
		{[]any{3, "tasty", 3, "tastier"}, "", 2},                 // nobody's five, and no word of ours
		{[]any{3, "laughter", 3, "Laughter"}, "laughter", 0},     // capitals are no form
		{[]any{3, "menu", 2, "menus"}, "menu", 0},                // a dictionary's
		{[]any{5, "fast fast fast quick quick"}, "fast", 0},      // one answer counts once
		{[]any{5, "honest. fast", 4, "zzyzx"}, "fast honest", 1}, // ties by the alphabet
		{[]any{4, "fast"}, "", 0},                                // too few answers for anything
	} {
		got := voicesOf("", 5, test.answers...)
		var words []string
		for _, i := range got.Ideas {
			words = append(words, i.Word)
		}
		if strings.Join(words, " ") != test.want || got.Rare != test.rare {
			t.Errorf("%v: %q and %d rare, want %q and %d", test.answers, words, got.Rare, test.want, test.rare)
		}
	}
}

func TestVoicesCarriedIsCoarse(t *testing.T) {
	const statement = "Fast and honest."
	for _, test := range []struct {
		answers []any
		want    float64
	}{
		{[]any{7, "fast", 3, "clean"}, 0.7},                                      // what the idea says anyway
		{[]any{5, "fast", 5, "honest", 10, "clean"}, 0.5},                        // apart
		{[]any{4, "fast, honest", 1, "fast", 1, "honest", 14, "clean"}, 5. / 20}, // six, told as five
		{[]any{5, "fast", 5, "clean"}, 0.5},
		{[]any{5, "clean"}, 0},
		{[]any{2, "fast", 8, "clean"}, 0}, // too few to be named
		{[]any{2, "fast", 1, "clean"}, 0}, // too few answers
	} {
		if got := voicesOf(statement, 5, test.answers...).Carried; math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%v: %v, want %v", test.answers, got, test.want)
		}
	}
}

func TestVoicesMinimumHasAFloor(t *testing.T) {
	for _, minimum := range []int{-1, 0, 1, 3} {
		if got := voicesOf("fast", minimum, 2, "fast", 3, "honest"); len(got.Ideas) != 1 || got.Rare != 1 {
			t.Errorf("minimum %d: %+v", minimum, got)
		}
	}
}

var voiceWords = strings.Fields("fast quick quickly honest honesty listens listened menu menus zorble Mary clean cleanest not no without never only but or and , . ; on time keep promise promises my")

func randomAnswers(rng *rand.Rand) []string {
	answers := make([]string, rng.IntN(40))
	for i := range answers {
		var b strings.Builder
		for range rng.IntN(8) {
			b.WriteString(voiceWords[rng.IntN(len(voiceWords))])
			b.WriteByte(' ')
		}
		answers[i] = b.String()
	}
	return answers
}

func TestVoicesOrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		answers, minimum := randomAnswers(rng), 3+rng.IntN(4)
		want := VoicesOf(answers, "Quick and clean, on time.", lexicon.English(), minimum)
		rng.Shuffle(len(answers), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
		if got := VoicesOf(answers, "Quick and clean, on time.", lexicon.English(), minimum); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %+v and %+v", answers, got, want)
		}
	}
}

// checkVoices says what is wrong with voices, whatever the answers.
func checkVoices(t *testing.T, v record.Voices, answers []string, minimum int) {
	t.Helper()
	if v.Answers > len(answers) || v.Carried < 0 || v.Carried > 1 || v.Rare < 0 || v.Ideas == nil {
		t.Errorf("%q: %+v", answers, v)
	}
	if v.Answers < minimum && (len(v.Ideas) > 0 || v.Rare > 0 || v.Carried != 0) {
		t.Errorf("%q: more than the number of answers: %+v", answers, v)
	}
	seen := map[string]bool{}
	for _, i := range v.Ideas {
		if i.Answers < minimum || i.Answers > v.Answers || i.Word == "" || seen[i.Word] || i.Carried != (len(i.By) > 0) || !utf8.ValidString(i.Word) {
			t.Errorf("%q: idea %+v", answers, i)
		}
		seen[i.Word] = true
	}
}

// What too few people say must not be seen in any figure: putting one rare idea
// for another changes nothing, whatever the statement says.
func TestVoicesOfFewAreNotSeen(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const statement = "Quick, respectful and clean: vegan menus, and umbrellas on time."
	for range 300 {
		answers, minimum := randomAnswers(rng), 3+rng.IntN(4)
		with := func(word string) record.Voices {
			all := slices.Clone(answers)
			for i := range min(minimum-1, len(all)) {
				all[i] = word + ". " + all[i]
			}
			v := VoicesOf(all, statement, lexicon.English(), minimum)
			checkVoices(t, v, all, minimum)
			return v
		}
		want := with("respect")
		for _, word := range []string{"umbrella", "vegans", "xylophones", "gravel", "qqqq"} {
			if got := with(word); !reflect.DeepEqual(got, want) {
				t.Fatalf("%q, %q: %+v\nwant %+v", answers, word, got, want)
			}
		}
	}
}

func TestVoicesOfLongAnswers(t *testing.T) {
	long := "clean " + strings.Repeat("é", maxAnswer/2) + " fast" // the end is not read
	if got := voicesOf("", 3, 3, long); got.Answers != 3 || len(got.Ideas) != 1 || got.Ideas[0].Word != "clean" {
		t.Errorf("%d answers, %d ideas", got.Answers, len(got.Ideas))
	}
	// Linear, also where every word turns round, begins a phrase or goes on a list.
	for _, word := range []string{"not ", "never, ", "keep my ", "not rude, ", "a-", "-", "fast ", "é", "\n", "hassle-free-"} {
		answer := strings.Repeat(word, maxAnswer/len(word)+1)
		start := time.Now()
		voicesOf(strings.Repeat(word, maxStatementRead/len(word)+1), 3, 100, answer)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%q took %v", word, took)
		}
	}
}

func TestVoicesData(t *testing.T) {
	data, err := fs.ReadFile(language.English(), "ideas.txt")
	if err != nil {
		t.Fatal(err)
	}
	lex := lexicon.English()
	book := readIdeas(string(data), lex)
	r := voiceReader{book: book, lex: lex}
	if n := len(book.heads) - 2; n < 40 {
		t.Errorf("%d ideas", n)
	}
	for line := range strings.Lines(string(data)) {
		head, rest, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(head, "#") || strings.HasPrefix(head, "!") {
			continue
		}
		group := slices.Index(book.heads, head)
		entries := strings.Split(rest, ", ")
		if !slices.Contains(entries, head) {
			t.Errorf("%q does not stand in its own line", head)
		}
		for _, entry := range entries {
			var got []idea
			r.each(entry, func(at idea, _, _ string) { got = append(got, at) })
			if len(got) != 1 || got[0].group != group {
				t.Errorf("%q of %q is read as %+v, which would be %q", entry, head, got, ideasOf(entry))
			}
			base := lex.Base(entry)
			if other := book.singles[base]; base != "" && other > emptyGroup && other != group {
				t.Errorf("%q of %q is a form of %q, which is of %q", entry, head, base, book.heads[other])
			}
		}
	}
}

func FuzzVoices(f *testing.F) {
	f.Add("fast, friendly\x00not rude\x00quick-witted\x00fast", "We keep our promises.", 3)
	f.Add("hassle-free\x00-\x00\xff\xfe\x00é-é", "not, only, or", 5)
	f.Add("fast\x00fast\x00fast\x00İstanbul kind of", "never ever-free", 1)
	f.Fuzz(func(t *testing.T, joined, statement string, minimum int) {
		answers := strings.Split(joined, "\x00")
		v := VoicesOf(answers, statement, lexicon.English(), minimum)
		checkVoices(t, v, answers, max(minimum, leastVoices))
		slices.Reverse(answers)
		if again := VoicesOf(answers, statement, lexicon.English(), minimum); !reflect.DeepEqual(v, again) {
			t.Errorf("%+v and %+v", v, again)
		}
	})
}

func BenchmarkVoices(b *testing.B) {
	answers := slices.Repeat([]string{"I want customers to think that we are quick, friendly and never rude; we know their names and keep our promises."}, 1000)
	for b.Loop() {
		VoicesOf(answers, "We are fast.", lexicon.English(), 5)
	}
}
