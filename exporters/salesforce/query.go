package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// longestQuery is how many bytes a query may have in the URL. Address and headers
// together may have 16,384; a token among them can have a few thousand.
const longestQuery = 8000

// query asks in SOQL, which sees what is there at this moment, and appends the records
// to into. With archived it sees tasks that Salesforce has archived, too, and deleted
// records, which the question has to leave out.
func query[T any](ctx context.Context, s *system, archived bool, soql string, into *[]T) error {
	path := "/query/?q="
	if archived {
		path = "/queryAll/?q="
	}
	path += url.QueryEscape(soql)
	for path != "" {
		a, err := s.do(ctx, http.MethodGet, path, nil)
		if err != nil {
			return reading(err)
		}
		var page struct {
			Done    *bool  `json:"done"`
			Next    string `json:"nextRecordsUrl"`
			Records []T    `json:"records"`
		}
		if err := a.Into(&page); err != nil || page.Done == nil {
			return &sdk.Diagnostic{Code: "salesforce.query", Summary: "Salesforce's answer to a query can't be read"}
		}
		*into = append(*into, page.Records...)
		if *page.Done {
			return nil
		}
		if path = page.Next; !strings.HasPrefix(path, "/services/data/") {
			return &sdk.Diagnostic{Code: "salesforce.query", Summary: "Salesforce's answer to a query is not whole, and does not say how it goes on"}
		}
	}
	return nil
}

// queryIn asks for the records whose column has one of the values: head, the values in
// parentheses, tail; as often as it takes to keep each question short enough.
func queryIn[T any](ctx context.Context, s *system, archived bool, head string, values []string, tail string, into *[]T) error {
	room := longestQuery - len(url.QueryEscape(head+"()"+tail))
	for len(values) > 0 {
		var list []string
		for left := room; len(list) < len(values); {
			next := quote(values[len(list)])
			left -= len(url.QueryEscape(next + ","))
			if left < 0 && len(list) > 0 {
				break
			}
			list = append(list, next)
		}
		values = values[len(list):]
		if err := query(ctx, s, archived, head+"("+strings.Join(list, ",")+")"+tail, into); err != nil {
			return err
		}
	}
	return nil
}

// quote writes a text as a literal of SOQL.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\b", `\b`, "\f", `\f`).Replace(s) + "'"
}

// columnName is what can be the name of a field.
var columnName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// columns are the names of fields to ask for, each once: Salesforce refuses a field that
// is asked for twice.
func columns(names ...string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, name := range names {
		if !columnName.MatchString(name) {
			return nil, &sdk.Diagnostic{Code: "salesforce.field", Field: "fields", Summary: fmt.Sprintf("%q can't be the name of a field", name),
				Hint: "write the API name of the field, like Firstcall_Index__c"}
		}
		if folded := strings.ToLower(name); !seen[folded] {
			seen[folded] = true
			out = append(out, name)
		}
	}
	return out, nil
}

// text is a value of a record as text: what stands in a string, or a number as it is
// written.
func text(raw json.RawMessage) string {
	var s string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case json.Unmarshal(raw, &s) == nil:
		return s
	}
	return string(raw)
}
