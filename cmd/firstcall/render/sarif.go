package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// The parts of SARIF 2.1.0 that are written, named as there.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool              sarifTool         `json:"tool"`
		AutomationDetails sarifID           `json:"automationDetails"`
		Invocations       []sarifInvocation `json:"invocations"`
		Artifacts         []sarifArtifact   `json:"artifacts"`
		ColumnKind        string            `json:"columnKind"`
		Results           []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string              `json:"id"`
		ShortDescription *sarifText          `json:"shortDescription"`
		FullDescription  *sarifText          `json:"fullDescription"`
		Help             *sarifText          `json:"help"`
		Default          *sarifConfiguration `json:"defaultConfiguration,omitempty"`
		Properties       sarifRuleMore       `json:"properties"`
	}
	sarifRuleMore struct {
		Tags   []string `json:"tags,omitempty"`
		Source string   `json:"source,omitempty"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifID struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifArtifact struct {
		Location sarifArtifactLocation `json:"location"`
	}
	sarifArtifactLocation struct {
		URI   string `json:"uri"`
		Index *int   `json:"index,omitempty"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Fixes               []sarifFix        `json:"fixes,omitempty"`
		Properties          sarifResultMore   `json:"properties"`
	}
	sarifResultMore struct {
		Client     string `json:"client,omitempty"`
		Statement  string `json:"statement,omitempty"`
		Document   string `json:"document,omitempty"`
		Kind       string `json:"kind,omitempty"`
		Suggestion string `json:"suggestion,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifactLocation `json:"artifactLocation"`
		Region   *sarifRegion          `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName,omitempty"`
		Kind string `json:"kind"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifactLocation `json:"artifactLocation"`
		Replacements []sarifReplacement    `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted *sarifText  `json:"insertedContent,omitempty"`
	}
)

// sarif writes findings in the Static Analysis Results Interchange Format.
func sarif(w io.Writer, r report) error {
	run := newSarifRun(r)
	log := sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run.sarifRun},
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(log)
}

// sarifMaker gathers a run.
type sarifMaker struct {
	sarifRun
	report    report
	rules     map[string]int // index by id
	artifacts map[string]int // index by URI
	seen      map[string]int // findings by what identifies them but for their number
}

func newSarifRun(r report) *sarifMaker {
	m := &sarifMaker{report: r, rules: map[string]int{}, artifacts: map[string]int{}, seen: map[string]int{}}
	m.Tool.Driver = sarifDriver{Name: "firstcall", Version: r.version, Rules: []sarifRule{}}
	m.AutomationDetails = sarifID{"firstcall/" + r.command + "/"}
	m.Invocations = []sarifInvocation{{ExecutionSuccessful: r.complete()}}
	m.ColumnKind = "unicodeCodePoints"
	m.Artifacts, m.Results = []sarifArtifact{}, []sarifResult{}
	for _, rule := range r.rules {
		m.rule(rule)
	}
	for _, t := range r.texts {
		m.text(t)
		for _, f := range t.findings {
			m.result(t, f)
		}
	}
	return m
}

// text adds the file of a text, and what its notice says.
func (m *sarifMaker) text(t text) {
	artifact, ok := m.artifact(t.place.File)
	if t.notice == nil {
		return
	}
	location := sarifLocation{Logical: []sarifLogical{{Name: t.id, Kind: m.report.noun}}}
	if ok {
		location.Physical = &sarifPhysical{Artifact: artifact}
	}
	notices := &m.Invocations[0].Notifications
	*notices = append(*notices, sarifNotification{sarifLevel(t.notice.severity), sarifText{literal(sentence(t.notice.message).Text)}, []sarifLocation{location}})
}

func (m *sarifMaker) rule(r RuleText) int {
	family, _, _ := strings.Cut(r.ID, "/")
	if r.Title == "" {
		r.Title = r.ID
	}
	if r.Why == "" {
		r.Why = r.Title
	}
	if r.Fix == "" { // GitHub refuses a rule without help
		r.Fix = r.Why
	}
	rule := sarifRule{ID: r.ID, ShortDescription: sentence(r.Title), FullDescription: sentence(r.Why), Help: sentence(r.Fix)}
	rule.Properties = sarifRuleMore{Tags: []string{family}, Source: r.Source}
	if r.Severity != "" {
		rule.Default = &sarifConfiguration{sarifLevel(r.Severity)}
	}
	at := len(m.Tool.Driver.Rules)
	m.rules[r.ID] = at
	m.Tool.Driver.Rules = append(m.Tool.Driver.Rules, rule)
	return at
}

