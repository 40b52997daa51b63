package moodletest

import (
	"encoding/json"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// Framework is a competency framework.
type Framework struct {
	ID, ScaleID                                                      int64
	ShortName, IDNumber, Description, ScaleConfiguration, Taxonomies string
	Visible                                                          bool
	Category                                                         bool // it belongs to a category
}

// Competency is a competency.
type Competency struct {
	ID, ParentID, FrameworkID        int64
	ShortName, IDNumber, Description string
	Sort                             int
}

// call is one call that is carried out.
type call struct {
	*Server
	raw bool   // texts as they were written
	url string // of the site
}

// shown is a text as web services give it when they are not asked for it as written.
func (c *call) shown(text string) string {
	if c.raw {
		return text
	}
	return html.EscapeString(text)
}

// function is a function of the web services.
type function struct {
	takes  spec
	writes bool
	run    func(*call, map[string]any) (any, *failure)
}

// tooLong is how a database fails that is given more characters than a column has.
func tooLong(text string, n int) *failure {
	if utf8.RuneCountInString(text) > n {
		return thrown("dml_write_exception", "dmlwriteexception", "Error writing to database")
	}
	return nil
}

// notValid is how an object fails that is not as it must be.
func notValid(what string) *failure {
	return thrown("core\\invalid_persistent_exception", "invalidpersistent", "Invalid data: "+what)
}

func str(in map[string]any, name string) string { s, _ := in[name].(string); return s }
func num(in map[string]any, name string) int64  { n, _ := in[name].(int64); return n }

// context is a way to name a context; only the system is used.
func context() field {
	return part("context", object(def("contextid", typeInt, int64(0)), def("contextlevel", typeAlpha, ""), def("instanceid", typeInt, int64(0))))
}

func inSystem(in map[string]any) *failure {
	if str(in, "contextlevel") != "system" && num(in, "contextid") != 1 {
		return invalid("Missing parameters, please provide either context level with instance id or contextid")
	}
	return nil
}

func (c *call) frameworkOf(id int64) *Framework {
	at := slices.IndexFunc(c.Frameworks, func(f *Framework) bool { return f.ID == id })
	if at < 0 {
		return nil
	}
	return c.Frameworks[at]
}

func (c *call) frameworkAnswer(f *Framework) map[string]any {
	return map[string]any{
		"id": f.ID, "shortname": c.shown(f.ShortName), "idnumber": f.IDNumber, "description": f.Description, "descriptionformat": 1, "visible": f.Visible,
		"scaleid": f.ScaleID, "scaleconfiguration": f.ScaleConfiguration, "contextid": 1, "taxonomies": f.Taxonomies, "canmanage": true, "competenciescount": 0,
	}
}

func listFrameworks(c *call, in map[string]any) (any, *failure) {
	if bad := inSystem(in["context"].(map[string]any)); bad != nil {
		return nil, bad
	}
	out := []any{}
	query := strings.ToLower(str(in, "query"))
	for _, f := range c.Frameworks {
		if strings.Contains(strings.ToLower(f.ShortName), query) || strings.Contains(strings.ToLower(f.IDNumber), query) {
			out = append(out, c.frameworkAnswer(f))
		}
	}
	return out, nil
}

func createFramework(c *call, in map[string]any) (any, *failure) {
	in = in["competencyframework"].(map[string]any)
	if bad := inSystem(in); bad != nil {
		return nil, bad
	}
	f := &Framework{
		ScaleID: num(in, "scaleid"), ShortName: str(in, "shortname"), IDNumber: str(in, "idnumber"), Description: str(in, "description"),
		ScaleConfiguration: str(in, "scaleconfiguration"), Taxonomies: str(in, "taxonomies"), Visible: in["visible"].(bool),
	}
	if bad := c.checkFramework(f); bad != nil {
		return nil, bad
	}
	f.ID = c.next()
	c.Frameworks = append(c.Frameworks, f)
	return c.frameworkAnswer(f), nil
}

func (c *call) checkFramework(f *Framework) *failure {
	for _, other := range c.Frameworks {
		if other != f && strings.EqualFold(other.IDNumber, f.IDNumber) {
			return notValid("idnumber: The ID number is already taken")
		}
	}
	if c.Scales[f.ScaleID] == nil {
		return notValid("scaleid")
	}
	var configuration []struct {
		ScaleID      string `json:"scaleid"`
		ScaleDefault int    `json:"scaledefault"`
		Proficient   int    `json:"proficient"`
	}
	err := json.Unmarshal([]byte(f.ScaleConfiguration), &configuration)
	set, proficient := 0, 0
	for _, word := range configuration {
		set, proficient = set+word.ScaleDefault, proficient+word.Proficient
	}
	if err != nil || len(configuration) != len(c.Scales[f.ScaleID])+1 || configuration[0].ScaleID != decimal(f.ScaleID) || set != 1 || proficient == 0 {
		return notValid("scaleconfiguration")
	}
	for t := range strings.SplitSeq(f.Taxonomies, ",") {
		if !slices.Contains([]string{"", "behaviour", "competency", "concept", "domain", "indicator", "level", "outcome", "practice", "proficiency", "skill", "value"}, t) {
			return notValid("taxonomies")
		}
	}
	if bad := tooLong(f.ShortName, 100); bad != nil {
		return bad
	}
	return tooLong(f.IDNumber, 100)
}

func updateFramework(c *call, in map[string]any) (any, *failure) {
	in = in["competencyframework"].(map[string]any)
	f := c.frameworkOf(num(in, "id"))
	if f == nil {
		return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table competency_framework.")
	}
	changed := *f
	set(&changed.ShortName, in, "shortname")
	set(&changed.Description, in, "description")
	if bad := tooLong(changed.ShortName, 100); bad != nil {
		return nil, bad
	}
	*f = changed
	return true, nil
}

func set(to *string, in map[string]any, name string) {
	if text, there := in[name].(string); there {
		*to = text
	}
}

func scaleValues(c *call, in map[string]any) (any, *failure) {
	words := c.Scales[num(in, "scaleid")]
	if words == nil { // the code calls a method of nothing
		return nil, &failure{Exception: "Error", Message: "Call to a member function load_items() on false"}
	}
	out := []any{}
	for i, w := range words {
		out = append(out, map[string]any{"id": i + 1, "name": c.shown(w)})
	}
	return out, nil
}

func (c *call) competencyAnswer(x *Competency) map[string]any {
	return map[string]any{
		"id": x.ID, "shortname": c.shown(x.ShortName), "idnumber": x.IDNumber, "description": x.Description, "descriptionformat": 1,
		"parentid": x.ParentID, "competencyframeworkid": x.FrameworkID, "sortorder": x.Sort, "scaleid": nil,
	}
}

func listCompetencies(c *call, in map[string]any) (any, *failure) {
	var framework int64 = -1
	for _, f := range in["filters"].([]any) {
		filter := f.(map[string]any)
		if str(filter, "column") != "competencyframeworkid" {
			return nil, invalid("Filter column was invalid")
		}
		framework = integer(str(filter, "value"))
	}
	if c.frameworkOf(framework) == nil {
		return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table competency_framework.")
	}
	out := []any{}
	for _, x := range c.Competencies {
		if x.FrameworkID == framework {
			out = append(out, c.competencyAnswer(x))
		}
	}
	return out, nil
}

func createCompetency(c *call, in map[string]any) (any, *failure) {
	in = in["competency"].(map[string]any)
	x := &Competency{ParentID: num(in, "parentid"), FrameworkID: num(in, "competencyframeworkid"), ShortName: str(in, "shortname"), IDNumber: str(in, "idnumber"), Description: str(in, "description")}
	if c.frameworkOf(x.FrameworkID) == nil {
		return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table competency_framework.")
	}
	parent := x.ParentID == 0
	for _, other := range c.Competencies {
		if other.FrameworkID == x.FrameworkID && strings.EqualFold(other.IDNumber, x.IDNumber) {
			return nil, notValid("idnumber: The ID number is already taken")
		}
		if other.ParentID == x.ParentID && other.FrameworkID == x.FrameworkID {
			x.Sort++
		}
		parent = parent || other.ID == x.ParentID && other.FrameworkID == x.FrameworkID
	}
	if !parent {
		return nil, notValid("parentid")
	}
	for _, text := range []string{x.ShortName, x.IDNumber} {
		if bad := tooLong(text, 100); bad != nil {
			return nil, bad
		}
	}
	x.ID = c.next()
	c.Competencies = append(c.Competencies, x)
	return c.competencyAnswer(x), nil
}

func (c *call) competencyOf(id int64) *Competency {
	at := slices.IndexFunc(c.Competencies, func(x *Competency) bool { return x.ID == id })
	if at < 0 {
		return nil
	}
	return c.Competencies[at]
}

func updateCompetency(c *call, in map[string]any) (any, *failure) {
	in = in["competency"].(map[string]any)
	x := c.competencyOf(num(in, "id"))
	if x == nil {
		return nil, thrown("dml_missing_record_exception", "invalidrecord", "Can't find data record in database table competency.")
	}
	changed := *x
	set(&changed.ShortName, in, "shortname")
	set(&changed.Description, in, "description")
	if bad := tooLong(changed.ShortName, 100); bad != nil {
		return nil, bad
	}
	*x = changed
	return true, nil
}
