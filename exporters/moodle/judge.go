package moodle

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// exception is how Moodle says that it did not do what it was asked, with the status of
// success.
type exception struct {
	Exception string `json:"exception"`
	ErrorCode string `json:"errorcode"`
	Message   string `json:"message"`
}

// judge says what an answer means.
func judge(a *web.Answer) error {
	switch {
	case a.Status >= 300 && a.Status < 400:
		to, _, _ := strings.Cut(a.Header.Get("Location"), "?")
		return &sdk.Diagnostic{Code: Name + ".address", Field: "url", Summary: "the site is not at this address: it refers to " + plainWords(strings.TrimSuffix(to, endpoint)), Hint: "use the address it refers to"}
	case a.Status == http.StatusNotFound:
		return noMoodle()
	case a.Status == http.StatusForbidden:
		return &sdk.Diagnostic{Code: Name + ".rest", Field: "url", Summary: "the site does not take calls over REST",
			Hint: "Site administration, Server, Web services: turn on web services, and the protocol REST under Manage protocols"}
	case a.Status < 200 || a.Status > 299:
		return web.Judge(a)
	}
	body := bytes.TrimSpace(a.Body)
	if len(body) == 0 || body[0] == '<' {
		return &web.Unsure{Text: "the server answered something that is not Moodle's"}
	}
	var e exception
	if body[0] != '{' || json.Unmarshal(body, &e) != nil || e.Exception == "" {
		return nil
	}
	return e.meaning()
}

// meaning tells exceptions apart by their codes: their words are in the site's language.
func (e exception) meaning() error {
	text := plainWords(e.Message)
	switch code := e.ErrorCode; {
	case code == "invalidtoken":
		return &sdk.Diagnostic{Code: Name + ".token", Field: "token", Summary: "Moodle does not know the token", Hint: "copy it again: Site administration, Server, Web services, Manage tokens"}
	case code == "sitemaintenance", code == "upgraderunning":
		return &web.Busy{Text: "the site is under maintenance"}
	case code == "competenciesarenotenabled":
		return &sdk.Diagnostic{Code: Name + ".competencies", Field: "url", Summary: "competencies are turned off on the site", Hint: "turn them on: Site administration > Competencies > Enable"}
	case strings.HasPrefix(code, "dml"), strings.HasPrefix(code, "dbconnection"), code == "invalidresponse":
		return &web.Unsure{Text: "Moodle failed: " + text}
	default:
		return &web.Refused{Status: http.StatusOK, Code: code, Text: text}
	}
}

// capabilities are what Moodle asks of the token's user for the functions that need one.
var capabilities = map[string]string{
	"core_competency_list_competency_frameworks":  "moodle/competency:competencymanage",
	"core_competency_create_competency_framework": "moodle/competency:competencymanage",
	"core_competency_update_competency_framework": "moodle/competency:competencymanage",
	"core_competency_list_competencies":           "moodle/competency:competencymanage",
	"core_competency_create_competency":           "moodle/competency:competencymanage",
	"core_competency_update_competency":           "moodle/competency:competencymanage",
	"core_cohort_search_cohorts":                  "moodle/cohort:manage",
	"core_cohort_create_cohorts":                  "moodle/cohort:manage",
	"core_cohort_update_cohorts":                  "moodle/cohort:manage",
	"core_cohort_get_cohort_members":              "moodle/cohort:manage",
	"core_cohort_add_cohort_members":              "moodle/cohort:manage",
	"core_course_get_courses_by_field":            "moodle/course:view",
	"core_course_get_categories":                  "moodle/category:viewcourselist",
	"core_course_create_courses":                  "moodle/course:create",
	"core_competency_list_course_competencies":    "moodle/competency:coursecompetencymanage and moodle/course:view",
	"core_competency_add_competency_to_course":    "moodle/competency:coursecompetencymanage and moodle/course:view",
	"core_user_get_users_by_field":                "moodle/user:viewalldetails",
	"core_competency_list_user_plans":             "moodle/competency:planmanage and moodle/competency:planmanagedraft",
	"core_competency_create_plan":                 "moodle/competency:planmanage",
	"core_competency_update_plan":                 "moodle/competency:planmanage",
	"core_competency_list_plan_competencies":      "moodle/competency:planmanage",
	"core_competency_add_competency_to_plan":      "moodle/competency:planmanage",
}

// named gives an error the name of the function, and tells what to allow when it is that
// which is missing: then no record gets further than the one before.
func named(err error, function string) error {
	var refused *web.Refused
	if !errors.As(err, &refused) {
		return err
	}
	may := capabilities[function]
	if may == "" {
		may = "what " + function + " needs"
	}
	switch refused.Code {
	case "accessexception", "servicenotavailable":
		return &sdk.Diagnostic{Code: Name + ".access", Field: "token", Summary: "the token may not call " + function,
			Hint: "look whether the function is among those of the token's web service, the service is enabled, and the user of the token is one of its users with the capability webservice/rest:use; the token may be bound to an address or a day"}
	case "nopermissions", "nopermission", "requireloginerror":
		return &sdk.Diagnostic{Code: Name + ".permission", Field: "token", Summary: "the user of the token may not do " + function + ": " + refused.Text,
			Hint: "allow " + may + " to a role that the user has in the system: Site administration, Users, Permissions"}
	}
	return &web.Refused{Status: refused.Status, Code: refused.Code, Text: "Moodle refused " + function + ": " + refused.Text, Hint: "see what Moodle says of " + refused.Code}
}
