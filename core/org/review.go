package org

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// Interval is a time between two reviews, in whole months.
type Interval int

// What holds where no review says anything else: papers are gone through every
// year, and after five years without one they are badly out of date. A yearly
// review of job descriptions is common advice; five years is our judgment.
const (
	DefaultEvery  Interval = 12
	DefaultSevere Interval = 60
)

// maxInterval is the longest that is taken for one: 50 years.
const maxInterval Interval = 600

var intervalWords = map[string]Interval{
	"monthly": 1, "quarterly": 3, "half-yearly": 6, "semiannually": 6, "annually": 12, "yearly": 12,
}

// ParseInterval reads an interval of 1 to 600 months as people write it: "18
// months", "2 years", "1 quarter", monthly, quarterly, half-yearly, semiannually,
// annually or yearly, in any case, also after "every". The error says what is
// wrong with the text.
func ParseInterval(text string) (Interval, error) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) > 1 && words[0] == "every" {
		words = words[1:]
	}
	switch len(words) {
	case 1:
		if months, ok := intervalWords[words[0]]; ok {
			return months, nil
		}
	case 2:
		unit := map[string]Interval{"month": 1, "quarter": 3, "year": 12}[strings.TrimSuffix(words[1], "s")]
		n, err := strconv.ParseUint(words[0], 10, 16)
		if unit == 0 || err != nil {
			break
		}
		if months := Interval(n) * unit; months >= 1 && months <= maxInterval {
			return months, nil
		}
		return 0, fmt.Errorf("%q is not from 1 month to %s", text, maxInterval)
	}
	return 0, fmt.Errorf("%q is no number of months or years", text)
}

