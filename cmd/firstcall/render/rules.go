package render

import (
	"encoding/json"
	"io"
)

// Rules writes rules as one JSON array, or as NDJSON, one a line.
func Rules(w io.Writer, format string, rules []RuleText) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if format == "json" {
		encoder.SetIndent("", "  ")
		return encoder.Encode(rules)
	}
	for _, r := range rules {
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
