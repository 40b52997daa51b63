package xapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// judge says what an answer of an LRS means.
func judge(a *web.Answer) error {
	reason := reasonOf(a.Body)
	switch {
	case a.Status >= 300 && a.Status < 400:
		return moved(a)
	case a.Status == http.StatusUnauthorized:
		return &sdk.Diagnostic{Code: Name + ".auth", Summary: because("the LRS does not accept the credentials", reason),
			Hint: "compare user and password, or the token, with those that the LRS shows for its client"}
	case a.Status == http.StatusForbidden:
		return &sdk.Diagnostic{Code: Name + ".permission", Summary: because("the LRS does not allow it to the user", reason),
			Hint: "the user must be allowed to write statements and to read them, of which some LRSs make two rights"}
	}
	err := web.Judge(a)
	var refused *web.Refused
	if errors.As(err, &refused) {
		refused.Text = because(refused.Text, reason)
	}
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

// moved is what an answer means that leads to another address.
func moved(a *web.Answer) error {
	d := &sdk.Diagnostic{Code: Name + ".address", Field: "url", Summary: "the address leads elsewhere", Hint: "give the address at which the LRS itself answers"}
	if to, err := url.Parse(a.Header.Get("Location")); err == nil && to.Host != "" {
		d.Summary += ": to " + to.Scheme + "://" + to.Host
	}
	return d
}

// noStore ends the export: nothing at the address takes statements.
func noStore(reason string) error {
	return &sdk.Diagnostic{Code: Name + ".address", Field: "url", Summary: because("no LRS answers at this address", reason),
		Hint: "give the part of the address that stands before /statements"}
}

// unreadable ends the export: what answers is no LRS, or something stands between.
func unreadable(what string) error {
	return &sdk.Diagnostic{Code: Name + ".answer", Field: "url", Summary: what,
		Hint: "look whether the address is that of the LRS, and whether something between here and there answers in its place"}
}

// reading words an error of something that was only read: a refusal ends the export.
func reading(err error) error {
	var refused *web.Refused
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Status == http.StatusNotFound || refused.Status == http.StatusMethodNotAllowed:
		return noStore(refused.Text)
	}
	return &sdk.Diagnostic{Code: Name + ".read", Summary: because("the LRS gives no statements", refused.Text),
		Hint: "look whether it speaks the version of xAPI that is set: version=1.0.3 or version=2.0"}
}

// longestReason is how much of a text of an LRS's is shown, in characters.
const longestReason = 300

// reasonOf is what an LRS says is wrong. The standard leaves open how; pages for browsers
// say nothing.
func reasonOf(body []byte) string {
	var told map[string]any
	if json.Unmarshal(body, &told) == nil {
		for _, name := range []string{"message", "warnings", "error_description", "errorMessage", "error", "detail"} {
			if text := textOf(told[name]); text != "" {
				return text
			}
		}
		return ""
	}
	var text string
	switch {
	case json.Unmarshal(body, &text) == nil:
		return oneLine(text)
	case json.Valid(body), !utf8.Valid(body), strings.HasPrefix(strings.TrimSpace(string(body)), "<"):
		return ""
	}
	return oneLine(string(body))
}

// textOf is a text, or several.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return oneLine(v)
	case []any:
		var parts []string
		for _, each := range v {
			if s := textOf(each); s != "" {
				parts = append(parts, s)
			}
		}
		return oneLine(strings.Join(parts, "; "))
	}
	return ""
}

// oneLine is a text of an LRS's in one line, without the full stop, and not too long.
func oneLine(s string) string {
	s = strings.TrimRight(strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)), " "), ".")
	if runes := []rune(s); len(runes) > longestReason {
		return string(runes[:longestReason-1]) + "…"
	}
	return s
}
