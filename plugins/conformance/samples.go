package conformance

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// samples are records that firstcall made of made-up files, one of each kind,
// one a line.
//
//go:embed samples.ndjson
var samples []byte

const largeRecord = record.MaxBytes

// planted are texts that stand in the samples and nowhere else: a made-up name
// and figures with so many digits that they do not occur by chance.
func planted() []string {
	return []string{"Quillfeather", "47.1153846", "58.6538461", "35.5769230", "3.34615384", "0.54460093"}
}

// object is a JSON object whose numbers keep their text.
type object map[string]any

func decode(line []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	var out object
	err := dec.Decode(&out)
	return out, err
}

// in returns the member of that name, an object.
func (o object) in(name string) object {
	m, _ := o[name].(map[string]any)
	return m
}

// identity is what sets one made-up record apart from another.
type identity struct {
	kind   record.Kind
	client string
	name   string // the subject, or where the kind's subject is given, the wave
}

// key is the key of the record with that identity.
func (i identity) key() record.Key {
	switch i.kind {
	case record.KindAssessment, record.KindPlan:
		return record.Key{Client: i.client, Kind: i.kind, Subject: "welcome", Wave: i.name}
	case record.KindJob:
		return record.Key{Client: i.client, Kind: i.kind, Subject: "jobs/" + i.name + ".md"}
	}
	return record.Key{Client: i.client, Kind: i.kind, Subject: i.name}
}

// made makes the record of an identity from the sample of its kind. change, when
// it is not nil, changes it further before it gets its revision.
func made(id identity, change func(rec, body object)) (*pb.Record, error) {
	rec, err := sample(id.kind)
	if err != nil {
		return nil, err
	}
	key := id.key()
	body := rec.in(string(id.kind))
	rec["key"], rec["client"] = key.String(), map[string]any{"id": id.client, "name": nameOf(id.client)}
	switch id.kind {
	case record.KindAssessment:
		body["wave"] = id.name
	case record.KindPlan:
		key.Kind = record.KindAssessment
		body["of"] = key.String()
	case record.KindOrganization: // nothing in it names the record
	default:
		body["id"] = key.Subject
	}
	if change != nil {
		change(rec, body)
	}
	return sealed(rec)
}

// nameOf names a made-up client. No two have one name: some targets take companies of
// the same name for one.
func nameOf(client string) string { return "Example Hotels, " + client }

func sample(kind record.Kind) (object, error) {
	for line := range bytes.Lines(samples) {
		rec, err := decode(line)
		if err != nil || rec["kind"] == string(kind) {
			return rec, err
		}
	}
	return nil, fmt.Errorf("there is no sample of the kind %s", kind)
}

// sealed gives a record its revision and makes a message of it.
func sealed(rec object) (*pb.Record, error) {
	line, err := json.Marshal(rec)
	if err != nil {
		return nil, err
	}
	var typed record.Record
	if err := json.Unmarshal(line, &typed); err != nil {
		return nil, err
	}
	revision, err := typed.Revise()
	if err != nil {
		return nil, err
	}
	rec["revision"] = revision
	if line, err = json.Marshal(rec); err != nil {
		return nil, err
	}
	return &pb.Record{Key: typed.Key, Kind: string(typed.Kind), Revision: revision, Json: line}, nil
}

// records makes n records for the check, of the kinds that were taken or, as
// long as that is not known, are announced. They are ordered as a host sends
// them, and the client is one of this check and label alone. Where clients come
// whole, each record has a client of its own: a batch may be cut anywhere then.
func (t *trial) records(label string, n int) ([]*pb.Record, error) {
	if !t.whole() {
		return t.recordsOf(t.clientOf(label), n)
	}
	return t.recordsBy(n, func(i int) string { return fmt.Sprintf("%s-%04d", t.clientOf(label), i) })
}

// recordsOf makes n records of one client.
func (t *trial) recordsOf(client string, n int) ([]*pb.Record, error) {
	return t.recordsBy(n, func(int) string { return client })
}

func (t *trial) recordsBy(n int, client func(i int) string) ([]*pb.Record, error) {
	kinds := t.kinds
	if len(kinds) == 0 {
		kinds = t.announced()
	}
	if len(kinds) == 0 {
		return nil, &unknowable{why: "there are no samples of the kinds that it takes"}
	}
	out := make([]*pb.Record, n)
	for i := range out {
		id := identity{kinds[i%len(kinds)], client(i), fmt.Sprintf("%04d", i)}
		var err error
		if out[i], err = made(id, nil); err != nil {
			return nil, err
		}
	}
	inOrder(out)
	return out, nil
}

// announced lists the kinds that the exporter says it takes and there are
// samples of.
func (s *subject) announced() []record.Kind {
	taken := s.caps.GetRecordKinds()
	return slices.DeleteFunc(record.Kinds(), func(k record.Kind) bool {
		return len(taken) > 0 && !slices.Contains(taken, string(k))
	})
}

// clientOf names the made-up client of a check. Clients do not share anything,
// so that a target which keeps one object a client keeps the checks apart.
func (t *trial) clientOf(label string) string {
	parts := []string{t.client, strings.ReplaceAll(t.check.ID, ".", "-")}
	if label != "" {
		parts = append(parts, label)
	}
	return strings.Join(parts, "-")
}

// inOrder orders records as a host does.
func inOrder(records []*pb.Record) {
	slices.SortFunc(records, func(a, b *pb.Record) int {
		return strings.Compare(record.Order(a.GetKey()), record.Order(b.GetKey()))
	})
}

// inDoubt copies a record and says of it that nobody knows whether it was
// written.
func inDoubt(r *pb.Record) *pb.Record {
	return &pb.Record{Key: r.GetKey(), Kind: r.GetKind(), Revision: r.GetRevision(), Json: r.GetJson(), InDoubt: true}
}

// oneEach puts every record into a batch of its own.
func oneEach(records []*pb.Record) [][]*pb.Record {
	return slices.Collect(slices.Chunk(records, 1))
}

// enlarged fills a record up to size bytes with a field that readers ignore.
func enlarged(id identity, size int) (*pb.Record, error) {
	small, err := made(id, func(_, body object) { body["filler"] = "" })
	if err != nil {
		return nil, err
	}
	missing := size - len(small.GetJson())
	return made(id, func(_, body object) { body["filler"] = strings.Repeat("x", max(missing, 0)) })
}
