package tryton

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// errExpired says that Tryton does not know the session any more. The call was not
// carried out.
var errExpired = errors.New("the session has expired")

// reply is the body of an answer.
type reply struct {
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// judge says what the answer to a call means.
func judge(a *web.Answer) error {
	switch {
	case a.Status == http.StatusUnauthorized:
		return errExpired
	case a.Status != http.StatusOK:
		return judgeStatus(a)
	}
	var r reply
	if err := json.Unmarshal(a.Body, &r); err != nil {
		return &web.Unsure{Text: "the answer is not one of Tryton's"}
	}
	if r.Error == nil {
		return nil
	}
	return refusal(r.Error)
}

// judgeStatus judges answers that no method of Tryton gave.
func judgeStatus(a *web.Answer) error {
	switch {
	case a.Status == http.StatusNotFound:
		return fault("database", "database", "there is no such database at this address (404 Not Found)", "look at the settings url and database")
	case a.Status == http.StatusForbidden:
		return fault("forbidden", "", "the server does not allow the call (403 Forbidden)", "it must be a Tryton server with the modules party and, for tasks, project")
	case a.Status >= 300 && a.Status < 400:
		return fault("url", "url", "the server sends the caller elsewhere, and credentials are not sent after it", "give the address that it sends to: "+a.Header.Get("Location"))
	case a.Status == http.StatusRequestEntityTooLarge:
		return &web.Refused{Status: a.Status, Text: "the server takes no request of that size"}
	}
	return web.Judge(a)
}

// locked are words of databases about rows that somebody else works on: SQLite's, and
// PostgreSQL's for the conditions 55P03, 40P01 and 40001. Tryton gives no code for them.
var locked = []string{"database is locked", "could not obtain lock", "deadlock detected", "could not serialize access"}

// refusal says what a member error means. Tryton rolls everything back before it answers
// with one. It is an exception's name with its arguments, or the text of an exception
// that is none of Tryton's own.
func refusal(raw json.RawMessage) error {
	var parts []json.RawMessage
	var name, text string
	if json.Unmarshal(raw, &parts) != nil || len(parts) == 0 || json.Unmarshal(parts[0], &name) != nil {
		return &web.Refused{Text: "Tryton refused it without a reason"}
	}
	var args []any
	if len(parts) > 1 && json.Unmarshal(parts[1], &args) != nil {
		json.Unmarshal(parts[1], &text) // stays empty when it is something else
	}
	switch {
	case name == "UserError" && args != nil:
		return &web.Refused{Code: name, Text: words(args, 0, 1)}
	case name == "UserWarning" && args != nil:
		return &web.Refused{Code: name, Text: "Tryton wants somebody to confirm this: " + words(args, 1, 2),
			Hint: "do it once in Tryton as the user of the export, and tick that the warning is to be ignored always"}
	case name == "LoginException" && args != nil:
		return fault("auth", "password", "Tryton asks for more than a password: "+words(args, 1),
			"give the export a user that logs in with a password alone")
	case name == "ConcurrencyException":
		return &web.Busy{Text: "somebody else changed it at the same moment: " + line(text)}
	}
	for _, words := range locked {
		if strings.Contains(name, words) {
			return &web.Busy{Text: "the database is busy: " + line(name)}
		}
	}
	return &web.Refused{Text: "Tryton failed at it: " + line(name), Hint: "the log of the Tryton server says more"}
}

// words joins the arguments of an exception that are texts.
func words(args []any, at ...int) string {
	var out []string
	for _, i := range at {
		if i < len(args) {
			if s, ok := args[i].(string); ok && s != "" {
				out = append(out, line(s))
			}
		}
	}
	return strings.Join(out, " ")
}

// line makes one line of a text.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// fault is a diagnostic about the export as a whole, or one of its settings.
func fault(code, field, summary, hint string) *sdk.Diagnostic {
	return &sdk.Diagnostic{Code: Name + "." + code, Field: field, Summary: summary, Hint: hint}
}

// ends words an error that keeps the export from beginning.
func ends(err error) error {
	var refused *web.Refused
	var busy *web.Busy
	var unsure *web.Unsure
	switch {
	case errors.As(err, &refused):
		return fault("refused", "", refused.Text, refused.Hint)
	case errors.As(err, &busy):
		return fault("unreachable", "url", busy.Text, "look at the address, and whether the server runs")
	case errors.As(err, &unsure):
		return fault("unreachable", "url", unsure.Text, "run the command again")
	}
	return err
}
