package lexicon

import (
	"slices"
	"strings"
)

// List is one of the lists of words and phrases.
type List uint8

// The lists. The head of each file in core/language says what stands in it.
const (
	Buzzwords List = iota + 1
	Cliches
	Superlatives
	Hype
	Recognition
	Absolutes
	Hedges
	Pride
	VagueVerbs
	VagueNouns
	Behaviors
	Manners
	Standards
	Units
	Customers
	Unnamed
	Stakeholders
	Inward
	Values
	Actors
	Jargon
	Wordy
	Nominalizations
	Redundant
	Fuzzy
	Generic
	Components
	Stale
	Function
	Limits
	Wishes
	Joints
	FirstPerson
	SecondPerson
	Opposites
	Negations
	Serving
	Served
	Internal
	Contacts
	Outcomes
	Aims
	Abilities
	Purpose
	Authority
	People
	Exclusionary
	Roles
	JobKinds
	Notices
	lists // how many there are, with the zero value

)

// statementLists and jobLists are what texts of either sort are searched for.
var (
	statementLists = SetOf(Buzzwords, Cliches, Superlatives, Hype, Recognition, Absolutes, Hedges, Pride, VagueVerbs, VagueNouns, Behaviors, Manners,
		Standards, Units, Customers, Unnamed, Stakeholders, Inward, Values, Actors, Jargon, Wordy, Nominalizations, Redundant, Fuzzy, Generic, Components,
		Stale, Function, Limits, Wishes, Joints, FirstPerson, SecondPerson, Opposites, Negations)
	jobLists = SetOf(Serving, Served, Internal, Contacts, Outcomes, Aims, Abilities, Purpose, Authority, People, Exclusionary, Roles, JobKinds, Notices,
		Manners, Standards, Units, Function, Negations)
)

// listNames are the names of the files, without .txt.
var listNames = [lists]string{
	Buzzwords: "buzzwords", Cliches: "cliches", Superlatives: "superlatives", Hype: "hype", Recognition: "recognition",
	Absolutes: "absolutes", Hedges: "hedges", Pride: "pride", VagueVerbs: "vague-verbs", VagueNouns: "vague-nouns",
	Behaviors: "behaviors", Manners: "manners", Standards: "standards", Units: "units", Customers: "customers",
	Unnamed: "unnamed", Stakeholders: "stakeholders", Inward: "inward", Values: "values", Actors: "actors",
	Jargon: "jargon", Wordy: "wordy", Nominalizations: "nominalizations", Redundant: "redundant", Fuzzy: "fuzzy",
	Generic: "generic", Components: "components", Stale: "stale", Function: "function", Limits: "limits", Wishes: "wishes",
	Joints: "joints", FirstPerson: "first-person", SecondPerson: "second-person", Opposites: "opposites", Negations: "negations",
	Serving: "job-serving", Served: "job-served", Internal: "job-internal", Contacts: "job-contacts", Outcomes: "job-outcomes", Aims: "job-aims",
	Abilities: "job-abilities", Purpose: "job-mission", Authority: "job-authority", People: "job-people", Exclusionary: "job-exclusionary", Roles: "job-roles",
	JobKinds: "job-kinds", Notices: "job-notices",
}

// Lists is one more than the number of lists, for tables by list.
const Lists = int(lists)

// String gives the name of the list's file, without .txt.
func (l List) String() string { return listNames[l] }

// readList reads a file of a list: entries by the line or with commas between, as
// the head of buzzwords.txt and jargon.txt describe.
func (l *Lexicon) readList(list List, data string) {
	eachLine(data, func(head, rest string) {
		if head != "" {
			l.heads[list] = append(l.heads[list], head)
		}
		rest, safe := strings.CutPrefix(rest, "! ")
		if from, to, ok := strings.Cut(rest, " -> "); ok {
			l.addForms(list, Phrase{Text: from, Replacement: to, Safe: safe, Head: head})
			return
		}
		for entry := range strings.SplitSeq(rest, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				l.addForms(list, Phrase{Text: entry, Head: head})
			}
		}
	})
}

// Heads lists what stands before the colons of a list, in its order; nothing of a
// list without heads.
func (l *Lexicon) Heads(list List) []string { return slices.Clone(l.heads[list]) }

// addForms adds the phrase in all forms that its marks ask for.
func (l *Lexicon) addForms(list List, p Phrase) {
	from, to := l.expand(p.Text), l.expand(p.Replacement)
	forms := make([]Phrase, len(from))
	for i, text := range from {
		forms[i] = p
		forms[i].Text, forms[i].Replacement = text, to[min(i, len(to)-1)]
		l.add(list, &forms[i])
	}
}

// expand gives the forms of a phrase with a mark: of "use~v" use, uses, used,
// using; of "shareholder~n" that and the plural. Without a mark the phrase alone.
func (l *Lexicon) expand(phrase string) []string {
	at := strings.IndexByte(phrase, '~')
	if at < 0 {
		return []string{phrase}
	}
	start := strings.LastIndexByte(phrase[:at], ' ') + 1
	before, base, kind, after := phrase[:start], phrase[start:at], phrase[at+1], phrase[at+2:]
	var forms []string
	if kind == 'v' {
		forms = l.verb(base)
	} else {
		forms = []string{base, l.plural(base)}
	}
	for i, f := range forms {
		forms[i] = before + f + after
	}
	return forms
}

// verb gives base, third person, past, -ing, and what else is irregular.
func (l *Lexicon) verb(base string) []string {
	if forms := l.forms[base]; len(forms) > 0 {
		out := []string{base}
		// -ing is last in the file but fourth here, so that forms of two verbs match.
		out = append(out, forms[0], forms[min(1, len(forms)-2)], forms[len(forms)-1])
		return append(out, forms[min(2, len(forms)-1):len(forms)-1]...)
	}
	stem, y := strings.CutSuffix(base, "y")
	if y && !strings.ContainsAny(stem[len(stem)-1:], "aeiou") {
		return []string{base, stem + "ies", stem + "ied", base + "ing"}
	}
	third := base + "s"
	for _, end := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(base, end) {
			third = base + "es"
		}
	}
	switch {
	case strings.HasSuffix(base, "ee"):
		return []string{base, third, base + "d", base + "ing"}
	case strings.HasSuffix(base, "e"):
		return []string{base, third, base + "d", base[:len(base)-1] + "ing"}
	case l.doubled[base]:
		base2 := base + base[len(base)-1:]
		return []string{base, third, base2 + "ed", base2 + "ing", base + "ed", base + "ing"}
	}
	return []string{base, third, base + "ed", base + "ing"}
}

// plural gives the plural of a noun.
func (l *Lexicon) plural(base string) string {
	if forms := l.forms[base]; len(forms) > 0 {
		return forms[0]
	}
	n := len(base)
	switch {
	case base[n-1] == 'y' && !strings.ContainsAny(base[n-2:n-1], "aeiou"):
		return base[:n-1] + "ies"
	case strings.HasSuffix(base, "s"), strings.HasSuffix(base, "x"), strings.HasSuffix(base, "ch"), strings.HasSuffix(base, "sh"):
		return base + "es"
	}
	return base + "s"
}
