package salesforce

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// fault is what Salesforce says of a request, or of a record: of a request the code is
// errorCode, of a record in a collection it is statusCode.
type fault struct {
	ErrorCode  string   `json:"errorCode"`
	StatusCode string   `json:"statusCode"`
	Message    string   `json:"message"`
	Fields     []string `json:"fields"`
}

func (f fault) code() string {
	if f.StatusCode != "" {
		return f.StatusCode
	}
	return f.ErrorCode
}

// faultOf is the first fault in the body of an answer, of which some have it alone and
// not in a list.
func faultOf(body []byte) fault {
	var all []fault
	if json.Unmarshal(body, &all) == nil && len(all) > 0 {
		return all[0]
	}
	var one fault
	if json.Unmarshal(body, &one) == nil {
		return one
	}
	return fault{}
}

// expired is a token that is not valid any more.
type expired struct{ text string }

func (e *expired) Error() string { return e.text }

// judge says what an answer of the API means, by Salesforce's documented codes.
func judge(a *web.Answer) error {
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	f := faultOf(a.Body)
	switch {
	case a.Status > 300 && a.Status < 400: // 300 is an answer: several records have the key
		return &sdk.Diagnostic{Code: "salesforce.url", Field: "url", Summary: "the org's server sends requests elsewhere",
			Hint: "look whether the org's My Domain address was changed, and whether a proxy is in the way"}
	case a.Status == http.StatusUnauthorized:
		return &expired{f.Message}
	case f.code() == "REQUEST_LIMIT_EXCEEDED" && strings.Contains(f.Message, "Concurrent"):
		return &web.Busy{Text: "too much is going on in the org at the same time"}
	case f.code() == "REQUEST_LIMIT_EXCEEDED":
		return &web.Quota{Text: "the org has used up its API calls of the last 24 hours"}
	case f.code() == "UNABLE_TO_LOCK_ROW", f.code() == "SERVER_UNAVAILABLE":
		return &web.Busy{Text: "Salesforce is busy: " + f.Message}
	case a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") == "":
		// Whoever stands before Salesforce says so, who may have passed the request on.
		return &web.Unsure{Text: "Salesforce can't be reached (503)"}
	case f.code() == "REQUEST_RUNNING_TOO_LONG":
		return &web.Unsure{Text: "the request took Salesforce too long"}
	case a.Status == http.StatusForbidden:
		return &sdk.Diagnostic{Code: "salesforce.access", Summary: "the run-as user may not do this: " + said(f),
			Hint: "give the user the permissions that docs/exporters/salesforce.md lists"}
	case a.Status == http.StatusNotFound:
		return &sdk.Diagnostic{Code: "salesforce.access", Summary: "Salesforce does not have what was asked for: " + said(f),
			Hint: "look whether the org has api_version, and whether the run-as user may see accounts, notes and tasks"}
	case a.Status >= 300 && a.Status < 500 && f.code() != "":
		return &web.Refused{Status: a.Status, Code: f.code(), Text: "Salesforce refused it: " + said(f), Hint: hints()[f.code()]}
	}
	return web.Judge(a)
}

// judgeLogin says what an answer of the token endpoint means (RFC 6749, 5.2).
func judgeLogin(a *web.Answer) error {
	var f struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	known := a.Into(&f) == nil && f.Error != ""
	denied := func(field, hint string) error {
		return &sdk.Diagnostic{Code: "salesforce.auth", Field: field,
			Summary: fmt.Sprintf("Salesforce does not let the app in: %s (%s)", f.Description, f.Error), Hint: hint}
	}
	switch {
	case a.Status >= 200 && a.Status < 300:
		return nil
	case a.Status == http.StatusTooManyRequests, a.Status >= 500:
		return web.Judge(a)
	case known && strings.Contains(f.Error, "rate_limit"):
		return &web.Busy{Text: "too many logins in a short time"}
	case !known:
		return noSalesforce()
	case f.Error == "invalid_client_id":
		return denied("client_id", "copy the consumer key of the app again")
	case f.Error == "invalid_client":
		return denied("client_secret", "copy the consumer key and the consumer secret of the app again")
	case f.Error == "invalid_grant":
		return denied("", "url must be your My Domain address, and the app needs the client credentials flow with a run-as user")
	}
	return denied("", "look at the settings and policies of the app")
}

