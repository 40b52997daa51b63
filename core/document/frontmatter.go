package document

import (
	"bytes"
	"strings"
	"time"
)

// maxFrontMatter is how long the front matter of a file may be.
const maxFrontMatter = 64 << 10

// frontMatter reads the properties before a text, between lines of --- (YAML) or
// +++ (TOML), and returns where the text begins. Lines of dashes may also stand
// around text, so every line between them must look like front matter.
func (m *markdown) frontMatter() int {
	end, pos := m.lines.next(0)
	if !bytes.HasPrefix(m.src, []byte("---")) && !bytes.HasPrefix(m.src, []byte("+++")) || !blankBytes(m.src[3:end]) {
		return 0
	}
	fence := string(m.src[:3])
	fields := map[string]string{}
	for key := ""; pos < len(m.src) && pos < maxFrontMatter; {
		end, next := m.lines.next(pos)
		line := string(bytes.TrimRight(m.src[pos:end], " \t"))
		if line == fence || fence == "---" && line == "..." {
			if len(fields) == 0 {
				return 0
			}
			m.w.doc.Properties = propertiesOf(fields)
			return next
		}
		if !field(fields, &key, line) {
			return 0
		}
		pos = next
	}
	return 0
}

// field reads a line of front matter. key is the field that the lines below it
// belong to.
func field(fields map[string]string, key *string, line string) bool {
	trimmed := strings.TrimSpace(line)
	if trimmed == "" || trimmed[0] == '#' {
		return true
	}
	if line[0] == ' ' || line[0] == '\t' || line[0] == '-' || line[0] == '[' || line[0] == ']' {
		if item, is := strings.CutPrefix(trimmed, "- "); is && *key != "" {
			fields[*key] = strings.TrimPrefix(fields[*key]+", "+scalar(item), ", ")
		}
		return *key != "" || line[0] == '['
	}
	at := strings.IndexAny(line, ":=")
	if at <= 0 || strings.ContainsAny(strings.TrimSpace(line[:at]), " \t") {
		return false
	}
	*key = strings.ToLower(strings.Trim(strings.TrimSpace(line[:at]), `"'`))
	fields[*key] = scalar(line[at+1:])
	return true
}

// scalar gives a value without quotes, brackets and comment; a list as one text.
func scalar(s string) string {
	s = strings.TrimSpace(s)
	if list, is := strings.CutPrefix(s, "["); is {
		var all []string
		for item := range strings.SplitSeq(strings.TrimSuffix(list, "]"), ",") {
			all = append(all, scalar(item))
		}
		return strings.Join(all, ", ")
	}
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : end+1]
		}
	}
	if at := strings.Index(s, " #"); at >= 0 {
		s = strings.TrimSpace(s[:at])
	}
	return s
}

// propertiesOf takes the properties out of fields by the names that generators
// of web sites and HTML give them.
func propertiesOf(fields map[string]string) Properties {
	first := func(names ...string) string {
		for _, n := range names {
			if v := strings.TrimSpace(fields[n]); v != "" {
				return v
			}
		}
		return ""
	}
	day := func(names ...string) time.Time {
		for _, n := range names {
			if t := parseTime(fields[n]); !t.IsZero() {
				return t
			}
		}
		return time.Time{}
	}
	return Properties{
		Title:    first("title", "dc.title", "dcterms.title", "og:title"),
		Author:   first("author", "authors", "creator", "dc.creator", "dcterms.creator", "article:author"),
		Created:  day("created", "date", "dcterms.created", "dc.date.created", "article:published_time", "dc.date", "pubdate", "publishdate"),
		Modified: day("modified", "updated", "lastmod", "last-modified", "last_modified", "dcterms.modified", "article:modified_time", "dc.date.modified", "revised"),
	}
}

// timeLayouts are how dates are written. A day that could also be read as
// another one, such as 01/02/2024, is not read.
var timeLayouts = [...]string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
	"2006-01-02 15:04", "2006-01-02", "2006/01/02", "2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006",
	time.RFC1123, time.RFC1123Z,
}

// parseTime reads a date, the zero time if it is none.
func parseTime(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
