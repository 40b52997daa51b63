package scorm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Wrong answers of our own. A client might well say such a thing: they are wrong since it
// did not, so that only who has read the module can tell. PEOPLE is whom the client
// serves. None names a department, which could be one that is left out.

var promiseFoils = []string{
	"We keep our prices low and our terms short, so that PEOPLE can plan.",
	"We want to be the best known name in our trade within ten years.",
	"We grow a little each year and put what we earn into new sites.",
	"We use the newest equipment there is and renew it every five years.",
	"We offer PEOPLE more each year for what they pay today.",
}

var standardFoils = []string{
	"We send every invoice by the fifth of the month.",
	"We order supplies on the first Monday of the month.",
	"We write a short report at the end of each week.",
	"We meet as a team every other Tuesday.",
	"We check our equipment at the start of each quarter.",
}

var behaviorFoils = []string{
	"File the daily report before lunch",
	"Check the stock list every Monday",
	"Keep the receipts of a week together",
	"Lock the cabinets at the end of the shift",
	"Enter hours worked on the same day",
}

var meaningFoils = []string{
	"We plan our work a year ahead and keep to the plan.",
	"We use what we have before we buy something new.",
	"We keep records that anybody here can follow.",
	"We compare our figures with those of others in our trade.",
}

var valueFoils = []string{"Thrift", "Growth", "Tradition", "Precision", "Ambition"}

var handOffFoils = []string{"The manager on duty", "Whoever is free first", "An outside firm"}

// dressed is a foil that begins and ends as the right answer does: with a capital or not,
// with a full stop or without.
func dressed(foil, right string) string {
	first, size := utf8.DecodeRuneInString(foil)
	if begin, _ := utf8.DecodeRuneInString(right); unicode.IsLower(begin) {
		foil = string(unicode.ToLower(first)) + foil[size:]
	}
	foil = strings.TrimRight(foil, ".")
	if strings.HasSuffix(right, ".") {
		foil += "."
	}
	return foil
}

// served are words for the people whom a client serves.
var served = []string{"customers", "guests", "clients", "patients", "visitors", "passengers", "residents", "students", "citizens"}

// people is how the client itself calls the people whom it serves, by the word that it
// uses most.
func (m *module) people() string {
	uses := map[string]int{}
	for _, text := range m.texts() {
		for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			uses[word]++
		}
	}
	best := slices.MaxFunc(served, func(a, b string) int { return uses[a] - uses[b] })
	if uses[best] == 0 || m.foreign() {
		return "the people we serve"
	}
	return "our " + best
}

// texts are what the client itself says.
func (m *module) texts() []string {
	var all []string
	say := func(of []statement, kept []standard) {
		for _, s := range of {
			all = append(all, s.Text...)
		}
		for _, s := range kept {
			all = append(append(all, s.Text), s.Behaviors...)
		}
	}
	say(m.Statements, common(m))
	for _, v := range m.Values {
		all = append(all, v.Meaning...)
	}
	for _, p := range m.Parts {
		say(p.Statements, p.Standards)
		for _, h := range p.HandsOn {
			all = append(all, h.What)
		}
	}
	return all
}
