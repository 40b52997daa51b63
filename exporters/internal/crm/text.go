package crm

import (
	"html"
	"regexp"
	"strings"
)

// Text is the body of a note or task: plain words in a simple form, which each CRM is
// given in the markup that it shows.
type Text []Block

// Block is a paragraph, or a list when it has items.
type Block struct {
	Heading string   // stands above; may be empty
	Words   string   // a paragraph; may be empty
	Items   []string // a list; may be empty
}

// Plain writes the text without markup.
func (t Text) Plain() string {
	return t.join(func(s string) string { return s }, func(s string) string { return s }, func(items []string) string {
		return "- " + strings.Join(items, "\n- ")
	}, "\n", "\n\n")
}

// HTML writes the text as paragraphs and lists.
func (t Text) HTML() string {
	return t.join(
		func(s string) string { return "<p><strong>" + html.EscapeString(s) + "</strong></p>" },
		func(s string) string { return "<p>" + html.EscapeString(s) + "</p>" },
		func(items []string) string {
			var b strings.Builder
			b.WriteString("<ul>")
			for _, item := range items {
				b.WriteString("<li>" + html.EscapeString(item) + "</li>")
			}
			return b.String() + "</ul>"
		}, "", "")
}

// Markdown writes the text as Markdown, in which nothing of a client's is markup.
func (t Text) Markdown() string {
	return t.join(
		func(s string) string { return "**" + escapeMarkdown(s) + "**" },
		escapeMarkdown,
		func(items []string) string {
			lines := make([]string, len(items))
			for i, item := range items {
				lines[i] = "- " + escapeMarkdown(item)
			}
			return strings.Join(lines, "\n")
		}, "\n\n", "\n\n")
}

func (t Text) join(heading, words func(string) string, items func([]string) string, within, between string) string {
	var blocks []string
	for _, b := range t {
		var parts []string
		if b.Heading != "" {
			parts = append(parts, heading(b.Heading))
		}
		if b.Words != "" {
			parts = append(parts, words(b.Words))
		}
		if len(b.Items) > 0 {
			parts = append(parts, items(b.Items))
		}
		if len(parts) > 0 {
			blocks = append(blocks, strings.Join(parts, within))
		}
	}
	return strings.Join(blocks, between)
}

// escapeMarkdown keeps a text from being read as markup, and from naming a user. Who
// looks for names of users looks at the text as it is: there a backslash does not help.
func escapeMarkdown(s string) string {
	var b strings.Builder
	start, digits := true, false // of a line: nothing yet but spaces, or digits
	for i, r := range s {
		number := r >= '0' && r <= '9'
		switch {
		case r == '@':
			b.WriteString("&#64;")
			start, digits = false, false
			continue
		case strings.ContainsRune("\\`*_{}[]<>#|~", r), r == '&' && entity.MatchString(s[i:]),
			start && strings.ContainsRune("-+=", r), digits && (r == '.' || r == ')'):
			b.WriteByte('\\')
		}
		digits = number && (start || digits)
		start = r == '\n' || start && r == ' '
		b.WriteRune(r)
	}
	return b.String()
}

var entity = regexp.MustCompile(`^&#?[0-9A-Za-z]+;`)
