package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
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
	file     *org.Client
	culture  map[string][]*record.AssessmentBody // by client
	known    map[string]*vision.Organization     // by client, of those with statements
	baseline *lint.Match
	writing  *lint.Baseline // what a baseline of this run has
	lock     sync.Mutex     // of both
	voices   *vision.Voices // of employees, with --words
	minimum  int            // people who must have given an idea
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
	if err := checkFixing(in); err != nil {
		return nil, err
	}
	var err error
	if s.book, err = openRules(in, vision.Rules()); err != nil {
		return nil, err
	}
	s.all = s.book.known()
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
	if in.text("write-baseline") != "" {
		s.writing = &lint.Baseline{}
	}
	if err := s.readOrganization(ctx); err != nil {
		return nil, err
	}
	answers, err := s.readWords(ctx)
	if answers != nil {
		s.voices = vision.Hear(answers, lexicon.English(), s.minimum)
	}
	return s, err
}

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

// judge judges a statement.
func (s *lintSet) judge(u *unit, memory *vision.Memory) {
	opt := vision.Options{Memory: memory, Rules: s.book.forFile(u.path), Organization: s.known[u.client], Suppress: u.suppress}
	if s.fixing {
		opt.PerRule = math.MaxInt // all are to be fixed
	}
	if s.baseline != nil || s.writing != nil {
		name := baselineName(u.client, u.statement.ID)
		opt.Accept = func(d lint.Diagnostic, quote string) bool { return s.accept(name, d.Rule.ID, quote) }
	}
	j := vision.Judge(u.statement, opt)
	j.Locate(u.statement.Text, u.at)
	if s.voices != nil && j.Body.Verdict != nil {
		v := s.voices.In(u.statement.Text)
		j.Body.Voices = &v
		if v.Answers < s.minimum {
			j.Body.Undefined["voices"] = fmt.Sprintf("there are too few answers to say anything of them: %d are needed", s.minimum)
		}
	}
	if s.fixing {
		for _, d := range j.Result.Diagnostics {
			u.found = append(u.found, shifted(d, u.start))
		}
	}
	body := j.Body // alone: the rest of j is large
	u.judged = linted{client: u.client, body: &body, source: filepath.Base(u.path), unlisted: j.Result.Unlisted}
	u.failed = j.Result.Failed.Err()
}

// accept says whether the baseline knows a finding, and enters it in the one that is
// written.
func (s *lintSet) accept(statement, rule, quote string) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.writing != nil {
		s.writing.Add(statement, rule, quote)
	}
	return s.baseline != nil && s.baseline.Accept(statement, rule, quote)
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