// artifact gives the place of a file; ok is false of standard input, which is
// none.
func (m *sarifMaker) artifact(file string) (at sarifArtifactLocation, ok bool) {
	uri := m.report.root.uri(file)
	if uri == "" {
		return at, false
	}
	i, known := m.artifacts[uri]
	if !known {
		i = len(m.Artifacts)
		m.artifacts[uri] = i
		m.Artifacts = append(m.Artifacts, sarifArtifact{sarifArtifactLocation{URI: uri}})
	}
	return sarifArtifactLocation{URI: uri, Index: &i}, true
}

func (m *sarifMaker) result(t text, f record.Remark) {
	rule, ok := m.rules[f.Rule]
	if !ok {
		rule = m.rule(RuleText{ID: f.Rule, Why: f.Why, Fix: f.Fix})
	}
	r := sarifResult{
		RuleID: f.Rule, RuleIndex: rule, Level: sarifLevel(f.Severity), Message: sarifText{literal(sentence(f.Message).Text)},
		PartialFingerprints: map[string]string{"firstcallFinding/v1": m.fingerprint(t, f)},
		Properties:          sarifResultMore{Client: t.client, Kind: t.kind},
	}
	if m.report.noun == "document" {
		r.Properties.Document = t.id
	} else {
		r.Properties.Statement = t.id
	}
	location := sarifLocation{Logical: []sarifLogical{{Name: t.id, Kind: m.report.noun}}}
	if f.Place.Part != "" {
		location.Logical = append(location.Logical, sarifLogical{Name: f.Place.Part, Full: t.id + "/" + f.Place.Part, Kind: "part"})
	}
	region := sarifRegionOf(f)
	if artifact, ok := m.artifact(f.Place.File); ok {
		location.Physical = &sarifPhysical{artifact, region}
		if f.Replacement != nil && region != nil && region.EndLine > 0 && region.EndColumn > 0 && f.End > f.Start {
			r.Fixes = []sarifFix{sarifFixOf(artifact, *region, *f.Replacement)}
		}
	}
	if f.Replacement != nil && r.Fixes == nil {
		r.Properties.Suggestion = *f.Replacement
	}
	r.Locations = []sarifLocation{location}
	m.Results = append(m.Results, r)
}

// fingerprint tells a finding again after the text around it has moved: by its
// rule, text and words, and by its number among the same.
func (m *sarifMaker) fingerprint(t text, f record.Remark) string {
	what := strings.Join([]string{f.Rule, t.client, t.id, m.report.root.uri(f.Place.File), strings.ToLower(f.Quote)}, "\x00")
	m.seen[what]++
	sum := sha256.Sum256([]byte(what + "\x00" + strconv.Itoa(m.seen[what])))
	return hex.EncodeToString(sum[:16])
}

func sarifRegionOf(f record.Remark) *sarifRegion {
	if f.Place.Line < 1 {
		return nil
	}
	r := &sarifRegion{StartLine: f.Place.Line, StartColumn: f.Place.Column}
	if f.EndLine >= f.Place.Line {
		r.EndLine, r.EndColumn = f.EndLine, f.EndColumn
	}
	if r.StartColumn == 0 || r.EndLine == r.StartLine && r.EndColumn < r.StartColumn {
		r.EndColumn = 0
	}
	return r
}

func sarifFixOf(artifact sarifArtifactLocation, region sarifRegion, replacement string) sarifFix {
	change := sarifReplacement{Deleted: region}
	description := "Leave it out."
	if replacement != "" {
		change.Inserted = &sarifText{replacement}
		description = fmt.Sprintf("Write “%s” instead.", replacement)
	}
	return sarifFix{sarifText{description}, []sarifChange{{artifact, []sarifReplacement{change}}}}
}

// literal escapes what a message of SARIF could take for a place to fill in or
// for a link.
func literal(text string) string {
	text = strings.NewReplacer("{", "{{", "}", "}}").Replace(text)
	if strings.Contains(text, "](") {
		text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	}
	return text
}

func sarifLevel(severity string) string {
	if severity == hint {
		return "note"
	}
	return severity
}

// sentence ends a text with a full stop, as SARIF's viewers expect; of nothing
// it makes nothing.
func sentence(text string) *sarifText {
	if text == "" {
		return nil
	}
	if !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return &sarifText{text}
}
