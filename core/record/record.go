// Package record defines the wire form that everything in firstcall passes
// on: one JSON object a line, an envelope and one body named like its kind.
//
// It owns the Go types, their keys and revisions, the NDJSON codec and the
// JSON Schema made from the types. It computes no figure and draws nothing.
package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Schema is the version of the wire form. A field never changes its meaning
// within it; readers ignore fields they do not know.
const Schema = "firstcall/1"

// MaxBytes is the size of the largest record, as one line of JSON.
const MaxBytes = 32 << 20

// Kind names the body that a record carries.
type Kind string

const (
	KindAssessment Kind = "assessment" // one client's answers to one instrument in one wave
	KindStatement  Kind = "statement"  // a vision or mission statement
	KindJob        Kind = "job"        // a job description
	KindFolder     Kind = "folder"     // a roll-up of jobs
	KindPlan       Kind = "plan"       // actions with owner, due date and origin

	KindOrganization Kind = "organization" // what a client says about itself
)

// Kinds lists every kind of this version, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{KindAssessment, KindStatement, KindJob, KindFolder, KindPlan, KindOrganization}
}

// Valid reports whether k is a kind of this version.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Record is the envelope.
type Record struct {
	Schema   string   `json:"schema" const:"firstcall/1" doc:"Version of this wire form."`
	Kind     Kind     `json:"kind" enum:"assessment,statement,job,folder,plan,organization" doc:"Names the body that follows."`
	Key      string   `json:"key" minLength:"1" doc:"Identifies the record everywhere: client/kind/subject[/wave], each part percent-escaped; '-' stands for no client."`
	Revision string   `json:"revision" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 of the RFC 8785 form of key, client and body, in hex. Equal revisions mean equal content."`
	Client   Client   `json:"client" doc:"Whom the record is about."`
	AsOf     string   `json:"as_of,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"The day the record speaks of, when the user gave one."`
	Sources  []string `json:"sources" doc:"Base names of the files read, in alphabetical order; a file of fewer people than may be published is left out."`
	Tool     Tool     `json:"tool" doc:"What made the record. Not part of the revision."`

	Assessment *Assessment `json:"assessment,omitempty" doc:"Body of kind assessment."`
	// Other carries the body of the kinds that this version passes on without
	// looking inside.
	Other json.RawMessage `json:"-"`
}

// Client is whom a record is about.
type Client struct {
	ID   string `json:"id" doc:"The client's id as the user gave it; empty when none was given."`
	Name string `json:"name,omitempty" doc:"The client's name for people."`
}

// Tool is the program that made a record.
type Tool struct {
	Name    string `json:"name" doc:"Always firstcall."`
	Version string `json:"version" doc:"Version of the program."`
}

// MarshalJSON writes the envelope and the body under the name of its kind. The
// body is text already, and may be large: it is copied once.
func (r Record) MarshalJSON() ([]byte, error) {
	type plain Record
	body := r.Other
	if r.Assessment != nil {
		body, r.Assessment = r.Assessment.text, nil
	}
	head, err := encode(plain(r))
	if err != nil || len(body) == 0 {
		return head, err
	}
	name, err := encode(string(r.Kind))
	if err != nil {
		return nil, err
	}
	return slices.Concat(head[:len(head)-1], []byte{','}, name, []byte{':'}, body, []byte{'}'}), nil
}

// UnmarshalJSON reads a record of any kind; unknown fields are ignored.
func (r *Record) UnmarshalJSON(data []byte) error {
	type plain Record
	if err := json.Unmarshal(data, (*plain)(r)); err != nil {
		return err
	}
	if r.Kind == KindAssessment || r.Kind == "" {
		return nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	r.Other = members[string(r.Kind)]
	return nil
}

// Check reports what makes the record unfit to be passed on: another schema,
// an unknown kind, a missing body, a key that does not belong to the client
// and kind. It does not check the revision; see Revise.
func (r *Record) Check() error {
	switch {
	case r.Schema != Schema:
		return fmt.Errorf("schema is %q, not %q", r.Schema, Schema)
	case !r.Kind.Valid():
		return fmt.Errorf("unknown kind %q", r.Kind)
	case r.Kind == KindAssessment && r.Assessment == nil, r.Kind != KindAssessment && len(r.Other) == 0:
		return fmt.Errorf("a record of kind %s needs a body named %q", r.Kind, r.Kind)
	}
	key, err := ParseKey(r.Key)
	if err != nil {
		return err
	}
	if key.Kind != r.Kind || key.Client != r.Client.ID {
		return fmt.Errorf("key %q does not belong to kind %q of client %q", r.Key, r.Kind, r.Client.ID)
	}
	switch r.Kind {
	case KindAssessment:
		return r.Assessment.body.check()
	case KindPlan:
		_, err := r.Plan()
		return err
	case KindStatement:
		_, err := r.Statement()
		return err
	case KindJob:
		_, err := r.Job()
		return err
	case KindFolder:
		_, err := r.Folder()
		return err
	case KindOrganization:
		_, err := r.Organization()
		return err
	}
	return nil
}

// CheckName reports what keeps a text from being the id of a client or the
// name of a wave: both stand in keys, tables and file names.
func CheckName(name string) error {
	switch {
	case !utf8.ValidString(name):
		return errors.New("it is not UTF-8")
	case strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("it has a control character")
	}
	return nil
}
