package dated

import (
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// freshYears is how long a release of a product that has many is only a hint after
// its support ended: until then it is still at work in most places.
const freshYears = 2

// minimumYears is how long after its end a release says nothing any more as a
// minimum ("2008+"): by then every release in use is a later one.
const minimumYears = 5

// releases adds a product of the form: id | names | replacement | source, with its
// releases in the lines under it.
func (b *builder) releases(it *item) error {
	if len(it.fields) != 4 {
		return it.fault("%d fields, not 4", len(it.fields))
	}
	p := &product{releases: map[string]*Entry{}, live: map[string]bool{}}
	var rest []setting
	var lists []setting
	for _, s := range it.more {
		switch s.key {
		case "ended", "soft":
			lists = append(lists, s)
		case "live":
			for _, v := range list(s.value) {
				p.live[fold(v)] = true
			}
		case "fresh":
			p.fresh = s.value == "soft"
		default:
			rest = append(rest, s)
		}
	}
	it.more = rest
	c, err := readContext(it, nil)
	if err != nil {
		return err
	}
	title := ""
	for i, name := range list(it.fields[1]) {
		bare := b.names(name, target{product: p, context: c})
		if i == 0 {
			title = bare
		}
	}
	for _, s := range lists {
		for _, field := range list(s.value) {
			if err := b.release(it, p, title, field, s.key == "soft"); err != nil {
				return err
			}
		}
	}
	return nil
}

// release adds one release, written as its version and the month its support ended.
func (b *builder) release(it *item, p *product, title, field string, soft bool) error {
	version, since, _ := strings.Cut(field, " ")
	month, err := readMonth(since)
	if err != nil {
		return it.fault("%s: %v", field, err)
	}
	e := &Entry{
		ID: it.fields[0] + "-" + strings.ToLower(version), Name: title + " " + version,
		Kind: Version, State: Unsupported, Since: month,
		Replacement: it.fields[2], Source: it.fields[3], Strength: Sure,
	}
	if soft {
		e.Strength = Soft
	}
	if p.releases[fold(version)] != nil || p.live[fold(version)] {
		return it.fault("the version %s is there twice", version)
	}
	p.releases[fold(version)] = e
	return b.add(it, e)
}

// release finds the release whose version is written at the i-th word, which may be
// "version 5.3", "v5.3", "5.x", "2008R2" or "2008 R2". It gives the index after it,
// and whether there is a version at all; the entry is nil for one that is not out of
// date. Of "97-2003" the older counts.
func (p *product) release(t *prose.Text, i int) (e *Entry, end int, ok bool) {
	word := fold(t.Word(i))
	if word == "version" || word == "versions" || word == "release" || word == "ver" || word == "v" {
		if i++; i == len(t.Words) || !versionGap(t.Source[t.Words[i-1].End:t.Words[i].Start]) {
			return nil, 0, false
		}
		word = fold(t.Word(i))
	}
	end = i + 1
	if len(word) > 1 && word[0] == 'v' && digit(word[1]) {
		word = word[1:]
	}
	word = strings.TrimSuffix(word, "r2")
	if first, last, two := strings.Cut(word, "-"); two && p.known(first) && p.known(last) {
		word = first
	}
	if !p.known(word) {
		return nil, 0, false
	}
	for end < len(t.Words) {
		gap := t.Source[t.Words[end-1].End:t.Words[end].Start]
		next := fold(t.Word(end))
		if gap == "." && next == "x" || gap == " " && (next == "r2" || next == "sp1" || next == "sp2" || next == "sp3") {
			end++
			continue
		}
		break
	}
	return p.releases[word], end, true
}

// known says whether a folded word is a version of the product.
func (p *product) known(word string) bool { return p.releases[word] != nil || p.live[word] }

// versionGap says whether what stands between "version" and its number allows it.
func versionGap(gap string) bool { return gap == " " || gap == "." || gap == ". " }

// digit says whether c is one.
func digit(c byte) bool { return '0' <= c && c <= '9' }

// units are words after a number that is no version: "PHP 5, 7 years", "Java 5+ years".
var units = set("years,year,yrs,yr,months,month,days,day,hours,hour,hrs,weeks,week,minutes,percent,people,users,seats,servers,staff,employees,points,positions,times")

// bridges may stand between a number and its unit: "5 or more years".
var bridges = set("or,more,plus,to,and,full")

// amount says whether the number before the i-th word counts something.
func amount(t *prose.Text, i int) bool {
	for j := i; j < min(i+4, len(t.Words)); j++ {
		if strings.Contains(t.Source[t.Words[j-1].End:t.Words[j].Start], ",") {
			return false
		}
		if w := fold(t.Word(j)); units[w] {
			return true
		} else if !bridges[w] && !t.Words[j].Is(prose.Number) {
			return false
		}
	}
	return false
}

// versions finds the releases of a product whose name begins at the word first and
// ends before the i-th: one, or several joined by slashes, commas, "and" and "or". It
// gives the index after them, 0 when there is none.
func (p *product) versions(t *prose.Text, first, i int, asOf time.Time) (hits []Hit, end int) {
	for i < len(t.Words) {
		e, after, ok := p.release(t, i)
		if !ok || amount(t, after) {
			break
		}
		end = after
		if e != nil && !e.Since.After(asOf) {
			hits = append(hits, p.hit(t, e, first, after, asOf))
		}
		if i = after; i < len(t.Words) {
			i = nextInList(t, i)
			first = i
		}
	}
	return hits, end
}

// hit is a release that was found, as strong as it is there.
func (p *product) hit(t *prose.Text, e *Entry, first, end int, asOf time.Time) Hit {
	h := newHit(t, e, first, end)
	minimum, orLater := openEnd(t, end)
	if minimum && t.Source[h.Span.End] == '+' {
		h.Span.End++
	}
	switch {
	case orLater, minimum && !e.Since.before(asOf, minimumYears), p.fresh && !e.Since.before(asOf, freshYears):
		h.Strength = Soft
	}
	return h
}

// nextInList gives the word that goes on a list of versions after the word before
// the i-th, or the end of the text.
func nextInList(t *prose.Text, i int) int {
	gap := strings.Trim(t.Source[t.Words[i-1].End:t.Words[i].Start], " +\n")
	switch gap {
	case "/", ",", "&", "-", "–":
	case "":
		if w := fold(t.Word(i)); w != "and" && w != "or" && w != "to" && w != "through" {
			return len(t.Words)
		}
	default:
		return len(t.Words)
	}
	if w := fold(t.Word(i)); w == "and" || w == "or" || w == "to" || w == "through" {
		i++
	}
	return i
}

// openEnd says whether a version before the end-th word is a minimum written with a
// plus, or one written in words: "or later", "and above".
func openEnd(t *prose.Text, end int) (plus, words bool) {
	rest := t.Source[t.Words[end-1].End:]
	plus = strings.HasPrefix(strings.TrimLeft(rest, " "), "+")
	for j := end; j < min(end+3, len(t.Words)); j++ {
		switch fold(t.Word(j)) {
		case "later", "newer", "above", "higher", "up", "onward", "onwards", "greater", "beyond", "upward", "upwards":
			return plus, true
		case "or", "and":
		default:
			return plus, false
		}
	}
	return plus, false
}
