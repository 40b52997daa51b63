package espocrm

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// judge says what an answer of EspoCRM means. It tells its reason in the header
// X-Status-Reason, and for a field that is not as it should be in the body.
func judge(a *web.Answer) error {
	reason := plainWords(a.Header.Get("X-Status-Reason"))
	switch {
	case a.Status >= 300 && a.Status < 400:
		return elsewhere(a)
	case a.Status == http.StatusUnauthorized:
		return unauthorized(reason)
	case a.Status == http.StatusConflict:
		return duplicate(a, reason)
	case a.Status == http.StatusBadRequest:
		return invalid(a, reason)
	case a.Status == http.StatusForbidden:
		return &web.Refused{Status: a.Status, Code: reason, Text: because("EspoCRM does not allow it to the API user", reason),
			Hint: "look at the role of the API user: Administration, Roles; and that its assignment permission is all"}
	case a.Status == http.StatusNotFound:
		return &web.Refused{Status: a.Status, Code: reason, Text: because("EspoCRM does not have it", reason)}
	}
	err := web.Judge(a)
	var unsure *web.Unsure
	if errors.As(err, &unsure) {
		unsure.Text = because(unsure.Text, reason)
	}
	return err
}

// because adds a reason to what happened.
func because(what, reason string) string {
	if reason == "" {
		return what
	}
	return what + ": " + reason
}

// elsewhere is what an answer means that leads to another address.
func elsewhere(a *web.Answer) error {
	d := &sdk.Diagnostic{Code: Name + ".address", Field: "url", Summary: "the address leads elsewhere", Hint: "give the address that the browser shows in the end"}
	if to, err := url.Parse(a.Header.Get("Location")); err == nil && to.Host != "" {
		d.Summary += ": to " + to.Scheme + "://" + to.Host
	}
	return d
}

func unauthorized(reason string) error {
	if reason == "second-step-required" {
		return &sdk.Diagnostic{Code: Name + ".auth", Field: "admin_user", Summary: "the administrator logs in with a second factor, which firstcall can't give",
			Hint: "make the fields by hand or with the extension, or use an administrator without one"}
	}
	return &sdk.Diagnostic{Code: Name + ".auth", Summary: "EspoCRM does not accept the credentials",
		Hint: "compare the API key with that at Administration, API Users; the user must be active and its authentication method API Key"}
}

// duplicate is what a conflict means: there are records that look alike. The body has
// them.
func duplicate(a *web.Answer, reason string) error {
	var alike []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if json.Unmarshal(a.Body, &alike) != nil || len(alike) == 0 {
		return &web.Refused{Status: a.Status, Code: reason, Text: because("EspoCRM reports a conflict", reason)}
	}
	var ids []string
	for i, r := range alike {
		if i == 5 {
			ids = append(ids, fmt.Sprintf("and %d more", len(alike)-i))
			break
		}
		ids = append(ids, plainWords(r.ID))
	}
	return &web.Refused{Status: a.Status, Code: "duplicate",
		Text: "EspoCRM has a record that looks the same and does not carry the key: " + strings.Join(ids, ", ")}
}

// invalid is what a bad request means. The body names the field and what is wrong.
func invalid(a *web.Answer, reason string) error {
	var body struct {
		Message struct {
			Label string          `json:"label"`
			Data  json.RawMessage `json:"data"` // a list when there is nothing in it
		} `json:"messageTranslation"`
	}
	var data struct {
		Field string `json:"field"`
		Type  string `json:"type"`
	}
	if json.Unmarshal(a.Body, &body) != nil || json.Unmarshal(body.Message.Data, &data) != nil || data.Field == "" {
		return &web.Refused{Status: a.Status, Code: reason, Text: because("EspoCRM does not take it", reason)}
	}
	field, wrong := plainWords(data.Field), map[string]string{
		"required":  "it must not be empty",
		"maxLength": "the text is too long",
		"pattern":   "it has characters that are not allowed there",
		"min":       "the number is too small",
		"max":       "the number is too large",
		"valid":     "the value is not of the field's type",
	}[data.Type]
	if wrong == "" {
		wrong = because("the check failed", plainWords(data.Type))
	}
	refused := &web.Refused{Status: a.Status, Code: data.Type, Text: "EspoCRM does not take the field " + field + ": " + wrong}
	if data.Type == "required" {
		refused.Hint = "fill it in there by hand, or let it be empty: Administration, Entity Manager"
	}
	return refused
}

// reading words an error of something that was only read: a refusal ends the export.
func reading(err error, what string) error {
	var refused *web.Refused
	switch {
	case errors.Is(err, errUnreadable):
		return &sdk.Diagnostic{Code: Name + ".answer", Summary: "the answer about " + what + " can't be read", Hint: "look whether something between here and EspoCRM answers in its place"}
	case !errors.As(err, &refused):
		return err
	case refused.Status == http.StatusForbidden:
		return &sdk.Diagnostic{Code: Name + ".permission", Summary: because("EspoCRM does not let the API user read "+what, refused.Code), Hint: "let the role of the API user read it: Administration, Roles"}
	}
	return &sdk.Diagnostic{Code: Name + ".read", Summary: because("EspoCRM does not give "+what, refused.Text), Hint: refused.Hint}
}

// longestReason is how much of a text of EspoCRM's is shown, in characters.
const longestReason = 200

// plainWords is a text of EspoCRM's in one line, and not too long.
func plainWords(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)), " ")
	if runes := []rune(s); len(runes) > longestReason {
		return string(runes[:longestReason-1]) + "…"
	}
	return s
}
