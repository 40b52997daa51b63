package moodle

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// How long is waited before something is looked for of which nobody knows whether it was
// made. Of most things Moodle refuses a second one; of plans it does not, nor can an
// earlier run that was cut off be asked what it has under way.
const (
	settling  = 100 * time.Millisecond
	lingering = time.Second
)

// session is a site that is written to.
type session struct {
	site    *site
	target  sdk.Target
	column  string
	scale   []string
	scaleID int64 // 0: the one with the words of scale
	course  bool
	place   string // category for new courses; "": the only one
	field   string // what members are called by
	members []member

	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error

	users      map[string]int64 // ids by what members are called; 0: none, or several
	categoryID int64            // found out with the first new course
	waited     bool             // for what an earlier run may still have under way
}

var _ sdk.Session = (*session)(nil)

// member is who works in a department, as the user says.
type member struct {
	client, department string
	people             []string
}

// open checks the settings and connects.
func (e Exporter) open(ctx context.Context, cfg sdk.Config) (sdk.Session, error) {
	faults := check(cfg)
	needed := func(name, value string) {
		if strings.TrimSpace(value) == "" {
			faults = append(faults, &sdk.Diagnostic{Code: Name + ".setting", Field: name, Summary: name + " is needed to push", Hint: "set it, or leave out push to make files"})
		}
	}
	needed("url", cfg.String("url"))
	needed("token", cfg.Secret("token"))
	members, wrong := readMembers(cfg)
	if faults = append(faults, wrong...); len(faults) > 0 {
		return nil, faults
	}
	address, err := web.Address("url", strings.TrimSuffix(strings.TrimSpace(cfg.String("url")), endpoint))
	if err != nil {
		return nil, err
	}
	s := &session{
		site: newSite(address, strings.TrimSpace(cfg.Secret("token"))), column: cfg.String("by"), scale: cfg.Strings("scale"), scaleID: cfg.Int("scale_id"),
		course: cfg.Bool("course"), place: strings.TrimSpace(cfg.String("category")), field: cfg.String("member_field"), members: members,
		now: e.Now, sleep: e.Sleep, users: map[string]int64{},
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.sleep == nil {
		s.sleep = web.Sleep
	}
	s.site.api.Use(e.Now, e.Sleep)
	s.target, err = s.site.connect(ctx, s.functions())
	if err != nil {
		return nil, err
	}
	return s, nil
}

// readMembers reads the table of members, in the order of its keys.
func readMembers(cfg sdk.Config) ([]member, sdk.Diagnostics) {
	var all []member
	var faults sdk.Diagnostics
	for key, people := range cfg.Table("members") {
		client, department, ok := strings.Cut(key, "/")
		if !ok || strings.TrimSpace(client) == "" || strings.TrimSpace(department) == "" {
			faults = append(faults, &sdk.Diagnostic{Code: Name + ".members", Field: "members", Summary: "a department in members does not say whose it is",
				Hint: `write the client's id before it: "acme/Front Desk"`})
			continue
		}
		m := member{client: strings.TrimSpace(client), department: strings.TrimSpace(department)}
		for p := range strings.SplitSeq(people, ",") {
			if p = strings.TrimSpace(p); p != "" && !slices.Contains(m.people, p) {
				m.people = append(m.people, p)
			}
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b member) int { return strings.Compare(a.client+"/"+a.department, b.client+"/"+b.department) })
	return all, faults
}

// functions are those that the token must be allowed to call, with these settings.
func (s *session) functions() []string {
	needed := []string{
		"core_competency_list_competency_frameworks", "core_competency_create_competency_framework", "core_competency_update_competency_framework",
		"core_competency_list_competencies", "core_competency_create_competency", "core_competency_update_competency", "core_competency_get_scale_values",
		"core_cohort_search_cohorts", "core_cohort_create_cohorts", "core_cohort_update_cohorts",
	}
	if s.course {
		needed = append(needed, "core_course_get_courses_by_field", "core_course_get_categories", "core_course_create_courses",
			"core_competency_list_course_competencies", "core_competency_add_competency_to_course")
	}
	if len(s.members) > 0 {
		needed = append(needed, "core_user_get_users_by_field", "core_cohort_get_cohort_members", "core_cohort_add_cohort_members",
			"core_competency_list_user_plans", "core_competency_create_plan", "core_competency_update_plan",
			"core_competency_list_plan_competencies", "core_competency_add_competency_to_plan")
	}
	return needed
}

// Target says which site it is.
func (s *session) Target() sdk.Target { return s.target }

// Plan says what Write would do.
func (s *session) Plan(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	return s.each(ctx, batch, true)
}

// Write writes the records, client by client.
func (s *session) Write(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	inDoubt := func(r sdk.Record) bool { return r.InDoubt }
	if !s.waited && slices.ContainsFunc(batch, inDoubt) {
		s.waited = true
		if err := s.sleep(ctx, lingering); err != nil {
			return nil, err
		}
	}
	return s.each(ctx, batch, false)
}

// each brings every client of a batch to the site. All records of a client share what
// becomes of it, since it is made of all of them.
func (s *session) each(ctx context.Context, batch []sdk.Record, dry bool) ([]sdk.Outcome, error) {
	outcomes := make([]sdk.Outcome, len(batch))
	clients, refused := learning.Join(batch, learning.Options{Exporter: Name, Column: s.column})
	for i, o := range refused {
		outcomes[i] = o
	}
	for _, c := range clients {
		y := &sync{session: s, wanted: want(c), dry: dry, ids: map[string]int64{}}
		o, err := outcome(y, y.run(ctx))
		if err != nil {
			return nil, err
		}
		for n, at := range c.At {
			outcomes[at] = o
			if n == 0 {
				outcomes[at].Diff = y.diff()
			} else if o.Status < sdk.Rejected {
				outcomes[at].Diagnostic = nil // a warning is told once
			}
		}
	}
	learning.Warn(clients, outcomes)
	return outcomes, nil
}

// outcome is what became of a client. The error is one that ends the export.
func outcome(y *sync, err error) (sdk.Outcome, error) {
	var refused *web.Refused
	var busy *web.Busy
	var unsure *web.Unsure
	switch {
	case err == nil:
		return sdk.Outcome{Status: y.status(), Remote: y.remote, Diagnostic: y.warning()}, nil
	case errors.As(err, &refused):
		code := "refused"
		if refused.Code == several {
			code = refused.Code
		}
		return sdk.Reject(Name+"."+code, refused.Text, refused.Hint), nil
	case errors.As(err, &busy):
		return sdk.Outcome{Status: sdk.Retry, RetryAfter: busy.After, Diagnostic: &sdk.Diagnostic{Code: Name + ".busy", Summary: busy.Text, Hint: "run the command again later"}}, nil
	case errors.As(err, &unsure):
		return sdk.Outcome{Status: sdk.Retry, Diagnostic: &sdk.Diagnostic{Code: Name + ".failed", Summary: unsure.Text, Hint: "run the command again"}}, nil
	}
	return sdk.Outcome{}, err
}
