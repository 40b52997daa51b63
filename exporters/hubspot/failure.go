package hubspot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// longest is how much of HubSpot's own words is shown.
const longest = 400

// failure is what HubSpot says of a call, or of one object of a batch. All of it may be
// missing, and what stands in context varies.
type failure struct {
	Message  string          `json:"message"`
	Category string          `json:"category"`
	Sub      json.RawMessage `json:"subCategory"`
	Policy   string          `json:"policyName"`
	Trace    string          `json:"objectWriteTraceId"`
	Context  particulars     `json:"context"`
	Errors   []failure       `json:"errors"`
	Code     string          `json:"code"`
}

// particulars are what a failure is about, by name.
type particulars map[string]json.RawMessage

// UnmarshalJSON implements json.Unmarshaler. HubSpot's own examples have an object here
// and, within the failures of a failure, a text: that must not make the rest unreadable,
// which tells what became of the other objects.
func (p *particulars) UnmarshalJSON(b []byte) error {
	var named map[string]json.RawMessage
	if json.Unmarshal(b, &named) == nil {
		*p = named
	}
	return nil
}

// parseFailure reads the body of an answer; one that is no JSON says nothing.
func parseFailure(body []byte) failure {
	var f failure
	if err := json.Unmarshal(body, &f); err != nil {
		return failure{}
	}
	return f
}

// list is what context has under a name: a list, or one.
func (f failure) list(name string) []string {
	var several []string
	if json.Unmarshal(f.Context[name], &several) == nil {
		return several
	}
	var one string
	if json.Unmarshal(f.Context[name], &one) == nil && one != "" {
		return []string{one}
	}
	return nil
}

// sub is the subcategory, when it is one word.
func (f failure) sub() string {
	var word string
	_ = json.Unmarshal(f.Sub, &word) // it is documented as an object, and comes as a word
	return word
}

// anywhere is what stands under one of the names in this failure or those within.
func (f failure) anywhere(names ...string) []string {
	var out []string
	for _, one := range append([]failure{f}, f.Errors...) {
		for _, name := range names {
			out = append(out, one.list(name)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// codes are HubSpot's words for what is wrong with the values.
func (f failure) codes() []string {
	out := []string{f.Code, f.sub()}
	for _, v := range invalid(f.Message) {
		out = append(out, v.Error)
	}
	for _, e := range f.Errors {
		out = append(out, e.Code, e.sub())
	}
	return out
}

// invalidValue is how the message tells of one value, as JSON within the text.
type invalidValue struct {
	Message string `json:"message"`
	Error   string `json:"error"`
	Name    string `json:"name"`
}

// invalid reads the values out of "Property values were not valid: [{…}]".
func invalid(message string) []invalidValue {
	var values []invalidValue
	at := strings.Index(message, "[{")
	if at < 0 || json.Unmarshal([]byte(message[at:]), &values) != nil {
		return nil
	}
	return values
}

// text is what is wrong, for people.
func (f failure) text() string {
	message := f.Message
	if values := invalid(message); len(values) > 0 {
		var all []string
		for _, v := range values {
			said := v.Message
			if v.Name != "" && !strings.Contains(said, v.Name) {
				said = v.Name + ": " + said
			}
			all = append(all, strings.TrimRight(said, "."))
		}
		message = strings.Join(all, "; ")
	} else {
		for _, e := range f.Errors {
			if e.Message != "" && !strings.Contains(message, e.Message) {
				message = strings.TrimRight(message, ". ") + "; " + e.Message
			}
		}
		if names := f.anywhere("properties", "propertyName"); len(names) > 0 && !strings.Contains(message, names[0]) {
			message = strings.TrimRight(message, ". ") + ": " + strings.Join(names, ", ")
		}
	}
	message = strings.Trim(strings.Join(strings.Fields(message), " "), ". ")
	if letters := []rune(message); len(letters) > longest {
		message = string(letters[:longest]) + "…"
	}
	return message
}

// refused is the failure as an error. status is 0 for one object of a batch.
func (f failure) refused(status int) error {
	said := f.text()
	switch {
	case said == "" && status != 0:
		said = strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
	case said == "":
		said = "it does not say why"
	}
	return &web.Refused{Status: status, Code: f.Category, Text: "HubSpot refused it: " + said, Hint: f.hint()}
}

// hint says what to do, as far as HubSpot's codes tell.
func (f failure) hint() string {
	for _, code := range f.codes() {
		switch code {
		case "PROPERTY_DOESNT_EXIST":
			return "the property was deleted or renamed in HubSpot: run export with --provision apply, or mend its name in the setting fields"
		case "READ_ONLY_VALUE":
			return "HubSpot keeps this property itself: name another in the setting fields"
		}
	}
	switch f.Category {
	case "OBJECT_NOT_FOUND":
		return "it was deleted or merged in HubSpot meanwhile: export again"
	case "CONFLICT":
		return "another object in HubSpot has the same unique value; it may be in the recycle bin"
	case "VALIDATION_ERROR":
		return "look in HubSpot, under Settings, Properties, at the rules of the property and at which are required"
	}
	return ""
}

// object is the failure of one object of a batch.
func (f failure) object() error {
	switch f.Category {
	case "RATE_LIMITS", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE":
		return &web.Busy{Text: "HubSpot could not do it just now: " + f.text()}
	}
	return f.refused(0)
}

// forbidden names the scopes that a token lacks.
func forbidden(f failure) error {
	scopes := f.anywhere("missingScopes", "requiredGranularScopes", "requiredScopes")
	d := &sdk.Diagnostic{Code: Name + ".scopes", Field: "token", Summary: "the token may not do this in HubSpot",
		Hint: "add the scopes that docs/exporters/hubspot.md lists to the service key or the private app"}
	if len(scopes) > 0 {
		d.Summary = "the token lacks scopes in HubSpot: " + strings.Join(scopes, ", ")
		d.Hint = "add them to the service key or the private app; a scope of which one of several is enough is listed with its alternatives"
	} else if said := f.text(); said != "" {
		d.Summary += ": " + said
	}
	return d
}
