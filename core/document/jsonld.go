package document

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
)

// isJSONLD says whether a script is none, but data about the page.
func isJSONLD(z *html.Tokenizer) bool {
	is := false
	for {
		key, value, more := z.TagAttr()
		if string(key) == "type" {
			kind, _, _ := strings.Cut(string(value), ";")
			is = strings.EqualFold(strings.TrimSpace(kind), "application/ld+json")
		}
		if !more {
			return is
		}
	}
}

// postingKeys are what is read of a JobPosting (schema.org).
var postingKeys = [...]string{"title", "datePosted", "validThrough", "dateModified", "hiringOrganization"}

// jobPosting adds the fields of the first JobPosting in the data about a page,
// which stand at an offset. What cannot be read has none.
func (w *writer) jobPosting(data []byte, at int) {
	const most = 1 << 20
	var all any
	if len(data) > most || json.Unmarshal(data, &all) != nil {
		return
	}
	posting := findPosting(all, 0)
	for _, key := range postingKeys {
		if value := jsonText(posting[key]); value != "" {
			w.doc.addField("jobposting."+key, value, at)
		}
	}
}

// findPosting gives a posting that stands alone, in a list or in a graph; nil if
// there is none.
func findPosting(data any, depth int) map[string]any {
	const deepest = 4
	if depth > deepest {
		return nil
	}
	switch d := data.(type) {
	case []any:
		for _, one := range d {
			if p := findPosting(one, depth+1); p != nil {
				return p
			}
		}
	case map[string]any:
		if isPosting(d["@type"]) {
			return d
		}
		return findPosting(d["@graph"], depth+1)
	}
	return nil
}

func isPosting(kind any) bool {
	switch k := kind.(type) {
	case string:
		return k == "JobPosting"
	case []any:
		for _, one := range k {
			if one == "JobPosting" {
				return true
			}
		}
	}
	return false
}

// jsonText gives a value that is a text, or the name of a thing.
func jsonText(value any) string {
	switch v := value.(type) {
	case string:
		return html.UnescapeString(v)
	case map[string]any:
		name, _ := v["name"].(string)
		return html.UnescapeString(name)
	}
	return ""
}
