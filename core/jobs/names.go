package jobs

import (
	"html"
	"path"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// labelled is a line that gives something a value: "Department: Finance", or a label
// alone with its value in the next block or cell.
type labelled struct {
	label string // in lower case, without marks
	value prose.Span
}

// longestLabel is how many bytes a label has at most.
const longestLabel = 48

// labelsOf finds the labelled lines of a document.
func labelsOf(text string, blocks []block) []labelled {
	var out []labelled
	for i := 0; i < len(blocks); i++ {
		span := blocks[i].Span
		line := span.In(text)
		if strings.HasPrefix(line, "{:") {
			continue // an attribute list of kramdown
		}
		at := strings.IndexAny(line[:min(len(line), longestLabel+8)], ":\t")
		if at < 0 {
			k := i + 1
			for k < len(blocks) && strings.HasPrefix(blocks[k].In(text), "{:") {
				k++
			}
			if len(line) <= longestLabel && k < len(blocks) && blocks[k].kind != prose.Heading && (blocks[i].kind == prose.Heading || known(plainLabel(line))) {
				out = append(out, labelled{plainLabel(line), trimMarks(text, blocks[k].Span)})
			}
			continue
		}
		label := plainLabel(line[:at])
		if label == "" || len(label) > longestLabel || strings.Count(label, " ") > 5 {
			continue
		}
		value := trimMarks(text, prose.Span{Start: span.Start + at + 1, End: span.End})
		if value.Start == value.End && i+1 < len(blocks) && blocks[i+1].kind != prose.Heading {
			value = trimMarks(text, blocks[i+1].Span)
		}
		// A value ends where the line does, or the next label of the same line begins.
		if end := strings.IndexAny(value.In(text), "\n\t"); end >= 0 {
			value.End = value.Start + len(strings.TrimRightFunc(value.In(text)[:end], unicode.IsSpace))
		}
		if value.Start < value.End {
			out = append(out, labelled{label, value})
		}
	}
	return out
}

// known says whether a label is one that is looked for, so that it needs no colon: as in
// a cell of a table.
func known(label string) bool {
	key := "|" + label + "|"
	return label != "" && (strings.Contains(titleLabels, key) || strings.Contains(departmentLabels, key) || strings.Contains(ownerLabels, key) || strings.Contains(reportLabels, key) && strings.Contains(label, "report"))
}

// plainLabel is a label in lower case without marks.
func plainLabel(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.Trim(s, "*_#=|:. \t-")), " "))
}

// trimMarks takes space and marks of markup off both ends.
func trimMarks(text string, s prose.Span) prose.Span {
	in := s.In(text)
	left := strings.TrimLeft(in, "*_:| \t\n\u00a0")
	s.Start = s.End - len(left)
	s.End = s.Start + len(strings.TrimRight(left, "*_| \t\n\u00a0"))
	return s
}

// titleLabels, departmentLabels and ownerLabels are labels whose values are what they
// say.
const (
	titleLabels      = "|job title|title|position title|position|role title|role|class title|classification title|working title|official title|job|posting title|functional title|designation|name of position|"
	departmentLabels = "|department|dept|division|team|department/division|business unit|unit|organizational unit|department name|office|agency|section|work unit|hiring department|school/department|group|"
	ownerLabels      = "|document owner|owner|policy owner|maintained by|content owner|prepared by|responsible owner|reviewer|"
)

// names finds the titles, departments and owners that a document gives.
func (f *Facts) names(name string, doc *document.Document) {
	for _, field := range doc.Fields {
		key := strings.ReplaceAll(field.Key, "_", " ")
		value := strings.Join(strings.Fields(field.Value), " ")
		named := Named{Name: value, From: FrontMatter}
		switch {
		case value == "":
		case key == "title" || key == "job title" || key == "position" || key == "role":
			f.Titles = append(f.Titles, named)
		case strings.Contains(departmentLabels, "|"+key+"|"):
			f.Department = append(f.Department, named)
		case key == "reports to" || key == "reporting to" || key == "line manager":
			f.above = append(f.above, value)
		case strings.Contains(ownerLabels, "|"+key+"|") || key == "content owner" || key == "ms.author":
			f.Owners = append(f.Owners, named)
		}
	}
	for _, l := range f.labels {
		value := strings.Join(strings.Fields(l.value.In(f.Text)), " ")
		if len(value) > 120 {
			continue
		}
		named := Named{l.value, value, Label}
		switch key := "|" + l.label + "|"; {
		case strings.Contains(titleLabels, key):
			f.Titles = append(f.Titles, named)
		case strings.Contains(departmentLabels, key):
			f.Department = append(f.Department, named)
		case strings.Contains(ownerLabels, key):
			f.Owners = append(f.Owners, named)
		}
	}
	f.headingTitle()
	for i := range f.Titles {
		f.Titles[i].Name = html.UnescapeString(f.Titles[i].Name) // texts that were taken from web pages
	}
	for i := range f.Department {
		f.Department[i].Name = html.UnescapeString(f.Department[i].Name)
	}
	if len(f.Titles) == 0 {
		if title := strings.TrimSpace(doc.Properties.Title); title != "" {
			f.Titles = append(f.Titles, Named{Name: title, From: Property})
		} else {
			f.Titles = append(f.Titles, Named{Name: titleOfFile(name), From: FileName})
		}
	}
}

