package vision

import (
	"strings"
	"unicode"
)

// kindOf says what kind of statement it is, and how that is known.
func kindOf(s Statement, f *Facts) (kind, from string) {
	if s.Kind != "" {
		if s.KindFrom == "" {
			return s.Kind, FromUser
		}
		return s.Kind, s.KindFrom
	}
	start := strings.ToLower(s.Text[:min(len(s.Text), 200)])
	for _, k := range kindWords {
		for _, w := range k.words {
			if strings.Contains(start, "our "+w) || strings.Contains(start, w+" of ") || strings.Contains(start, w+" is ") || strings.HasPrefix(start, w+":") {
				return k.kind, FromText
			}
		}
	}
	if n := f.Counts.Words; n > 0 && n <= sloganWords {
		return KindSlogan, FromText
	}
	return KindMission, FromDefault
}

// kindWords are the names of the kinds in headings and texts, the longer ones
// first.
var kindWords = []struct {
	kind  string
	words []string
}{
	{KindServiceVision, []string{"customer service vision", "service vision", "customer service mission", "service mission", "customer service philosophy", "service philosophy", "customer service statement", "service statement", "service charter", "customer charter", "service standard", "customer service"}},
	{KindPromise, []string{"brand promise", "service promise", "customer promise", "value promise", "value proposition", "promise", "guarantee", "pledge", "commitment to you", "commitment to our"}},
	{KindSlogan, []string{"slogan", "tagline", "tag line", "motto", "strapline"}},
	{KindValues, []string{"core values", "values", "principles"}},
	{KindVision, []string{"vision"}},
	{KindMission, []string{"mission", "purpose"}},
}

// KindOfHeading says what kind of statement a heading announces, and whose, when
// it names a department: "Vision", "Our mission statement", "Billing: service
// vision", "Mission of the Registrar's Office". ok is false for other headings.
func KindOfHeading(heading string) (kind, department string, ok bool) {
	plain := strings.ToLower(strings.Join(strings.FieldsFunc(heading, func(r rune) bool {
		return unicode.IsSpace(r) || r == '_'
	}), " "))
	plain = strings.Trim(plain, " .:*#–—-")
	if len(plain) > 80 {
		return "", "", false
	}
	for _, k := range kindWords {
		for _, w := range k.words {
			at := strings.Index(plain, w)
			if at < 0 || at > 0 && isLetter(plain[at-1]) || at+len(w) < len(plain) && isLetter(plain[at+len(w)]) && plain[at+len(w)] != 's' {
				continue
			}
			rest := strings.Trim(plain[:at]+" "+plain[at+len(w):], " .:–—-|/")
			return k.kind, departmentIn(rest, heading), true
		}
	}
	return "", "", false
}

// fillers are words of headings that name no department.
const fillers = " our the statement statements and of for its & a company corporate my your vision mission values purpose promise core organization organisation organizational customer service services brand overall "

// departmentIn gives what a heading has beside the words for the kind, as written
// there; nothing when that is only filler.
func departmentIn(rest, heading string) string {
	var words []string
	for w := range strings.FieldsSeq(rest) {
		bare := strings.Trim(w, ".,:;()–—-'’")
		if bare != "" && !contains(fillers, bare) {
			words = append(words, bare)
		}
	}
	if len(words) == 0 || len(words) > 6 {
		return ""
	}
	// As written: from the first of the words to the last.
	lower := strings.ToLower(heading)
	first := strings.Index(lower, words[0])
	last := strings.LastIndex(lower, words[len(words)-1])
	if len(lower) != len(heading) || first < 0 || last < first {
		return strings.Join(words, " ")
	}
	return heading[first : last+len(words[len(words)-1])]
}
