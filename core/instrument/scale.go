package instrument

import (
	"fmt"
	"slices"
	"strconv"
)

const (
	// maxOptions keeps an item's histogram to a size that can be stored for
	// every group: 0-1000 is the widest scale answered in whole numbers.
	maxOptions = 1001
	// maxBound keeps sums of squares of whole numbers exact.
	maxBound = 1_000_000
)

// scaleAt is a scale and where the file gives it.
type scaleAt struct {
	Scale
	path   path
	usable bool // it has a minimum below a maximum
}

func (s *scaleAt) sameRange(o *scaleAt) bool { return s.Min == o.Min && s.Max == o.Max }

func (s *scaleAt) span() string { return fmt.Sprintf("from %d to %d", s.Min, s.Max) }

// scale resolves a scale against the wider one around it. Both may be nil. A
// scale takes from the wider one what it does not say itself, labels and
// favorable only while the range is the same.
func (r reader) scale(raw *rawScale, p path, outer *scaleAt) *scaleAt {
	s := &scaleAt{path: p}
	if r.doc.Faulty(p...) {
		return s
	}
	if raw == nil {
		return outer
	}
	if outer == nil {
		outer = &scaleAt{}
	}
	low := r.bound(raw.Min, p.at("min"), outer, outer.Min, "lowest")
	high := r.bound(raw.Max, p.at("max"), outer, outer.Max, "highest")
	if low == nil || high == nil {
		return s
	}
	s.Min, s.Max = *low, *high
	if s.Min >= s.Max {
		r.report(p.at("min"), fmt.Sprintf("min must be below max, but is %d where max is %d", s.Min, s.Max), "swap them, or correct one")
		return s
	}
	s.usable = true
	inherit := outer.usable && s.sameRange(outer)
	r.labels(s, raw, outer, inherit)
	r.favorable(s, raw, outer, inherit)
	r.missingCodes(s, raw, outer)
	return s
}

// bound gives one end of a scale, or nil where there is none to be had.
func (r reader) bound(own *int, p path, outer *scaleAt, wider int, which string) *int {
	key := p[len(p)-1]
	switch {
	case own != nil && (*own < -maxBound || *own > maxBound):
		r.report(p, fmt.Sprintf("%s must be within -%d and %d", key, maxBound, maxBound), "")
	case own != nil:
		return own
	case r.doc.Faulty(p...):
	case outer.usable:
		return &wider
	case outer.path == nil: // otherwise the wider scale is to blame
		r.report(p, fmt.Sprintf("scale has no %s", key), fmt.Sprintf("add %s, the %s answer", key, which))
	}
	return nil
}

func (r reader) labels(s *scaleAt, raw *rawScale, outer *scaleAt, inherit bool) {
	p := s.path.at("labels")
	if !r.doc.Defined(p...) {
		if inherit {
			s.Labels = outer.Labels
		}
		return
	}
	s.Labels = r.names(raw.Labels, p)
	if n := len(s.Labels); n > 0 && n != s.Options() {
		r.report(p, fmt.Sprintf("%d labels for the %d steps %s", n, s.Options(), s.span()), "give one label for each step, or none")
		return
	}
	for i, label := range s.Labels {
		if n, err := strconv.Atoi(label); err == nil && n != s.Min+i {
			r.report(p.at(i), fmt.Sprintf("label %q stands for the answer %d, which is another number", label, s.Min+i),
				"labels that are numbers must be the steps themselves; leave them out, or use words")
		}
	}
}

func (r reader) favorable(s *scaleAt, raw *rawScale, outer *scaleAt, inherit bool) {
	p := s.path.at("favorable")
	switch {
	case raw.Favorable != nil:
		s.Favorable, s.FavorableSet = *raw.Favorable, true
		if s.Favorable < s.Min || s.Favorable > s.Max {
			r.report(p, fmt.Sprintf("favorable is %d, which is no answer %s", s.Favorable, s.span()),
				"name the first step that counts as favorable")
		}
	case inherit && !r.doc.Defined(p...):
		s.Favorable, s.FavorableSet = outer.Favorable, outer.FavorableSet
	}
}

func (r reader) missingCodes(s *scaleAt, raw *rawScale, outer *scaleAt) {
	inside := func(code int) bool { return code >= s.Min && code <= s.Max }
	p := s.path.at("missing_codes")
	if !r.doc.Defined(p...) {
		s.MissingCodes = outer.MissingCodes
		if i := slices.IndexFunc(s.MissingCodes, inside); i >= 0 {
			r.report(s.path, fmt.Sprintf("the wider scale's missing code %d is an answer %s", s.MissingCodes[i], s.span()),
				"give this scale missing_codes of its own")
		}
		return
	}
	s.MissingCodes = raw.MissingCodes
	for i, code := range s.MissingCodes {
		if inside(code) {
			r.report(p.at(i), fmt.Sprintf("missing code %d is an answer %s", code, s.span()), "use a number outside of the scale, such as -99")
		}
	}
}