// headingTitle takes the first heading for the title, or the first line where it
// looks like one.
func (f *Facts) headingTitle() {
	for i, b := range f.blocks {
		if i > 3 {
			return
		}
		words := b.In(f.Text)
		title := strings.Join(strings.Fields(strings.Trim(words, "*_ ")), " ")
		if title == "" || b.kind != prose.Heading && (i > 0 || !headingLine(words) && !(f.plain && titleLine(words)) || b.kind != prose.Heading && !f.plain) {
			continue
		}
		if _, announces := sectionOf(title); announces && b.level != 1 || len(title) > 100 || strings.Contains(title, ": ") && b.level != 1 {
			continue
		}
		if has(" volunteer careers jobs job-details introduction ", strings.ToLower(title)) || strings.Contains(genericTitles, "|"+strings.ToLower(title)+"|") {
			continue
		}
		if _, rest, ok := strings.Cut(title, ": "); ok && has(" job role position ", strings.ToLower(strings.Fields(title)[0])) {
			title = rest
		}
		f.Titles = append(f.Titles, Named{b.Span, title, Heading})
		return
	}
}

// genericTitles are headings that name the sort of document, not the job.
const genericTitles = "|job description|position description|role description|job profile|role profile|class specification|job posting|vacancy|job advertisement|job announcement|"

// titleLine says whether the first line of a text looks like a title, though it is not
// written as one.
func titleLine(line string) bool {
	return len(line) <= 80 && startsUpper(line) && !strings.ContainsAny(line[len(line)-1:], ".:;,!?") && !strings.ContainsAny(line, ":\t") && len(strings.Fields(line)) <= 8
}

// runningTitle finds what running text calls the holder: "As Marketing Lead, you".
func (f *Facts) runningTitle(t *prose.Text, s *prose.Sentence) {
	i := s.FirstWord
	if !strings.EqualFold(t.Word(i), "as") || s.EndWord-i < 4 {
		return
	}
	i++
	for i < s.EndWord && has(" a an the our ", strings.ToLower(t.Word(i))) {
		i++
	}
	k := i
	for k < s.EndWord && k < i+6 && (t.Words[k].Is(prose.Capitalized) || has(" of and for & the ", strings.ToLower(t.Word(k)))) && !(k > i && strings.ContainsAny(gap(t, k), ",.;:")) {
		k++
	}
	if k == i || k >= s.EndWord || !strings.Contains(gap(t, k), ",") || !has(" you you'll you’ll your ", strings.ToLower(t.Word(k))) || !f.anyRole(i, k) {
		return
	}
	span := wordsSpan(t, i, k)
	f.Titles = append(f.Titles, Named{span, oneLine(span.In(f.Text)), Running})
}

// anyRole says whether one of the words names a role.
func (f *Facts) anyRole(i, end int) bool {
	for ; i < end; i++ {
		if f.Marks.In(i, lexicon.Roles) {
			return true
		}
	}
	return false
}

// titleOfFile makes a title of a file's name.
func titleOfFile(name string) string {
	base := path.Base(strings.ReplaceAll(name, "\\", "/"))
	base = strings.TrimSuffix(base, path.Ext(base))
	base = strings.NewReplacer("-", " ", "_", " ").Replace(base)
	base = strings.TrimLeftFunc(base, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsSpace(r) })
	if base == "" {
		return name
	}
	r := []rune(strings.Join(strings.Fields(base), " "))
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
