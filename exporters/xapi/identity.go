package xapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
)

// sealed gives a fact its day and the seed of its id: the record's key, the group, what
// it is about, and a digest of what it says. The day is no part of that, as it is no part
// of a record's revision. Nor are names for people: a client that is renamed, or exported
// without its client file, changes nothing. Only the instrument's title counts: under
// another, it is another survey for whoever reads the scores.
func (m maker) sealed(f fact, a *learning.Assessment, subject string) fact {
	f.seed = strings.Join([]string{a.Record.Key, f.Actor.Account.Name, subject, a.Body.Instrument.Title, digest(f.statement)}, "\n")
	f.Timestamp = moment(a.Record.AsOf)
	return f
}

// digest is the SHA-256 of a statement's content without names and descriptions, whatever
// the order of its members.
func digest(s statement) string {
	s.ID, s.Timestamp, s.Actor.Name, s.Verb.Display, s.Object.Definition = "", "", "", nil, nil
	if s.Context.Activities != nil {
		parents := slices.Clone(s.Context.Activities.Parent)
		for i := range parents {
			parents[i].Definition = nil
		}
		s.Context.Activities = &activities{Parent: parents}
	}
	var content any
	// A statement holds strings, finite numbers and lists of strings: neither fails.
	text, _ := json.Marshal(s)
	_ = json.Unmarshal(text, &content)
	text, _ = json.Marshal(content)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// encode writes statements as one JSON array, without escapes that only HTML needs.
func encode(all []statement, indent string) ([]byte, error) {
	if all == nil {
		all = []statement{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	err := e.Encode(all)
	return b.Bytes(), err
}
