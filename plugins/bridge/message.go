package bridge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// message is one line of a script: exactly one of its members is set. The
// members of every message are named as in exporter.proto.
type message struct {
	line int

	Description *description `json:"description"`
	Configured  *configured  `json:"configured"`
	Provisioned *provisioned `json:"provisioned"`
	Ack         *ack         `json:"ack"`
	Progress    *progress    `json:"progress"`
	Artifact    *artifact    `json:"artifact"`
	Done        *struct{}    `json:"done"`
	Error       *diagnostic  `json:"error"`
}

// kind is the name of the message; "" unless there is exactly one.
func (m *message) kind() string {
	var kinds []string
	for _, k := range []struct {
		name string
		set  bool
	}{
		{"description", m.Description != nil}, {"configured", m.Configured != nil}, {"provisioned", m.Provisioned != nil},
		{"ack", m.Ack != nil}, {"progress", m.Progress != nil}, {"artifact", m.Artifact != nil},
		{"done", m.Done != nil}, {"error", m.Error != nil},
	} {
		if k.set {
			kinds = append(kinds, k.name)
		}
	}
	if len(kinds) != 1 {
		return ""
	}
	return kinds[0]
}

type description struct {
	Name           string        `json:"name"`
	Version        string        `json:"version"`
	HostConstraint string        `json:"host_constraint"`
	Summary        string        `json:"summary"`
	Config         []field       `json:"config"`
	Capabilities   *capabilities `json:"capabilities"`
}

type field struct {
	Name     string    `json:"name"`
	Type     fieldType `json:"type"` // absent: string
	Doc      string    `json:"doc"`
	Required bool      `json:"required"`
	Secret   bool      `json:"secret"`
	Default  string    `json:"default"`
	OneOf    []string  `json:"one_of"`
}

type capabilities struct {
	Idempotency     idempotency `json:"idempotency"`
	Modes           []writeMode `json:"modes"`
	MaxBatchRecords uint32      `json:"max_batch_records"`
	MaxBatchBytes   uint32      `json:"max_batch_bytes"`
	MaxInFlight     uint32      `json:"max_in_flight"`
	RecordKinds     []string    `json:"record_kinds"`
	WholeClients    bool        `json:"whole_clients"`
}

type configured struct {
	Diagnostics  []diagnostic  `json:"diagnostics"`
	Target       *target       `json:"target"`
	Capabilities *capabilities `json:"capabilities"`
}

type target struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

type provisioned struct {
	File       *artifact   `json:"file"` // instead of the others
	Object     string      `json:"object"`
	Action     action      `json:"action"`
	Diagnostic *diagnostic `json:"diagnostic"`
}

type ack struct {
	Seq      uint64    `json:"seq"`
	Outcomes []outcome `json:"outcomes"` // absent: every record was created
}

type outcome struct {
	Status       outcomeStatus  `json:"status"`
	Remote       []remoteObject `json:"remote"`
	Diagnostic   *diagnostic    `json:"diagnostic"`
	RetryAfterMs uint32         `json:"retry_after_ms"`
	Diff         string         `json:"diff"`
}

type remoteObject struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type progress struct {
	Text string `json:"text"`
}

// artifact is a file or a piece of one, of any size: it is cut as the protocol
// wants it.
type artifact struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Text      string `json:"text"`
	Base64    []byte `json:"base64"` // instead of text
	Last      *bool  `json:"last"`   // absent: true
}

type diagnostic struct {
	Severity severity `json:"severity"` // absent: error
	Code     string   `json:"code"`
	Summary  string   `json:"summary"`
	Hint     string   `json:"hint"`
	Field    string   `json:"field"`
}

// The enumerations: each reads its words in lower case.
type (
	fieldType     pb.Field_Type
	idempotency   pb.Capabilities_Idempotency
	writeMode     pb.WriteMode
	action        pb.ProvisionResponse_Action
	outcomeStatus pb.Outcome_Status
	severity      pb.Diagnostic_Severity
)

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (e *fieldType) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return readWord(dec, (*int32)(e), typePrefix, pb.Field_Type_value)
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (e *idempotency) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return readWord(dec, (*int32)(e), idempotencyPrefix, pb.Capabilities_Idempotency_value)
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (e *writeMode) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return readWord(dec, (*int32)(e), modePrefix, pb.WriteMode_value)
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (e *action) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return readWord(dec, (*int32)(e), actionPrefix, pb.ProvisionResponse_Action_value)
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (e *outcomeStatus) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return readWord(dec, (*int32)(e), statusPrefix, pb.Outcome_Status_value)
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (e *severity) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return readWord(dec, (*int32)(e), severityPrefix, pb.Diagnostic_Severity_value)
}

// What the names of values begin with in exporter.proto.
const (
	typePrefix        = "TYPE_"
	idempotencyPrefix = "IDEMPOTENCY_"
	modePrefix        = "WRITE_MODE_"
	actionPrefix      = "ACTION_"
	statusPrefix      = "STATUS_"
	severityPrefix    = "SEVERITY_"
)

const unspecified = "UNSPECIFIED"

// errWord is a value of an enumeration that does not exist.
type errWord struct{ words []string }

func (e *errWord) Error() string { return "must be one of " + strings.Join(e.words, ", ") }

// readWord reads a value of an enumeration: its name in exporter.proto without
// the prefix, in lower case.
func readWord(dec *jsontext.Decoder, to *int32, prefix string, values map[string]int32) error {
	var word string
	if err := json.UnmarshalDecode(dec, &word); err != nil {
		return err
	}
	value, ok := values[prefix+strings.ToUpper(word)]
	if !ok || value == 0 || word != strings.ToLower(word) {
		return &errWord{wordsOf(prefix, values)}
	}
	*to = value
	return nil
}

// wordsOf lists the values of an enumeration in the order of exporter.proto.
func wordsOf(prefix string, values map[string]int32) []string {
	words := make([]string, len(values))
	for name, value := range values {
		words[value] = strings.ToLower(strings.TrimPrefix(name, prefix))
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == strings.ToLower(unspecified) })
}

// wordOf is the word for a value; "" for the one that says nothing.
func wordOf(value fmt.Stringer, prefix string) string {
	name := strings.TrimPrefix(value.String(), prefix)
	if name == unspecified {
		return ""
	}
	return strings.ToLower(name)
}
