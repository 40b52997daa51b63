package org

import (
	"slices"
	"strings"
)

// Department finds a department by what a text calls it: its ID or its name, or a
// former name when no department is called that now and only one ever was.
// Case, and the difference between space, hyphen and underscore, are ignored. It
// is nil when there is none.
func (c *Client) Department(name string) *Department {
	standing, found := c.standing(loose(name))
	if len(found) != 1 || standing != Present && standing != Former {
		return nil
	}
	return found[0]
}

// Standing says what a name of a department stands for.
type Standing int

// What a name may stand for.
const (
	Unknown   Standing = iota // nothing that the client knows of
	Present                   // a department
	Former                    // a department that goes by another name now, or was split
	Dissolved                 // a department that is no more, and that nothing has followed
)

// String is the standing in a word.
func (s Standing) String() string {
	return [...]string{"unknown", "present", "former", "dissolved"}[s]
}

// Knows tells what a name that a text gives a department stands for, and the
// present departments: the one of that name or ID, or those that once had the
// name, in the order of the file. There are none when the standing is Unknown or
// Dissolved. Names are compared as by Client.Department; where that finds nothing,
// without "the" and "department": the Billing Department is Billing.
func (c *Client) Knows(name string) (Standing, []*Department) {
	name = loose(name)
	standing, found := c.standing(name)
	if bare := bareDepartment(name); standing == Unknown && bare != "" {
		standing, found = c.standing(bare)
		if standing == Unknown {
			standing, found = c.standing(bare + " department")
		}
	}
	return standing, found
}

// standing is Knows for a name in its loose form, and no other.
func (c *Client) standing(name string) (Standing, []*Department) {
	if name == "" {
		return Unknown, nil
	}
	is := func(other string) bool { return loose(other) == name }
	var former []*Department
	for i := range c.Departments {
		d := &c.Departments[i]
		if is(d.ID) || is(d.Name) {
			return Present, []*Department{d}
		}
		if slices.ContainsFunc(d.FormerNames, is) {
			former = append(former, d)
		}
	}
	switch {
	case len(former) > 0:
		return Former, former
	case slices.ContainsFunc(c.Dissolved, is):
		return Dissolved, nil
	}
	return Unknown, nil
}

// bareDepartment takes the words around the name of a department away.
func bareDepartment(name string) string {
	name = strings.TrimPrefix(name, "the ")
	name = strings.TrimPrefix(name, "department of ")
	name = strings.TrimPrefix(name, "the ")
	for _, tail := range []string{" department", " dept.", " dept"} {
		name = strings.TrimSuffix(name, tail)
	}
	return name
}

// Role finds the roles that a title belongs to, in the order of the file. There
// are several where departments share a title. former says that the title is one
// that they had.
//
// Case, commas, the difference between space, hyphen and slash, "the", and plurals
// are ignored; Sr. is Senior, Jr. is Junior, & is and. A level at the end (II, 2,
// Level 2) is ignored where no role has the title with it, but a senior is never
// the role without: those are different jobs.
func (c *Client) Role(title string) (matches []*Role, former bool) {
	whole := titleWords(title)
	for _, form := range []func([]string) string{joined, withoutLevel} {
		key := form(whole)
		if key == "" {
			return nil, false
		}
		same := func(other string) bool { return form(titleWords(other)) == key }
		for _, former := range []bool{false, true} {
			var found []*Role
			for i := range c.Roles {
				r := &c.Roles[i]
				if !former && same(r.Title) || former && slices.ContainsFunc(r.FormerTitles, same) {
					found = append(found, r)
				}
			}
			if len(found) > 0 {
				return found, former
			}
		}
	}
	return nil, false
}

// shortTitles are short forms that titles have for words.
var shortTitles = map[string]string{"sr": "senior", "jr": "junior", "&": "and"}

// titleSigns are what separates the words of titles.
var titleSigns = strings.NewReplacer("-", " ", "‐", " ", "–", " ", "/", " ", "_", " ", ",", " ", ".", " ", "(", " ", ")", " ", "&", " & ", "’", "'")

// titleWords takes a title apart into words in the form in which they are compared.
func titleWords(title string) []string {
	var words []string
	for _, w := range strings.Fields(titleSigns.Replace(strings.ToLower(title))) {
		if long := shortTitles[w]; long != "" {
			w = long
		}
		if w != "the" {
			words = append(words, singular(w))
		}
	}
	return words
}

// singular takes the ending of a plural or a genitive off, alike from all words, so
// that what it makes of a word need not be one.
func singular(w string) string {
	w = strings.TrimSuffix(w, "'s")
	w = strings.TrimSuffix(w, "'")
	switch {
	case len(w) < 4 || strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "us") || strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "ies"):
		return strings.TrimSuffix(w, "ies") + "y"
	}
	return strings.TrimSuffix(w, "s")
}

func joined(words []string) string { return strings.Join(words, " ") }

var levels = []string{"i", "ii", "iii", "iv", "v", "1", "2", "3", "4", "5"}

// withoutLevel joins words but for a level at the end.
func withoutLevel(words []string) string {
	n := len(words)
	if n > 1 && slices.Contains(levels, words[n-1]) {
		n--
		if n > 1 && (words[n-1] == "level" || words[n-1] == "grade") {
			n--
		}
	}
	return joined(words[:n])
}

var joints = strings.NewReplacer("-", " ", "_", " ")

// loose is the form of a name in which texts and file names may give it.
func loose(name string) string { return sameName(joints.Replace(name)) }

// sameName is the form of a name that it shares with those that count as the same.
func sameName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }
