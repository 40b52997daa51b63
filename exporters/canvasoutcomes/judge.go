package canvasoutcomes

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// judge says what an answer of Canvas's means. A user who asks too much too fast gets a
// 403, which is told from one about rights by the header with what is left.
func judge(a *web.Answer) error {
	if a.Status == http.StatusForbidden || a.Status == http.StatusTooManyRequests {
		left, err := strconv.ParseFloat(a.Header.Get("X-Rate-Limit-Remaining"), 64)
		if a.Status == http.StatusTooManyRequests || err == nil && left <= 0 {
			after, known := web.RetryAfter(a)
			return &web.Busy{After: after, Known: known, Text: "Canvas asks for a pause, since it was asked much at once"}
		}
	}
	switch a.Status {
	case http.StatusUnauthorized:
		if a.Header.Get("WWW-Authenticate") != "" {
			return fault("token", "token", "Canvas does not take the token", "make a new one in Canvas under Account, Settings, New Access Token; they can expire")
		}
		return forbidden()
	case http.StatusForbidden:
		return forbidden()
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return fault("url", "url", "Canvas is at another address", "give the address that the browser shows after logging in")
	}
	err := web.Judge(a)
	if refused, ok := err.(*web.Refused); ok {
		if said := message(a.Body); said != "" {
			refused.Text = "Canvas refuses it: " + said
		}
	}
	return err
}

func fault(code, field, summary, hint string) *sdk.Diagnostic {
	return &sdk.Diagnostic{Code: Name + "." + code, Field: field, Summary: summary, Hint: hint}
}

func forbidden() error {
	return fault("permission", "token", "the user of the token may not do this",
		"give it the permissions to import learning outcomes and to view them, in that account")
}

// message is what Canvas says is wrong, in one line; empty when it does not say so.
func message(body []byte) string {
	var said struct {
		Message string
		Error   string
		Errors  json.RawMessage
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	text := said.Message + said.Error
	var list []struct{ Message string }
	if json.Unmarshal(said.Errors, &list) == nil {
		for _, e := range list {
			text += " " + e.Message
		}
	}
	return brief(text)
}

// brief is a text of Canvas's as a part of a summary.
func brief(text string) string {
	runes := []rune(oneLine(text))
	return strings.TrimRight(string(runes[:min(len(runes), 200)]), ". ")
}
