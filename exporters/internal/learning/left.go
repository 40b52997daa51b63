package learning

import (
	"slices"
	"strings"
	"unicode"
)

// LeftOut reports whether a name is that of a department that is left out, or one that
// only such a department had.
func (c *Client) LeftOut(name string) bool {
	called := fold(name)
	return called != "" && slices.ContainsFunc(c.namesLeft(), func(n string) bool { return fold(n) == called })
}

// Mentions reports whether a text has the name of a department that is left out, as
// whole words. Texts that people wrote, or that quote documents, can name any.
func (c *Client) Mentions(text string) bool {
	if len(c.left) == 0 {
		return false
	}
	in := " " + words(text) + " "
	return slices.ContainsFunc(c.namesLeft(), func(n string) bool {
		n = words(n)
		return n != "" && strings.Contains(in, " "+n+" ")
	})
}

// namesLeft are the names of departments that are left out, with those that they had
// and no other department has.
func (c *Client) namesLeft() []string {
	var names []string
	for n := range c.left {
		names = append(names, n)
	}
	if c.Organization == nil {
		return names
	}
	for _, d := range c.Organization.Departments {
		if !c.left[fold(d.Name)] {
			continue
		}
		for _, n := range d.FormerNames {
			if c.Department(n) == nil {
				names = append(names, n)
			}
		}
	}
	return names
}

// words are the words of a text in lower case, with a blank between.
func words(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
