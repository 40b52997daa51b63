package lrstest

import (
	"fmt"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// voided is the verb by which a statement takes back another.
const voided = "http://adlnet.gov/expapi/verbs/voided"

var (
	uuidForm     = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)
	languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// text is what stands under a path, when that is a text.
func text(v any, path ...string) string {
	for _, name := range path {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	s, _ := v.(string)
	return s
}

// same compares two statements but for what an LRS may set itself.
func same(a, b map[string]any) bool {
	strip := func(s map[string]any) map[string]any {
		out := map[string]any{}
		for name, v := range s {
			if !slices.Contains([]string{"id", "stored", "authority", "timestamp", "version"}, name) {
				out[name] = v
			}
		}
		return out
	}
	return reflect.DeepEqual(strip(a), strip(b))
}

// checker finds the first fault of a statement.
type checker struct{ why string }

// check says why a statement is none; "": it is one.
func check(s map[string]any, version string) string {
	c := &checker{}
	c.members("statement", s, "id actor verb object", "result context timestamp version authority attachments stored")
	c.uuid("id", s["id"])
	c.actor("actor", s["actor"])
	c.verb(s["verb"])
	kind := c.object(s["object"])
	if text(s, "verb", "id") == voided && kind != "StatementRef" {
		c.fault("a voiding statement is about a statement")
	}
	if r, has := s["result"]; has {
		c.result(r)
	}
	if x, has := s["context"]; has {
		c.context(x, kind)
	}
	if t, has := s["timestamp"]; has {
		c.timestamp(t, version)
	}
	return c.why
}

func (c *checker) fault(form string, args ...any) {
	if c.why == "" {
		c.why = fmt.Sprintf(form, args...)
	}
}

// members checks that an object has what it needs, and nothing that nobody knows.
func (c *checker) members(what string, v any, needs, may string) map[string]any {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault("%s is no object", what)
		return nil
	}
	for _, name := range strings.Fields(needs) {
		if _, has := o[name]; !has {
			c.fault("%s has no %s", what, name)
		}
	}
	for name, value := range o {
		if !slices.Contains(strings.Fields(needs+" "+may), name) {
			c.fault("%s has the member %s, which is not known", what, name)
		}
		if value == nil {
			c.fault("%s.%s is null", what, name)
		}
	}
	return o
}

func (c *checker) uuid(what string, v any) {
	if s, ok := v.(string); !ok || !uuidForm.MatchString(s) {
		c.fault("%s is no UUID", what)
	}
}

func (c *checker) iri(what string, v any) {
	s, _ := v.(string)
	if u, err := url.Parse(s); err != nil || !u.IsAbs() || s != strings.TrimSpace(s) || strings.ContainsAny(s, " <>\"{}|\\^`") {
		c.fault("%s is no IRI", what)
	}
}

func (c *checker) words(what string, v any) {
	o, ok := v.(map[string]any)
	if !ok || len(o) == 0 {
		c.fault("%s is no language map", what)
	}
	for tag, s := range o {
		if _, ok := s.(string); !ok || !languageForm.MatchString(tag) {
			c.fault("%s has no text in %s", what, tag)
		}
	}
}

// actor takes groups of an account: the tests are about nothing else.
func (c *checker) actor(what string, v any) {
	o := c.members(what, v, "objectType account", "name")
	if o["objectType"] != "Group" {
		c.fault("%s is no group", what)
	}
	a := c.members(what+".account", o["account"], "homePage name", "")
	c.iri(what+".account.homePage", a["homePage"])
	if text(a, "name") == "" {
		c.fault("%s.account has no name", what)
	}
}

func (c *checker) verb(v any) {
	o := c.members("verb", v, "id", "display")
	c.iri("verb.id", o["id"])
	if d, has := o["display"]; has {
		c.words("verb.display", d)
	}
}

func (c *checker) object(v any) (kind string) {
	if kind = text(v, "objectType"); kind == "StatementRef" {
		o := c.members("object", v, "objectType id", "")
		c.uuid("object.id", o["id"])
		return kind
	}
	c.activity("object", v)
	return "Activity"
}

func (c *checker) activity(what string, v any) {
	o := c.members(what, v, "id", "objectType definition")
	c.iri(what+".id", o["id"])
	if kind, has := o["objectType"]; has && kind != "Activity" {
		c.fault("%s is no activity", what)
	}
	d, has := o["definition"]
	if !has {
		return
	}
	def := c.members(what+".definition", d, "", "type name description moreInfo extensions")
	if kind, has := def["type"]; has {
		c.iri(what+".definition.type", kind)
	}
	for _, name := range []string{"name", "description"} {
		if w, has := def[name]; has {
			c.words(what+".definition."+name, w)
		}
	}
}

func (c *checker) extensions(what string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault("%s is no object", what)
	}
	for name := range o {
		c.iri("a name in "+what, name)
	}
}

func (c *checker) result(v any) {
	o := c.members("result", v, "", "score success completion response duration extensions")
	if x, has := o["extensions"]; has {
		c.extensions("result.extensions", x)
	}
	if _, has := o["score"]; !has {
		return
	}
	s := c.members("result.score", o["score"], "", "scaled raw min max")
	number := func(name string, otherwise float64) float64 {
		v, has := s[name]
		n, ok := v.(float64)
		if has && !ok {
			c.fault("result.score.%s is no number", name)
		}
		if !has {
			return otherwise
		}
		return n
	}
	low, high := number("min", math.Inf(-1)), number("max", math.Inf(1))
	if raw := number("raw", max(low, -math.MaxFloat64)); low >= high || raw < low || raw > high {
		c.fault("result.score.raw %v is not within %v and %v", raw, low, high)
	}
	if scaled := number("scaled", 0); scaled < -1 || scaled > 1 {
		c.fault("result.score.scaled %v is not within -1 and 1", scaled)
	}
}

func (c *checker) context(v any, kind string) {
	o := c.members("context", v, "", "registration instructor team contextActivities revision platform language statement extensions")
	if r, has := o["registration"]; has {
		c.uuid("context.registration", r)
	}
	for _, name := range []string{"platform", "revision"} {
		if _, has := o[name]; has && kind != "Activity" {
			c.fault("context.%s stands where nothing is said about an activity", name)
		}
	}
	for _, name := range []string{"team", "instructor"} {
		if g, has := o[name]; has {
			c.actor("context."+name, g)
		}
	}
	if x, has := o["extensions"]; has {
		c.extensions("context.extensions", x)
	}
	if _, has := o["contextActivities"]; !has {
		return
	}
	for kind, list := range c.members("context.contextActivities", o["contextActivities"], "", "parent grouping category other") {
		of, ok := list.([]any)
		if !ok {
			c.fault("context.contextActivities.%s is no array", kind)
		}
		for _, a := range of {
			c.activity("an activity in "+kind, a)
		}
	}
}

// timestamp of version 1.0.3 may have any zone; what 2.0 demands is RFC 3339 in UTC.
func (c *checker) timestamp(v any, version string) {
	s, _ := v.(string)
	at, err := time.Parse(time.RFC3339Nano, s)
	switch {
	case err != nil || regexp.MustCompile(`-00(:?00)?$`).MatchString(s):
		c.fault("timestamp is not as RFC 3339 has it")
	case version == "2.0" && !strings.HasSuffix(s, "Z"):
		c.fault("timestamp is not in UTC")
	case at.Year() < 1970:
		c.fault("timestamp lies before there were computers to write it")
	}
}
