package vision

import (
	"strconv"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// duration is a time within which something is promised.
type duration struct {
	act   string  // what: reply, fix, deliver; another act by its base form; empty when it is not said
	hours float64 // working days count as days
	words string  // as written: "within 24 hours"
}

// hoursOf are the lengths of units, in hours.
var hoursOf = map[string]float64{"minute": 1. / 60, "hour": 1, "day": 24, "week": 168, "month": 730}

// spelled gives the number that people write as a word, 0 for other words. It is
// asked of every word.
func spelled(word string) float64 {
	if len(word) > 6 {
		return 0
	}
	switch lower(word) {
	case "one", "a", "an":
		return 1
	case "two":
		return 2
	case "three":
		return 3
	case "four":
		return 4
	case "five":
		return 5
	case "six":
		return 6
	case "seven":
		return 7
	case "eight":
		return 8
	case "nine":
		return 9
	case "ten":
		return 10
	case "twelve":
		return 12
	case "half":
		return .5
	}
	return 0
}

// sameAct are acts of which one is promised in place of another.
var sameAct = map[string]string{
	"answer": "reply", "respond": "reply", "response": "reply", "reply": "reply", "return": "reply", "call": "reply", "acknowledge": "reply", "contact": "reply", "request": "reply", "inquiry": "reply", "enquiry": "reply", "query": "reply", "question": "reply", "complaint": "reply", "email": "reply", "letter": "reply",
	"fix": "fix", "resolve": "fix", "solve": "fix", "repair": "fix", "problem": "fix",
	"deliver": "deliver", "ship": "deliver", "send": "deliver", "delivery": "deliver", "order": "deliver",
}

// durations finds the times that a piece promises, with the act before each.
func durations(f *Facts, t *prose.Text) []duration {
	var found []duration
	sentence := 0
	for _, h := range f.of[lexicon.Units] {
		for t.Sentences[sentence].EndWord <= h.First {
			sentence++
		}
		from := t.Sentences[sentence].FirstWord
		first := h.First - 1
		if first > from && contains(" working business ", t.Word(first)) {
			first--
		}
		if first <= from || !contains(" within in than under most ", t.Word(first-1)) {
			continue
		}
		n := spelled(t.Word(first))
		if n == 0 {
			n, _ = strconv.ParseFloat(t.Word(first), 64) // 0 for what is no number
		}
		if unit := hoursOf[lexicon.English().Base(t.Word(h.First))]; n > 0 && unit > 0 {
			found = append(found, duration{promised(f, t, from, first), n * unit, wordsSpan(t, first-1, h.First+1).In(t.Source)})
		}
	}
	return found
}

// promised gives the act that the words from one up to another promise: the last
// verb of the list behaviors, or the first noun where there is no verb.
func promised(f *Facts, t *prose.Text, from, end int) string {
	act := ""
	for _, h := range f.of[lexicon.Behaviors] {
		if h.First < from || h.First >= end || act != "" && f.Marks.Entries[h.First].Verb < 5 {
			continue
		}
		base := lexicon.English().Base(t.Word(h.First))
		if act = sameAct[base]; act == "" {
			act = base
		}
	}
	return act
}
