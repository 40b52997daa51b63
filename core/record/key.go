package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Key is a record's identity taken apart. Destinations use its text form as
// their idempotency key.
type Key struct {
	Client  string // "" when the user gave none
	Kind    Kind
	Subject string // instrument id, statement id or path, job path; never empty
	Wave    string // "" when there is none
}

// noClient stands for an absent client; a client who is really called that is
// escaped.
const noClient = "-"

// String gives client/kind/subject[/wave] with each part percent-escaped.
func (k Key) String() string {
	client := noClient
	if k.Client != "" {
		client = escape(k.Client)
	}
	parts := []string{client, string(k.Kind), escape(k.Subject)}
	if k.Wave != "" {
		parts = append(parts, escape(k.Wave))
	}
	return strings.Join(parts, "/")
}

func escape(part string) string {
	if part == noClient {
		return "%2D"
	}
	return url.PathEscape(part)
}

// Order gives the text by which records are put in order for an export: its
// bytes, compared, order keys by client, kind and then the key itself, so that
// the records of a client come one after the other and those without a client
// come first. A text that is no key stands where its bytes put it.
func Order(key string) string {
	k, err := ParseKey(key)
	if err != nil {
		return key
	}
	return k.Client + "\x00" + string(k.Kind) + "\x00" + key
}

// ParseKey reads what String wrote.
func ParseKey(s string) (Key, error) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 && len(parts) != 4 {
		return Key{}, fmt.Errorf("key %q is not client/kind/subject or client/kind/subject/wave", s)
	}
	plain := make([]string, 4)
	for i, p := range parts {
		u, err := url.PathUnescape(p)
		if err != nil {
			return Key{}, fmt.Errorf("key %q: %w", s, err)
		}
		if u == "" {
			return Key{}, fmt.Errorf("key %q has an empty part", s)
		}
		plain[i] = u
	}
	if parts[0] == noClient {
		plain[0] = ""
	}
	return Key{Client: plain[0], Kind: Kind(plain[1]), Subject: plain[2], Wave: plain[3]}, nil
}

// Revise computes the record's revision: the SHA-256, in hex, of the RFC 8785
// form of one object with the members key, client and the body. The tool's
// version, the day and the names of the sources are left out, so that they
// alone change nothing downstream.
func (r *Record) Revise() (string, error) {
	body := r.Other
	if r.Kind == KindAssessment {
		body = r.Assessment.text
	}
	// The members in the order of RFC 8785; the body, which may be large, is
	// text already.
	members := map[string]json.RawMessage{string(r.Kind): body}
	for name, value := range map[string]any{"key": r.Key, "client": r.Client} {
		text, err := encode(value)
		if err != nil {
			return "", fmt.Errorf("revision of %s: %w", r.Key, err)
		}
		members[name] = text
	}
	sum := sha256.New()
	between := "{"
	for _, name := range slices.Sorted(maps.Keys(members)) {
		fmt.Fprintf(sum, "%s%q:", between, name)
		if err := writeCanonical(sum, jsontext.Value(members[name])); err != nil {
			return "", fmt.Errorf("revision of %s: %w", r.Key, err)
		}
		between = ","
	}
	io.WriteString(sum, "}")
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Seal fills in the schema, the key and the revision.
func (r *Record) Seal(key Key) error {
	r.Schema, r.Kind, r.Key = Schema, key.Kind, key.String()
	revision, err := r.Revise()
	r.Revision = revision
	return err
}

// encode is json.Marshal that leaves <, > and & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
