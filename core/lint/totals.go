package lint

import "github.com/firstcall-cli/firstcall/core/prose"

// Totals is what is counted over all pieces of a text.
type Totals struct {
	prose.Counts
	Paragraphs int // of prose and items of lists
	Items      int // of lists
	Headings   int
	Longest    int // words of the longest sentence
}

// totalsKey is the key of what is kept for a text and made for a piece.
type totalsKey struct{}

// TotalsOf gives the totals of the text up to and with the piece that a rule
// looks at, and those of the whole text in Whole when a Check of the rule has
// asked for them too. A piece is counted once, however many rules ask.
func TotalsOf(p *Pass) Totals {
	sum := PerText(p, totalsKey{}, func() *Totals { return &Totals{} })
	if p.Text != nil {
		PerPiece(p, totalsKey{}, func() bool { sum.add(p.Text); return true })
	}
	return *sum
}

func (t *Totals) add(text *prose.Text) {
	for _, p := range text.Paragraphs {
		switch p.Kind {
		case prose.Heading:
			t.Headings++
			continue
		case prose.Item:
			t.Items++
		}
		t.Paragraphs++
		for i := p.FirstSentence; i < p.EndSentence; i++ {
			c := text.CountSentence(i)
			t.Counts = t.Plus(c)
			t.Longest = max(t.Longest, c.Words)
		}
	}
}
