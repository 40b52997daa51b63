package prose

import (
	"slices"
	"strings"
	"testing"
)

// sentenceCases is a text on each line, with | between its sentences.
const sentenceCases = `
We serve families.
We serve families.|We teach.
We serve families
Why?|Because we care.
Join us!|It is free.
Really?!|Yes.
Mr. Smith leads us.
Dr. Jones and Prof. Lee teach.|They are good.
We are Acme Inc. and we sell.|Buy.
We are Acme Inc.|We sell.
We founded Acme Inc. Boston is our home.
The U.S. Army trains us.
We work in the U.S.|We also work abroad.
We open at 9 a.m. and close at 5 p.m.|Visitors are welcome.
We help people, e.g. Nurses.
We help people, i.e., the old.
We sell food, tools, etc. to farms.
We sell food, tools, etc.|Farms buy them.
It grew by 3.5 percent.|Good.
It costs $1,250.75 a year.|We pay.
It rose to 40.|We cheered.
By 2030.|we will.
J. Smith founded us.|He left.
We need vitamin C.|It helps.
So do I.|Bob knows.
We wait... and hope.
We wait...|Then we act.
We wait… and hope.
We wait…|Then we act.
We wait . . . and hope.
"We won," he said.|They left.
"We won."|They left.
“We won.”|They left.
“Who are we?” she asked.|Nobody knew.
“We won.”|“They left.”
(We care.)|You should too.
We care (a lot.) and share.
We care — deeply.|So do you.
We care—deeply.|So do you.
See www.example.org.|It is ours.
Write to info@example.org.|We answer.
See https://example.org/a.b?c=d! and call.
No. 5 is best.|Buy it.
No.|We do not.
See Fig. 3 and vol. 2.|Both help.
iPhone users pay.|iPhone users stay.
We serve people.|We teach them.
We serve clients approx. Monthly.
He has a Ph.D. in physics.|We hired him.
Our goals: 1. serve people 2. teach them.
Do more.|be better.
Read “The Goal.”|Then act.
We were founded in Jan. 1998.|We grew.
We care.*|We share.
Never give up!|Never.|Ever.
St. Mary's Hospital heals.
Is it 5 p.m.?|Yes.
`

// TestSentences holds where sentences end.
func TestSentences(t *testing.T) {
	n := 0
	for line := range strings.Lines(strings.TrimSpace(sentenceCases)) {
		n++
		want := strings.Split(strings.TrimSpace(line), "|")
		text := strings.Join(want, " ")
		if got := sentencesOf(text); !slices.Equal(got, want) {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
	if n < 50 {
		t.Errorf("only %d cases", n)
	}
}

func sentencesOf(text string) []string {
	var got []string
	p := Parse(text)
	for _, s := range p.Sentences {
		got = append(got, s.In(text))
	}
	return got
}

func TestMissingSpace(t *testing.T) {
	got := sentencesOf("We serve people.We teach. See node.js and A.B.C. now.")
	want := []string{"We serve people.", "We teach.", "See node.js and A.B.C. now."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEndMarks(t *testing.T) {
	p := Parse("One. Two! Three? Four... Five… Six?! Seven!.. “Eight.” Nine")
	want := []EndMark{FullStop, Exclamation, Question, Ellipsis, Ellipsis, Question, Exclamation, FullStop, NoMark}
	var got []EndMark
	for _, s := range p.Sentences {
		got = append(got, s.Mark)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestParagraphs holds how layout is read.
func TestParagraphs(t *testing.T) {
	for _, c := range []struct {
		text  string
		kinds []Block
		spans []string
	}{
		{"One.\n\nTwo.", []Block{Prose, Prose}, []string{"One.", "Two."}},
		{"One\r\ntwo.\r\n\r\nThree.", []Block{Prose, Prose}, []string{"One\r\ntwo.", "Three."}},
		{"# Our mission\nWe serve.", []Block{Heading, Prose}, []string{"Our mission", "We serve."}},
		{"Our mission\n---\nWe serve.", []Block{Heading, Prose}, []string{"Our mission", "We serve."}},
		{"Our Mission\nWe serve.", []Block{Heading, Prose}, []string{"Our Mission", "We serve."}},
		{"OUR MISSION:\n\nWe serve.", []Block{Heading, Prose}, []string{"OUR MISSION:", "We serve."}},
		{"Our core values\n\nWe serve.", []Block{Heading, Prose}, []string{"Our core values", "We serve."}},
		{"We live our values\n\nWe serve.", []Block{Prose, Prose}, []string{"We live our values", "We serve."}},
		{"Make Life Better", []Block{Prose}, []string{"Make Life Better"}},
		{"Make Life Better\n\n", []Block{Prose}, []string{"Make Life Better"}},
		{"We work for\nUnited Way.", []Block{Prose}, []string{"We work for\nUnited Way."}},
		{"We value:\n- care\n• trust\n  and hope\n3) joy", []Block{Prose, Item, Item, Item}, []string{"We value:", "care", "trust\n  and hope", "joy"}},
		{"1. Serve.\n2. Teach.", []Block{Item, Item}, []string{"Serve.", "Teach."}},
		{"It began in\n12. That is all.", []Block{Prose}, []string{"It began in\n12. That is all."}},
		{"a) Serve.\n(b) Teach.", []Block{Item, Item}, []string{"Serve.", "Teach."}},
		{"***\n\n \n", nil, nil},
		{"", nil, nil},
	} {
		p := Parse(c.text)
		var kinds []Block
		var spans []string
		for _, b := range p.Paragraphs {
			kinds, spans = append(kinds, b.Kind), append(spans, b.In(c.text))
		}
		if !slices.Equal(kinds, c.kinds) || !slices.Equal(spans, c.spans) {
			t.Errorf("%q: got %v %q, want %v %q", c.text, kinds, spans, c.kinds, c.spans)
		}
	}
}