// String writes the interval as ParseInterval reads it: "18 months", "2 years".
func (i Interval) String() string {
	n, unit := int(i), "month"
	if n != 0 && n%12 == 0 {
		n, unit = n/12, "year"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// After gives the day that lies the interval after t, in UTC: the same day of the
// month, or the last of a shorter month.
func (i Interval) After(t time.Time) time.Time {
	year, month, day := t.Date()
	last := time.Date(year, month+time.Month(i)+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(last.Year(), last.Month(), min(day, last.Day()), 0, 0, 0, 0, time.UTC)
}

// ReviewTable is a [[review]] table as it is written, in a client file or in the
// settings; ReadReviews makes a Review of it.
//
//	[[review]]
//	folder = "support/**"
//	title = "*Clerk*"
//	every = "18 months"
//	severe = "5 years"
//	owner = "HR Manager"
//
// It holds for papers that meet all of folder, department and title, as far as
// they are given. Of several reviews the first that holds for a paper counts.
type ReviewTable struct {
	// Folder is a pattern for the paper's path; see Review.
	Folder string `toml:"folder"`
	// Department is the department's id or name.
	Department string `toml:"department"`
	// Title is a pattern for the paper's title; see Review.
	Title string `toml:"title"`
	// Every is how often the paper is gone through: "18 months".
	Every string `toml:"every"`
	// Severe is the time without a review after which it is badly out of date:
	// "5 years".
	Severe string `toml:"severe"`
	// Owner is the title of the role that sees to it.
	Owner string `toml:"owner"`
}

// Review says how often some papers are gone through. The zero value is no review
// of any; see Reviews.For for what holds then.
type Review struct {
	// Folder is a pattern for the paths of papers, with a slash between folders:
	// * stands for any part of a name, ? for one character, [a-z] for one of some,
	// and ** for any number of folders. A pattern that names a folder takes in all
	// that lies below it, so that "support" is "support/**". Empty is any path.
	Folder string
	// Department is the department's id or name; empty is any department, and
	// papers of none.
	Department string
	// Title is a pattern for the whole title, as for names in Folder. Empty is any
	// title.
	Title string
	// Every is the time between two reviews.
	Every Interval
	// Severe is the time without a review after which a paper is badly out of
	// date; never less than Every.
	Severe Interval
	// Owner is the title of the role that sees to it; empty when nobody is named.
	Owner string

	also []string // further names of the department, in their loose form
}

// Reviews are review policies in the order in which they are asked.
type Reviews []Review

// For gives the first review that holds for a paper: by its path, relative to what
// the user named or to the working directory, its department's id or name, and its
// title, each empty where it is not known. Upper and lower case count as the same.
// Where no review holds it is one of 12 months, severe after 60.
func (r Reviews) For(path, department, title string) Review {
	return r.ForPaths([]string{path}, department, title)
}

// ForPaths is For for a paper that goes by several paths: relative to what the user
// named, and to the working directory. A folder may be that of any of them.
func (r Reviews) ForPaths(paths []string, department, title string) Review {
	if v, found := r.Find(paths, department, title); found {
		return v
	}
	return Review{Every: DefaultEvery, Severe: DefaultSevere}
}

// Find is ForPaths that also says whether any of the reviews holds.
func (r Reviews) Find(paths []string, department, title string) (review Review, found bool) {
	for _, v := range r {
		if v.holds(paths, department, title) {
			return v, true
		}
	}
	return Review{}, false
}

// In gives the same reviews for a client's papers: those that name a department by
// its id hold also where a paper has its name, or a former one, and the other way
// round. c may be nil.
func (r Reviews) In(c *Client) Reviews {
	out := slices.Clone(r)
	if c == nil {
		return out
	}
	for i := range out {
		if d := c.Department(out[i].Department); d != nil {
			out[i].also = []string{loose(d.ID), loose(d.Name)}
			for _, former := range d.FormerNames {
				if c.Department(former) == d {
					out[i].also = append(out[i].also, loose(former))
				}
			}
		}
	}
	return out
}

func (v Review) holds(paths []string, department, title string) bool {
	if v.Department != "" {
		department = loose(department)
		if department != loose(v.Department) && !slices.Contains(v.also, department) {
			return false
		}
	}
	if v.Title != "" && !matchName(flat(v.Title), flat(title)) {
		return false
	}
	return v.Folder == "" || slices.ContainsFunc(paths, func(p string) bool { return matchPath(v.Folder, p) })
}

// flat is the form in which titles are compared. A slash in one is no boundary.
func flat(title string) string { return strings.ReplaceAll(sameName(title), "/", "\x00") }

// matchName reports whether a name is as a pattern says.
func matchName(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// matchPath reports whether a path is what a pattern names, or lies below it.
func matchPath(pattern, name string) bool {
	wants := steps(pattern)
	if wants[len(wants)-1] != "**" {
		wants = append(wants, "**")
	}
	if name == "" {
		return false
	}
	has := steps(name)
	// As with * in names, only the last ** ever needs to take in more.
	w, h, again, taken := 0, 0, -1, 0
	for h < len(has) {
		switch {
		case w < len(wants) && wants[w] == "**":
			again, taken = w, h
			w++
		case w < len(wants) && matchName(wants[w], has[h]):
			w++
			h++
		case again >= 0:
			taken++
			w, h = again+1, taken
		default:
			return false
		}
	}
	for w < len(wants) && wants[w] == "**" {
		w++
	}
	return w == len(wants)
}

// steps takes a path apart, in the form in which paths are compared.
func steps(name string) []string {
	name = path.Clean(strings.ToLower(strings.ReplaceAll(name, `\`, "/")))
	return strings.Split(strings.TrimPrefix(name, "/"), "/")
}

// maxReviews is how many reviews a file may have.
const maxReviews = 500

// ReadReviews checks the [[review]] tables that stand at a place of doc and makes
// reviews of them, one of each in their order. Faults are reported to doc; reviews
// that have one are not to be used. Every is 12 months where a table does not say,
// and Severe five years, or Every where that is longer.
func ReadReviews(doc *tomlfile.Doc, tables []ReviewTable, at ...any) Reviews {
	r := reviewReader{fields{doc}}
	list := place(at)
	n := r.few(len(tables), maxReviews, list)
	reviews := make(Reviews, 0, n)
	seen := map[string]int{} // by what they are for
	for i := range n {
		v := r.review(tables[i], list.at(i))
		key := strings.Join([]string{strings.Join(steps(v.Folder), "/"), loose(v.Department), flat(v.Title)}, "\x00")
		first, twice := seen[key]
		all, caught := seen[strings.Join([]string{".", "", ""}, "\x00")]
		switch {
		case twice:
			r.report(list.at(i), fmt.Sprintf("review %d is for the same papers as review %d, and never asked", i+1, first+1), "keep one of them")
		case caught:
			r.report(list.at(i), fmt.Sprintf("review %d is never asked, since review %d holds for all papers", i+1, all+1),
				"put the one for all papers last, or give it a folder, department or title")
		default:
			seen[key] = i
		}
		reviews = append(reviews, v)
	}
	if len(reviews) == 0 {
		return nil
	}
	return reviews
}

// reviewReader checks reviews.
type reviewReader struct{ fields }

func (r reviewReader) review(t ReviewTable, p place) Review {
	r.folder(&t.Folder, p.at("folder"))
	r.line(&t.Department, p.at("department"))
	r.title(&t.Title, p.at("title"))
	r.line(&t.Owner, p.at("owner"))
	v := Review{Folder: t.Folder, Department: t.Department, Title: t.Title, Owner: t.Owner, Every: DefaultEvery}
	r.interval(&v.Every, t.Every, p.at("every"))
	v.Severe = max(DefaultSevere, v.Every)
	r.interval(&v.Severe, t.Severe, p.at("severe"))
	if v.Severe < v.Every {
		r.report(p.at("severe"), fmt.Sprintf("severe is %s, which is less than every, %s", v.Severe, v.Every),
			"severe is the time without a review after which a paper is badly out of date")
	}
	given := func(key string) bool { return r.doc.Defined(p.at(key)...) || r.doc.Faulty(p.at(key)...) }
	if !slices.ContainsFunc([]string{"every", "severe", "owner"}, given) {
		r.report(p, "review says nothing of the papers it is for", `add every = "18 months" or the like`)
	}
	return v
}

// folder checks a pattern for paths, and makes one for all of them empty.
func (r reviewReader) folder(pattern *string, p place) {
	r.line(pattern, p)
	parts := steps(*pattern)
	switch {
	case *pattern == "":
	case strings.Contains(*pattern, `\`):
		r.report(p, "folder holds a backslash", `write folders with / between them, as in "support/**"`)
	case slices.Contains(strings.Split(*pattern, "/"), ".."):
		r.report(p, fmt.Sprintf("folder %q leads out of the folder that it begins in", *pattern), "write it from the folder that firstcall is called on, without ..")
	case slices.Equal(slices.Compact(parts), []string{"**"}), slices.Equal(parts, []string{"."}):
		*pattern = ""
	}
	for _, part := range parts {
		r.brackets(part, p)
	}
}

// title checks a pattern for titles.
func (r reviewReader) title(pattern *string, p place) {
	if r.line(pattern, p); strings.Contains(*pattern, `\`) {
		r.report(p, "title holds a backslash", `write * for any words, as in "*Clerk*"`)
	}
	r.brackets(flat(*pattern), p)
}

func (r reviewReader) brackets(pattern string, p place) {
	if _, err := path.Match(pattern, ""); err != nil && !strings.Contains(pattern, `\`) {
		r.report(p, p.key()+" has a bracket that is not closed or holds nothing", "[a-z] is one character of some; write [[] for the character [ itself")
	}
}

// interval reads an interval where the file has one.
func (r reviewReader) interval(to *Interval, text string, p place) {
	if r.line(&text, p); text == "" {
		return
	}
	months, err := ParseInterval(text)
	if err != nil {
		r.report(p, fmt.Sprintf("%s: %v", p.key(), err), `write "18 months", "2 years", "quarterly" or "annually"`)
		return
	}
	*to = months
}