// row makes of a row a statement to be judged.
func (s *lintSet) row(path string, cells []string, c tableColumns, place record.Place) (unit, *problem.Problem) {
	cell := func(at int) string {
		if at < 0 {
			return ""
		}
		return strings.TrimSpace(cells[at])
	}
	fault := func(column int, what, hint string) (unit, *problem.Problem) {
		return unit{}, &problem.Problem{File: path, Line: place.Line, Column: column + 1, What: what, Hint: hint}
	}
	id := cell(c.id)
	if id == "" {
		id = fmt.Sprintf("%s:%d", filepath.Base(path), place.Line)
	}
	kind, department, known := tableKind(cell(c.kind))
	if !known {
		return fault(c.kind, fmt.Sprintf("unknown kind %q", cell(c.kind)), problem.DidYouMean(cell(c.kind), vision.Kinds(), "one of: "+strings.Join(vision.Kinds(), ", ")))
	}
	u := unit{path: path, client: cmp.Or(cell(c.client), s.client), at: func(int) record.Place { return place }}
	if err := record.CheckName(id); err != nil {
		return fault(c.id, fmt.Sprintf("the id is unusable: %v", err), "")
	}
	if err := record.CheckName(u.client); err != nil {
		return fault(c.client, fmt.Sprintf("the client is unusable: %v", err), "")
	}
	u.statement = s.named(vision.Statement{ID: id, Text: strings.TrimSpace(cells[c.text]), Kind: kind, Department: cell(c.department), OfSome: department})
	return u, nil
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

// readOrganization reads what is known of organizations.
func (s *lintSet) readOrganization(ctx context.Context) error {
	if path := s.in.text("org"); path != "" {
		var err error
		if s.file, err = readClient(path); err != nil {
			return err
		}
		if s.client == "" {
			s.client = s.file.ID
		} else if s.client != s.file.ID {
			return usagef("use one of them", "--client is %s, and %s is about %s", s.client, path, s.file.ID)
		}
	}
	s.culture = map[string][]*record.AssessmentBody{}
	for _, path := range s.in.list("culture") {
		err := eachRecord(ctx, s.in, path, func(rec *record.Record, _ int) {
			if rec.Kind == record.KindAssessment {
				body := rec.Assessment.Body()
				s.culture[rec.Client.ID] = append(s.culture[rec.Client.ID], &body)
			}
		})
		if err != nil {
			return err
		}
	}
	if s.client == "" && len(s.culture) == 1 && s.in.text("client-column") == "" {
		for client := range s.culture {
			s.client = client
		}
	}
	return nil
}

// meet gathers, for each client, what its statements are held against: what is
// known of the organization, and its other statements of the run.
func (s *lintSet) meet(units []*unit) {
	of := map[string][]vision.Statement{}
	for _, u := range units {
		of[u.client] = append(of[u.client], u.statement)
	}
	year := 0
	if day := s.in.text("as-of"); day != "" {
		t, _ := time.Parse(time.DateOnly, day) // checked before
		year = t.Year()
	}
	s.known = map[string]*vision.Organization{}
	for client, statements := range of {
		file := s.file
		if file != nil && file.ID != client {
			file = nil
		}
		s.known[client] = vision.NewOrganization(year, file, s.culture[client], statements)
	}
	for _, client := range sortedKeys(s.culture) {
		if _, judged := of[client]; !judged {
			s.in.note("--culture has assessments of %s, of which there is no statement", cmp.Or(client, "nobody"))
		}
	}
	if s.file != nil && of[s.file.ID] == nil {
		s.in.note("--org is about %s, of which there is no statement", s.file.ID)
	}
}

// readWords reads the answers that --words names.
func (s *lintSet) readWords(ctx context.Context) ([]string, error) {
	path := s.in.text("words")
	if path == "" {
		return nil, nil
	}
	s.minimum = 5
	if n, ok := s.in.number("min-group"); ok {
		if s.minimum = n; n < 3 {
			return nil, usagef("people must not be known by their words", "--min-group must be at least 3")
		}
	}
	f, err := openInput(ctx, s.in, path)
	if err != nil {
		return nil, fmt.Errorf("read employees' words: %w", err)
	}
	defer f.Close()
	if strings.EqualFold(filepath.Ext(path), ".txt") {
		return readLines(path, f)
	}
	t, err := survey.OpenTable(path, f, survey.TableOptions{})
	if err != nil {
		return nil, err
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
			return nil, problem.Problem{File: path, Line: 1, What: fmt.Sprintf("no column is called %q", names[0]), Hint: problem.DidYouMean(names[0], t.Header(), "--words-column names it; there are "+shortList(t.Header(), 12))}
		}
	}
	answers := []string{}
	for {
		_, cells, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return answers, nil
		case err != nil:
			return nil, err
		}
		answers = append(answers, cells[at])
	}
}

// readLines takes each line of a text for an answer.
func readLines(path string, r io.Reader) ([]string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read employees' words: %w", err)
	}
	doc, err := document.Read(path, data)
	if err != nil {
		return nil, err
	}
	answers := []string{}
	for line := range strings.Lines(doc.Text) {
		if line = strings.TrimSpace(line); line != "" {
			answers = append(answers, line)
		}
	}
	return answers, nil
}
