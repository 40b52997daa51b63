package custom

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// words are what a rule's messages are made of.
type words struct {
	title   string
	message string // with names in braces; empty for the usual one
}

// named finds the names in braces of a message.
var named = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[a-z_]*\}`) })

// checkMessage reports names in a message that a rule of its kind doesn't know.
func (r reader) checkMessage(w words, p path, known ...string) {
	for _, name := range named().FindAllString(w.message, -1) {
		if !slices.Contains(known, name) {
			r.report(p.at("message"), fmt.Sprintf("message has %s, which the rule does not know", name), "known here: "+strings.Join(known, ", "))
		}
	}
}

// found words a finding, with what to write instead where that is known.
func (w words) found(quote string, replacement *string) string {
	quote = text(quote)
	if w.message != "" {
		instead := ""
		if replacement != nil {
			instead = *replacement
		}
		return strings.NewReplacer("{found}", quote, "{replacement}", instead).Replace(w.message)
	}
	switch {
	case replacement == nil:
		return fmt.Sprintf("%s: %q", w.title, quote)
	case *replacement == "":
		return fmt.Sprintf("%s: %q can go", w.title, quote)
	}
	return fmt.Sprintf("%s: %q can be %q", w.title, quote, *replacement)
}
