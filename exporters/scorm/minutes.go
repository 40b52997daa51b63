package scorm

import (
	"slices"
	"strings"
)

// Minutes is about how long the module takes, at 180 words and two questions a minute.
func (m *module) Minutes() int {
	words := 60
	for _, s := range m.Statements {
		words += count(s.Text...)
	}
	for _, v := range m.Values {
		words += count(v.Name) + count(v.Meaning...) + inStandards(v.Standards)
	}
	words += inStandards(m.Standards)
	longest := 0
	for _, p := range m.Parts {
		longest = max(longest, p.words()+90*len(p.Check))
	}
	return max(2, (words+longest+179)/180)
}

// words is about how many words a part has to read.
func (p part) words() int {
	words := inStandards(p.Standards) + 20*(len(p.HandsOn)+len(p.TakesOver))
	for _, s := range p.Statements {
		words += count(s.Text...)
	}
	for _, f := range p.Findings {
		words += 40
		for _, r := range f.Rows {
			words += 8 + count(r.About)
		}
	}
	for _, a := range slices.Concat(p.Actions, p.Common) {
		words += count(a.What)
	}
	return words
}

func inStandards(all []standard) int {
	words := 0
	for _, s := range all {
		words += count(s.Text) + count(s.Behaviors...)
	}
	return words
}

func count(texts ...string) int {
	n := 0
	for _, t := range texts {
		n += len(strings.Fields(t))
	}
	return n
}
