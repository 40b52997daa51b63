package dates

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Find gives all dates that are written out in a text, in order and without
// overlap. Figures that are dates only beside a label (a year alone, 3/19, 20210304)
// are not among them; Stamps knows those.
func Find(text string) []Mention {
	var out []Mention
	s := scanner{text: text}
	for {
		f, ok := s.next()
		if !ok {
			return out
		}
		if f.weak == strong {
			out = append(out, f.mention(text))
		}
	}
}

// mention makes of what was found what is told.
func (f found) mention(text string) Mention {
	m := Mention{
		Span:    prose.Span{Start: f.start, End: f.end},
		Date:    f.date,
		Numeric: f.numeric,
		Phrase:  fold(text[f.start:f.end]),
		Edge:    f.edge,
		order:   f.order,
	}
	if f.two {
		other := f.other
		m.Other = &other
	}
	return m
}

// fold makes one space of all white space, and of marks of emphasis nothing.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r <= ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '*'
	}), " ")
}
