package jobs

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Kind is what sort of document something is.
type Kind uint8

// The kinds of documents.
const (
	UnknownKind   Kind = iota
	Description        // says what the holder of a job does
	Advertisement      // looks for somebody: its time may be over
	ClassSpec          // describes a class of jobs, as public employers do
)

// String gives the kind as records have it.
func (k Kind) String() string {
	return [...]string{"unknown", "description", "advertisement", "class-specification"}[k]
}

// least is how much must speak for a kind.
const least = 3

// kindOf reads the head of an entry of the list of kinds: "advertisement 3".
func kindOf(head string) (is Kind, weight int) {
	name, points, _ := strings.Cut(head, " ")
	for k := Description; k <= ClassSpec; k++ {
		if k.String() == name {
			return k, int(points[0] - '0')
		}
	}
	return UnknownKind, 0
}

// kind decides what sort of document it is. Where a document looks for somebody and
// describes a class as well, it is an advertisement: its time may be over.
func (f *Facts) kind(t *prose.Text) {
	var sum, heaviest [ClassSpec + 1]int
	var why [ClassSpec + 1]prose.Span
	seen := map[*lexicon.Phrase]bool{}
	seenKind := map[dates.Kind]bool{}
	offered := 0 // what speaks for an advertisement beside its closing date
	for _, h := range f.of[lexicon.JobKinds] {
		if seen[h.Phrase] {
			continue
		}
		seen[h.Phrase] = true
		is, weight := kindOf(h.Phrase.Head)
		sum[is] += weight
		if is == Advertisement && !has(" closing deadline by ", lastWord(h.Phrase.Text)) && !strings.HasPrefix(h.Phrase.Text, "closing") {
			offered += weight
		}
		if weight > heaviest[is] {
			heaviest[is], why[is] = weight, wordsSpan(t, h.First, h.End)
		}
	}
	f.offered = offered >= least
	for _, st := range f.Stamps {
		// A day on which something was posted or closes is one of an advertisement.
		if weight := map[dates.Kind]int{dates.Closing: 4, dates.Posted: 2}[st.Kind]; weight > 0 && !seenKind[st.Kind] {
			seenKind[st.Kind] = true
			sum[Advertisement] += weight
			if heaviest[Advertisement] == 0 && st.source == "text" {
				why[Advertisement] = st.Span
			}
		}
	}
	if len(f.Behaviors) > 0 || slices.Contains(f.parts, duties) {
		sum[Description] += 2
	}
	switch {
	case sum[Advertisement] >= 5, sum[Advertisement] >= least && sum[Advertisement] >= sum[ClassSpec] && sum[Advertisement] > sum[Description]:
		f.Kind = Advertisement
	case sum[ClassSpec] >= 5:
		f.Kind = ClassSpec
	case sum[Description] >= least-1:
		f.Kind = Description
	}
	f.KindWhy = why[f.Kind]
}

// lastWord is the last word of a phrase.
func lastWord(phrase string) string { return phrase[strings.LastIndexByte(phrase, ' ')+1:] }
