package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/lint/custom"
	"github.com/firstcall-cli/firstcall/core/lint/vale"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/survey"
	"github.com/firstcall-cli/firstcall/core/vision"
)

// lintSet is what a run of lint goes by.
type lintSet struct {
	in       *invocation
	client   string
	kind     string
	book     *ruleBook // the rules that are looked for
	all      []string  // ids of all rules there are
	org      *vision.Organization
	baseline *lint.Match
	lock     sync.Mutex // of baseline
	answers  []string   // of employees, with --words
	minimum  int        // people who must have given an idea
	fixing   bool
}

// lintSettings reads the flags and the files they name.
func lintSettings(ctx context.Context, in *invocation) (*lintSet, error) {
	s := &lintSet{in: in, client: strings.TrimSpace(in.text("client")), kind: in.text("kind"), fixing: in.on("fix") || in.on("diff")}
	if err := record.CheckName(s.client); err != nil {
		return nil, usagef("", "--client: %v", err)
	}
	if err := checkDay(in.text("as-of")); err != nil {
		return nil, err
	}
	for _, bar := range in.list("fail-under") {
		if _, _, err := parseBar(bar); err != nil {
			return nil, err
		}
	}
	if in.on("fix") && in.on("diff") {
		return nil, usagef("--diff shows what --fix would do", "--fix and --diff do not go together")
	}
	var err error
	if s.book, err = openRules(in); err != nil {
		return nil, err
	}
	s.all = s.book.ids()
	if err := s.book.choose(in); err != nil {
		return nil, err
	}
	if path := in.text("baseline"); path != "" {
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read baseline: %w", err)
		}
		b, err := lint.ReadBaseline(path, src)
		if err != nil {
			return nil, err
		}
		s.baseline = b.Match()
	}
	if s.org, err = organizationOf(ctx, in); err != nil {
		return nil, err
	}
	return s, s.readWords(ctx)
}

// ruleBook is all rules there are: the built-in ones and the user's.
type ruleBook struct {
	rules []*lint.Rule
	vale  []valeRules
}

// valeRules are rules whose configuration says which files they are for.
type valeRules struct {
	config *vale.Config
	rules  []*lint.Rule
}

// ids gives the ids of all rules.
func (b *ruleBook) ids() []string {
	var ids []string
	for _, r := range b.all() {
		ids = append(ids, r.ID)
	}
	return ids
}

// all gives all rules, those of styles last.
func (b *ruleBook) all() []*lint.Rule {
	rules := slices.Clone(b.rules)
	for _, v := range b.vale {
		rules = append(rules, v.rules...)
	}
	return rules
}

// forFile gives the rules that a file is checked with.
func (b *ruleBook) forFile(path string) []*lint.Rule {
	rules := b.rules
	for _, v := range b.vale {
		rules = append(slices.Clip(rules), v.config.For(path, v.rules)...)
	}
	return rules
}

// openRules reads the built-in rules and the user's.
func openRules(in *invocation) (*ruleBook, error) {
	b := &ruleBook{rules: vision.Rules()}
	for _, path := range in.list("rules") {
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		more, err := custom.Read(path, src, b.ids())
		if err != nil {
			return nil, err
		}
		b.rules = append(b.rules, more...)
	}
	for _, path := range in.list("vale") {
		if err := b.openVale(in, path); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// openVale reads a .vale.ini with the styles it names, or one style's folder.
func (b *ruleBook) openVale(in *invocation, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read styles: %w", err)
	}
	root, styles := filepath.Dir(filepath.Clean(path)), []string{filepath.Base(filepath.Clean(path))}
	var config *vale.Config
	if !info.IsDir() {
		src, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read styles: %w", err)
		}
		var notes problem.List
		if config, notes, err = vale.ReadConfig(path, src); err != nil {
			return err
		}
		tellNotes(in, notes)
		root, styles = filepath.Join(filepath.Dir(path), filepath.FromSlash(config.StylesPath)), config.Styles()
	}
	rules, notes, err := vale.Read(os.DirFS(root), root, styles, b.ids())
	if err != nil {
		return err
	}
	tellNotes(in, notes)
	if config != nil {
		b.vale = append(b.vale, valeRules{config, rules})
	} else {
		b.rules = append(b.rules, rules...)
	}
	return nil
}

// tellNotes tells what of a user's file is left out.
func tellNotes(in *invocation, notes problem.List) {
	for _, n := range notes {
		in.note("%v", n)
	}
}

// severityOff switches a rule off.
const severityOff = "off"

