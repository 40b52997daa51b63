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

// spelledNumbers are the numbers that people write in words.
var spelledNumbers = map[string]float64{"one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "half": .5}

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
		n, ok := spelledNumbers[lexicon.Fold(t.Word(first))]
		if !ok {
			var err error
			n, err = strconv.ParseFloat(t.Word(first), 64)
			ok = err == nil
		}
		if unit := hoursOf[lexicon.English().Base(t.Word(h.First))]; ok && unit > 0 {
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
