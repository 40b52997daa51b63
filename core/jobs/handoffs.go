package jobs

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/record"
)

// handOffs finds hand-offs of the client file that the descriptions of those who answer
// for them do not speak of: an owner's description must name the other department, its
// lead, or what is handed on.
func (s *Set) handOffs() []record.HandOffGap {
	c := s.client()
	if c == nil {
		return nil
	}
	var out []record.HandOffGap
	for _, h := range c.HandOffs {
		from, to := c.Department(h.From), c.Department(h.To)
		if from == nil || to == nil {
			continue
		}
		for _, side := range []struct {
			owner string
			other *org.Department
		}{{h.OwnerFrom, to}, {h.OwnerTo, from}} {
			if gap := s.gap(side.owner, side.other, h.What); gap != "" {
				out = append(out, record.HandOffGap{From: from.Name, To: to.Name, What: h.What, Gap: gap})
			}
		}
	}
	return out
}

// gap says what is missing in the description of an owner of a hand-off; empty when
// nothing is, or nobody is named.
func (s *Set) gap(owner string, other *org.Department, what string) string {
	if owner == "" {
		return ""
	}
	described := false
	for _, p := range s.titled[titleKey(owner)] {
		if !inUse(p) {
			continue
		}
		described = true
		text := strings.ToLower(oneLine(p.facts.Text))
		for _, name := range []string{other.Name, other.Lead, what} {
			if name != "" && strings.Contains(text, strings.ToLower(name)) {
				return ""
			}
		}
	}
	if !described {
		return "no document describes the " + owner
	}
	return "the description of the " + owner + " does not speak of it"
}