// choose leaves out rules that are switched off, and gives others the severity the
// user wants: "clarity/buzzword=hint", "form/=off".
func (b *ruleBook) choose(in *invocation) error {
	names := b.ids()
	levels := map[string]string{}
	for _, setting := range in.list("severity") {
		name, level, ok := strings.Cut(setting, "=")
		if _, known := lint.ParseSeverity(level); !ok || !known && level != severityOff {
			return usagef("write it as clarity/buzzword=hint, with off, hint, warning or error", "--severity: %q does not give a rule its level", setting)
		}
		family, all := strings.CutSuffix(strings.TrimSuffix(name, "*"), "/")
		matched := false
		for _, id := range names {
			if id == name || all && strings.HasPrefix(id, family+"/") {
				levels[id], matched = level, true
			}
		}
		if !matched {
			return usagef(problem.DidYouMean(name, names, "firstcall rules list shows them"), "--severity: unknown rule %q", name)
		}
	}
	b.rules = chosen(b.rules, levels)
	for i := range b.vale {
		b.vale[i].rules = chosen(b.vale[i].rules, levels)
	}
	return nil
}

// chosen gives rules their levels.
func chosen(rules []*lint.Rule, levels map[string]string) []*lint.Rule {
	var out []*lint.Rule
	for _, r := range rules {
		level := levels[r.ID]
		if level == severityOff {
			continue
		}
		if level != "" {
			changed := *r
			changed.Level, _ = lint.ParseSeverity(level)
			r = &changed
		}
		out = append(out, r)
	}
	return out
}

// known gives the ids that a directive may name.
func (s *lintSet) known() []string { return s.all }

// named fills in what the user said of a statement.
func (s *lintSet) named(st vision.Statement) vision.Statement {
	if s.kind != "" {
		st.Kind, st.KindFrom = s.kind, vision.FromUser
	}
	if d := s.in.text("department"); d != "" {
		st.Department = d
	}
	return st
}

// options are what a statement is judged by.
func (s *lintSet) options(path, client, id string, suppress func(lint.Diagnostic) bool) vision.Options {
	opt := vision.Options{Rules: s.book.forFile(path), Organization: s.org, Suppress: suppress}
	if s.baseline != nil {
		name := baselineName(client, id)
		opt.Accept = func(d lint.Diagnostic, quote string) bool {
			s.lock.Lock()
			defer s.lock.Unlock()
			return s.baseline.Accept(name, d.Rule.ID, quote)
		}
	}
	return opt
}

// finish adds what employees said.
func (s *lintSet) finish(body *record.Statement, text string) {
	if s.answers != nil && body.Verdict != nil {
		v := vision.VoicesOf(s.answers, text, lexicon.English(), s.minimum)
		body.Voices = &v
		if v.Answers < s.minimum {
			body.Undefined["voices"] = fmt.Sprintf("there are too few answers to say anything of them: %d are needed", s.minimum)
		}
	}
}

// tableEndings are the endings of files that are tables.
var tableEndings = []string{".csv", ".tsv", ".xlsx", ".json", ".ndjson", ".jsonl"}

// table says whether a file is a table of statements.
func (s *lintSet) table(path string) bool {
	return s.in.text("column") != "" || slices.Contains(tableEndings, strings.ToLower(filepath.Ext(path)))
}

// tableColumns says where in a row what stands; -1 for nowhere.
type tableColumns struct{ text, id, client, kind, department int }

// columns finds the columns of a table by the flags, or by usual names.
func (s *lintSet) columns(path string, header []string) (tableColumns, error) {
	var c tableColumns
	for _, find := range []struct {
		to     *int
		flag   string
		usual  []string
		needed bool
	}{
		{&c.text, "column", []string{"text", "statement"}, true},
		{&c.id, "id-column", []string{"id"}, false},
		{&c.client, "client-column", []string{"client"}, false},
		{&c.kind, "kind-column", []string{"kind"}, false},
		{&c.department, "department-column", []string{"department"}, false},
	} {
		*find.to = -1
		names := find.usual
		asked := s.in.text(find.flag)
		if asked != "" {
			names = []string{asked}
		}
		for _, name := range names {
			if at := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) }); at >= 0 {
				*find.to = at
				break
			}
		}
		if *find.to < 0 && (asked != "" || find.needed) {
			what := fmt.Sprintf("no column is called %q", cmp.Or(asked, "text"))
			return c, problem.Problem{File: path, Line: 1, What: what, Hint: problem.DidYouMean(cmp.Or(asked, "text"), header, "--"+find.flag+" names it; there are "+shortList(header, 12))}
		}
	}
	return c, nil
}

