// Package scorm makes a self-study module of what a client stands for and of what its
// assessment found: a SCORM package that learning management systems run, and that
// opens from disk without one.
package scorm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "scorm"
	Summary = "a self-study module for each client, as a SCORM package for learning platforms"
)

// Exporter is the exporter as firstcall sees it.
type Exporter struct{}

var (
	_ sdk.ArtifactExporter = Exporter{}
	_ sdk.ConfigChecker    = Exporter{}
)

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	return sdk.Info{
		Name: Name, Version: "1.0.0", Summary: Summary,
		Kinds: []record.Kind{record.KindAssessment, record.KindStatement, record.KindPlan, record.KindOrganization},
		Config: []sdk.Field{
			{Name: "version", Default: version12, OneOf: []string{version12, version2004}, Doc: "SCORM version of the package; 2004 is the 3rd edition"},
			{Name: "pass", Type: sdk.Int, Default: "80", Doc: "how much of the check must be right to pass, in percent, 1 to 100"},
			{Name: "department", Doc: "make the module for this department alone; without it, learners pick theirs"},
			learning.ColumnField(),
			{Name: "language", Doc: "language of the client's own texts when it is not English, as a tag such as es-MX: screen readers go by it"},
		},
	}
}

// languageTag is the shape of a language tag; whether it is registered is not looked up.
const languageTag = `^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`

// CheckConfig refuses a share that can't be reached and a language that is no tag.
func (Exporter) CheckConfig(cfg sdk.Config) error {
	var wrong sdk.Diagnostics
	if pass := cfg.Int("pass"); pass < 1 || pass > 100 {
		wrong = append(wrong, &sdk.Diagnostic{Code: Name + ".pass", Field: "pass", Summary: fmt.Sprintf("%d percent can't be what it takes to pass", pass), Hint: "give a whole number from 1 to 100, such as 80"})
	}
	if tag := cfg.String("language"); tag != "" && !regexp.MustCompile(languageTag).MatchString(tag) {
		wrong = append(wrong, &sdk.Diagnostic{Code: Name + ".language", Field: "language", Summary: fmt.Sprintf("%q is no language tag", tag), Hint: "write it like es, es-MX or zh-Hant"})
	}
	if blank := learning.CheckColumn(Name, cfg); blank != nil {
		wrong = append(wrong, blank)
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// Render emits a package for each client. A client of whom there is too little to learn
// has its records rejected.
func (Exporter) Render(ctx context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	outcomes := make([]sdk.Outcome, len(records))
	clients, refused := learning.Join(records, learning.Options{Exporter: Name, Column: cfg.String("by")})
	for i, o := range refused {
		outcomes[i] = o
	}
	learning.Warn(clients, outcomes)
	taken := map[string]bool{}
	for _, c := range clients {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m, lack := newModule(c, settingsOf(cfg))
		if lack != nil {
			for i, at := range c.At {
				outcomes[at] = *lack
				if i > 0 {
					outcomes[at] = sdk.Reject(lack.Diagnostic.Code, "there is no module of this client", "see the first record of this client")
				}
			}
			continue
		}
		body, err := m.pack()
		if err != nil {
			return nil, fmt.Errorf("client %s: %w", c.ID, err)
		}
		name := fileName(m, c.ID, taken)
		if err := emit(sdk.Artifact{Name: name, MediaType: "application/zip", Body: body}); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// fileName names the package of a client. Ids that differ in case only would share a
// name, which a disk could not keep apart.
func fileName(m *module, client string, taken map[string]bool) string {
	name := m.Slug
	if taken[name] {
		name += "-" + digest(client)
	}
	taken[name] = true
	return name + "-scorm-" + m.Version + ".zip"
}

// settings are those that change what a module says.
type settings struct {
	version    string
	pass       int
	department string
	language   string
}

func settingsOf(cfg sdk.Config) settings {
	return settings{
		version: cfg.String("version"), pass: int(cfg.Int("pass")),
		department: strings.TrimSpace(cfg.String("department")), language: cfg.String("language"),
	}
}

// lackOf says why there is no module for a client; nil when there is one.
func lackOf(c *learning.Client, set settings) *sdk.Outcome {
	scored := slices.ContainsFunc(c.Assessments, func(a *learning.Assessment) bool { return a.Latest && len(a.Scores) > 0 })
	if len(c.Statements) == 0 && len(c.Values) == 0 && len(c.Standards) == 0 && len(c.Actions) == 0 && !scored {
		o := sdk.Reject(Name+".empty", "there is nothing to make a module of: no vision, no values, no standards, no plan and no scores that may be published",
			"write the vision, the values and the standards into the client file and export its organization record too, or add an assessment")
		return &o
	}
	if set.department != "" && c.Department(set.department) == nil {
		there := "the client has none"
		if names := names(c); len(names) > 0 {
			there = "the client has " + strings.Join(names, ", ")
		}
		o := sdk.Reject(Name+".department", fmt.Sprintf("there is no department %q to make the module for", set.department),
			there+", or too few people of it answered for anything to be published; leave the setting department out to have learners pick theirs")
		return &o
	}
	return nil
}

// names are those of the client's departments, quoted; of very many the first ones.
func names(c *learning.Client) []string {
	const most = 12
	var all []string
	for i, d := range c.Departments {
		if i == most {
			return append(all, fmt.Sprintf("and %d more", len(c.Departments)-most))
		}
		all = append(all, strconv.Quote(d.Name))
	}
	return all
}

// digest is a short text that stands for another one.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

// byHash puts texts into an order that looks like none and is the same in every run.
func byHash[T any](all []T, salt string, text func(T) string) {
	type placed struct {
		x    T
		hash [sha256.Size]byte
	}
	at := make([]placed, len(all))
	for i, x := range all {
		at[i] = placed{x, sha256.Sum256([]byte(salt + "\x00" + text(x)))}
	}
	slices.SortStableFunc(at, func(a, b placed) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	for i := range at {
		all[i] = at[i].x
	}
}
