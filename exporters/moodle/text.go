package moodle

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters Moodle keeps of short names and ID numbers.
const longest = 100

// title is a text as Moodle takes it for a name: one line, without anything that looks
// like a tag, which it would drop or refuse. One that would begin a formula, were the
// file opened in Excel, stands in quotation marks.
func title(text string) string {
	text = oneLine(text)
	if tagLike.MatchString(text) {
		text = strings.NewReplacer("<", "‹", ">", "›").Replace(text)
	}
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		text = "“" + text + "”"
	}
	return text
}

// tagLike is what PHP takes for the beginning of a tag: a bracket without a blank after
// it, also where the text ends.
var tagLike = regexp.MustCompile(`<(\S|$)`)

// oneLine replaces what is not printed and every run of blanks by one blank.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\ufffd"), blank), " ")
}

// blank reports whether r is white space or cannot stand in HTML.
func blank(r rune) bool {
	return r != '\u00a0' && unicode.IsSpace(r) || unicode.IsControl(r) || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}

// markup is a text as HTML. A paragraph ends where a line is empty: other lines were
// wrapped to fit into the file that they come from.
func markup(text string) string {
	var paragraphs []string
	begins := true
	for line := range strings.Lines(text) {
		switch line = oneLine(line); {
		case line == "":
			begins = true
		case begins:
			paragraphs, begins = append(paragraphs, line), false
		default:
			paragraphs[len(paragraphs)-1] += " " + line
		}
	}
	return list(paragraphs)
}

// list is texts as HTML, each a paragraph. Moodle's web services refuse what their cleaner
// would write in another way: it keeps quotation marks as they are.
func list(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		if text = oneLine(text); text != "" {
			b.WriteString("<p>" + escaper.Replace(text) + "</p>")
		}
	}
	return b.String()
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// plain is what people read of HTML, with every run of blanks as one: two texts with
// the same are not worth an update.
func plain(markup string) string {
	text := anyTag.ReplaceAllString(markup, " ")
	return strings.Join(strings.Fields(html.UnescapeString(text)), " ")
}

var anyTag = regexp.MustCompile(`<[^<>]*>`)

// plainWords is what a server says, for the screen: one line of at most 200 characters.
func plainWords(text string) string {
	text = oneLine(plain(text))
	if utf8.RuneCountInString(text) > 200 {
		text = string([]rune(text)[:199]) + "…"
	}
	return strings.TrimRight(text, ".")
}
