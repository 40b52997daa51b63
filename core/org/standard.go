package org

import (
	"fmt"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// standards checks the service standards: each says something, once, and belongs to
// values and departments that the file has.
func (r *clientReader) standards() {
	c := r.client
	seen := known{} // the same sentence may be two departments' own
	for i := range r.few(len(c.Standards), maxStandards, place{"standard"}) {
		s, p := &c.Standards[i], place{"standard", i}
		if r.doc.Defined(p.at("text")...) {
			r.sentence(&s.Text, p.at("text"), maxBehavior)
		} else {
			r.report(p.at("text"), "standard has no text", `add text = "Every call is answered before the third ring." or the like`)
		}
		r.refers(&s.Department, p.at("department"))
		r.value(&s.Value, p.at("value"))
		own := known{}
		for j := range r.few(len(s.Behaviors), maxNames, p.at("behaviors")) {
			r.sentence(&s.Behaviors[j], p.at("behaviors", j), maxBehavior)
			r.once(own, s.Behaviors[j], p.at("behaviors", j), "behavior")
		}
		if folded := sameName(s.Text); folded != "" {
			if key := s.Department + "\x00" + folded; seen[key] {
				r.report(p.at("text"), fmt.Sprintf("standard %q stands twice", s.Text), "upper and lower case count as the same; keep one")
			} else {
				seen[key] = true
			}
		}
	}
}

// value checks the name of a value that must be in the file, and writes it as the
// value does.
func (r *clientReader) value(name *string, p place) {
	if r.line(name, p); *name == "" {
		return
	}
	var names []string
	for _, v := range r.client.Values {
		if sameName(v.Name) == sameName(*name) {
			*name = v.Name
			return
		}
		names = append(names, v.Name)
	}
	r.report(p, fmt.Sprintf("no value is called %q", *name), problem.DidYouMean(*name, names, "add a [[value]] with that name, or take it out"))
}