// row judges the statement of a row.
func (s *lintSet) row(path string, row int, cells []string, c tableColumns, place record.Place) (linted, error) {
	cell := func(at int) string {
		if at < 0 {
			return ""
		}
		return strings.TrimSpace(cells[at])
	}
	text := strings.TrimSpace(cells[c.text])
	id := cell(c.id)
	if id == "" {
		id = fmt.Sprintf("%s:%d", filepath.Base(path), row)
	}
	client := cmp.Or(cell(c.client), s.client)
	kind, department, known := tableKind(cell(c.kind))
	st := vision.Statement{ID: id, Text: text, Kind: kind, Department: cell(c.department), OfSome: department}
	if !known {
		return linted{}, problem.Problem{File: path, Line: place.Line, Column: c.kind + 1, What: fmt.Sprintf("unknown kind %q", cell(c.kind)), Hint: problem.DidYouMean(cell(c.kind), vision.Kinds(), "one of: "+strings.Join(vision.Kinds(), ", "))}
	}
	for what, name := range map[string]string{"id": id, "client": client} {
		if err := record.CheckName(name); err != nil {
			return linted{}, problem.Problem{File: path, Line: place.Line, What: fmt.Sprintf("the %s is unusable: %v", what, err)}
		}
	}
	st = s.named(st)
	j := vision.Judge(st, s.options(path, client, id, nil))
	j.Locate(text, func(int) record.Place { return place })
	s.finish(&j.Body, text)
	body := j.Body // alone: the rest of j is large
	return linted{client: client, body: &body, source: filepath.Base(path)}, j.Result.Failed.Err()
}

// tableKind reads a kind as tables have it: one of the kinds, in any case and with
// spaces, or with department before it.
func tableKind(name string) (kind string, department, known bool) {
	plain := strings.ReplaceAll(strings.ToLower(name), " ", "-")
	plain = strings.ReplaceAll(plain, "_", "-")
	if plain == "" {
		return "", false, true
	}
	rest, department := strings.CutPrefix(plain, "department-")
	rest = strings.TrimPrefix(rest, "company-")
	switch rest {
	case "service", "service-mission":
		return vision.KindServiceVision, department, true
	case "value-promise", "value-proposition", "brand-promise", "charter":
		return vision.KindPromise, department, true
	case "tagline", "motto":
		return vision.KindSlogan, department, true
	case "purpose":
		return vision.KindMission, department, true
	case "department":
		return "", true, true
	}
	return rest, department, slices.Contains(vision.Kinds(), rest)
}

// organizationOf reads what is known of the organization.
func organizationOf(ctx context.Context, in *invocation) (*vision.Organization, error) {
	year := 0
	if day := in.text("as-of"); day != "" {
		t, _ := time.Parse(time.DateOnly, day) // checked before
		year = t.Year()
	}
	var client *org.Client
	if path := in.text("org"); path != "" {
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read client file: %w", err)
		}
		if client, err = org.ReadClient(path, src); err != nil {
			return nil, err
		}
	}
	var culture []*record.AssessmentBody
	for _, path := range in.list("culture") {
		err := eachRecord(ctx, in, path, func(rec *record.Record, _ int) {
			if rec.Kind == record.KindAssessment && (in.text("client") == "" || rec.Client.ID == in.text("client")) {
				body := rec.Assessment.Body()
				culture = append(culture, &body)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return vision.NewOrganization(year, client, culture), nil
}

// readWords reads the answers that --words names.
func (s *lintSet) readWords(ctx context.Context) error {
	path := s.in.text("words")
	if path == "" {
		return nil
	}
	s.minimum = 5
	if n, ok := s.in.number("min-group"); ok {
		if s.minimum = n; n < 3 {
			return usagef("people must not be known by their words", "--min-group must be at least 3")
		}
	}
	f, err := openInput(ctx, s.in, path)
	if err != nil {
		return fmt.Errorf("read employees' words: %w", err)
	}
	defer f.Close()
	if strings.EqualFold(filepath.Ext(path), ".txt") {
		return s.readLines(path, f)
	}
	t, err := survey.OpenTable(path, f, survey.TableOptions{})
	if err != nil {
		return err
	}
	defer t.Close()
	at := 0
	if name := s.in.text("words-column"); name != "" || len(t.Header()) > 1 {
		names := []string{"words", "answer", "answers"}
		if name != "" {
			names = []string{name}
		}
		at = slices.IndexFunc(t.Header(), func(h string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(h)) })
		})
		if at < 0 {
			return problem.Problem{File: path, Line: 1, What: fmt.Sprintf("no column is called %q", names[0]), Hint: problem.DidYouMean(names[0], t.Header(), "--words-column names it; there are "+shortList(t.Header(), 12))}
		}
	}
	s.answers = []string{}
	for {
		_, cells, err := t.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		s.answers = append(s.answers, cells[at])
	}
}

// readLines takes each line of a text for an answer.
func (s *lintSet) readLines(path string, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read employees' words: %w", err)
	}
	doc, err := document.Read(path, data)
	if err != nil {
		return err
	}
	s.answers = []string{}
	for line := range strings.Lines(doc.Text) {
		if line = strings.TrimSpace(line); line != "" {
			s.answers = append(s.answers, line)
		}
	}
	return nil
}