func noSalesforce() error {
	return &sdk.Diagnostic{Code: "salesforce.url", Field: "url", Summary: "no Salesforce answers at this address",
		Hint: "write your My Domain address, like https://example.my.salesforce.com: it stands in Setup, My Domain"}
}

// said is what Salesforce said, with its code.
func said(f fault) string {
	text := strings.Join(strings.Fields(f.Message), " ")
	var unnamed []string
	for _, name := range f.Fields {
		if !strings.Contains(text, name) {
			unnamed = append(unnamed, name)
		}
	}
	if len(unnamed) > 0 {
		text += " [" + strings.Join(unnamed, ", ") + "]"
	}
	if f.code() == "" {
		return strings.TrimSpace(text + " (no reason given)")
	}
	return strings.TrimSpace(text + " (" + f.code() + ")")
}

// rowFault is the error of one record.
func rowFault(f fault) error {
	switch code := f.code(); {
	// A trigger that meets a locked row has a code of its own, with this one in the text.
	case code == "UNABLE_TO_LOCK_ROW", strings.Contains(f.Message, "UNABLE_TO_LOCK_ROW"):
		return &web.Busy{Text: "somebody else is changing the record or one beside it"}
	case code == "SERVER_UNAVAILABLE":
		return &web.Busy{Text: "Salesforce is busy: " + f.Message}
	case code == "REQUEST_LIMIT_EXCEEDED":
		return &web.Quota{Text: "the org has used up its API calls of the last 24 hours"}
	case code == "STORAGE_LIMIT_EXCEEDED":
		return &web.Quota{Text: "the org's storage is full"}
	default:
		return &web.Refused{Code: code, Text: "Salesforce refused it: " + said(f), Hint: hints()[code]}
	}
}

// hints say what to do, by Salesforce's code.
func hints() map[string]string {
	rights := "give the run-as user the right to read and edit it; docs/exporters/salesforce.md lists the rights"
	twice := "leave the key at one of the accounts, or merge them"
	return map[string]string{
		"DUPLICATES_DETECTED":                           "a duplicate rule found an account like it: put the client's id into the key field of that account, or let the rule leave out the run-as user",
		"REQUIRED_FIELD_MISSING":                        "give the field a default value in Salesforce, or make the account there with the client's id in its key field",
		"FIELD_CUSTOM_VALIDATION_EXCEPTION":             "a validation rule of the org does not accept it: change the record in Salesforce, or let the rule leave out the run-as user",
		"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY":          "a flow or trigger of the org failed: ask its administrator",
		"CANNOT_EXECUTE_FLOW_TRIGGER":                   "a flow of the org failed: ask its administrator",
		"STRING_TOO_LONG":                               "make the field longer in Salesforce, or name another in the setting fields",
		"NUMBER_OUTSIDE_VALID_RANGE":                    "give the field more digits in Salesforce, or name another in the setting fields",
		"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST":       "add the value to the picklist in Salesforce, or name another field in the setting fields",
		"DUPLICATE_VALUE":                               twice,
		"DUPLICATE_EXTERNAL_ID":                         twice,
		"INVALID_FIELD":                                 "look whether the field is still there and visible to the run-as user",
		"INVALID_FIELD_FOR_INSERT_UPDATE":               rights,
		"INSUFFICIENT_ACCESS_OR_READONLY":               rights,
		"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": rights,
		"ENTITY_IS_DELETED":                             "restore it from the recycle bin, or run the command again",
		"INVALID_CROSS_REFERENCE_KEY":                   "it may have been deleted just now: run the command again",
		"TRANSFER_REQUIRES_READ":                        "the owner of the tasks must be allowed to see the account",
		"OP_WITH_INVALID_USER_TYPE_EXCEPTION":           "name a user of Salesforce in the setting owner who can have tasks",
	}
}

// reading says what an error means for a request that changes nothing: one that failed
// can be made later, and one that was refused ends the export.
func reading(err error) error {
	var unsure *web.Unsure
	var refused *web.Refused
	switch {
	case errors.As(err, &unsure):
		return &web.Busy{Text: unsure.Text}
	case errors.As(err, &refused):
		return &sdk.Diagnostic{Code: "salesforce.query", Summary: refused.Text, Hint: refused.Hint}
	}
	return err
}
