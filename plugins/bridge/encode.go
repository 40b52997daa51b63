package bridge

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// The lines for a script. Their members come in a fixed order that is promised,
// so that a script without a reader of JSON can cut them apart.

func describeLine() []byte {
	return fmt.Appendf(nil, `{"describe":{"protocol_minor":%d}}`, pb.ProtocolMinor)
}

func provisionLine(apply bool) []byte {
	return fmt.Appendf(nil, `{"provision":{"apply":%t}}`, apply)
}

func endLine() []byte { return []byte(`{"end":{}}`) }

func cancelLine() []byte { return []byte(`{"cancel":{}}`) }

// ended makes a line that ends, and holds nothing else that any language takes
// for the end of one. In JSON these characters stand in texts alone.
func ended(line []byte) []byte {
	for _, end := range []struct{ char, escaped string }{{"\u2028", `\u2028`}, {"\u2029", `\u2029`}, {"\u0085", `\u0085`}} {
		if bytes.Contains(line, []byte(end.char)) {
			line = bytes.ReplaceAll(line, []byte(end.char), []byte(end.escaped))
		}
	}
	return append(line, '\n')
}

// configureLine hands over settings that were checked against fields. Defaults
// are filled in; members come in the order of fields.
func configureLine(fields []*pb.Field, req *pb.ConfigureRequest) ([]byte, error) {
	given := map[string]jsontext.Value{}
	if text := bytes.TrimSpace(req.GetConfigJson()); len(text) > 0 {
		if err := json.Unmarshal(text, &given); err != nil {
			return nil, fmt.Errorf("read settings: %w", err)
		}
	}
	var settings, secrets object
	for _, f := range fields {
		name := f.GetName()
		if f.GetSecret() {
			if secret, ok := req.GetSecrets()[name]; ok {
				secrets.text(name, secret)
			}
			continue
		}
		value, ok := given[name]
		if !ok && f.GetDefault() != "" {
			var err error
			if value, err = defaultOf(f); err != nil {
				return nil, err
			}
		}
		if value == nil {
			continue
		}
		if err := value.Compact(); err != nil {
			return nil, fmt.Errorf("read settings: %w", err)
		}
		settings.raw(name, value)
	}
	var inner object
	inner.text("host_version", req.GetHostVersion())
	inner.raw("config", settings.end())
	inner.raw("secrets", secrets.end())
	inner.raw("check_connection", strconv.AppendBool(nil, req.GetCheckConnection()))
	var line object
	line.raw("configure", inner.end())
	return line.end(), nil
}

// defaultOf is the default of a setting as JSON.
func defaultOf(f *pb.Field) (jsontext.Value, error) {
	if f.GetType() == pb.Field_TYPE_DURATION {
		return jsontext.AppendQuote(nil, f.GetDefault())
	}
	v, err := config.Parse(f, f.GetDefault())
	if err != nil {
		return nil, err
	}
	return json.Marshal(v, json.Deterministic(true))
}

// openLine begins an export, or a plan.
func openLine(open *pb.Open, plan bool) []byte {
	var inner object
	inner.text("run_id", open.GetRunId())
	inner.number("attempt", uint64(open.GetAttempt()))
	if mode := wordOf(open.GetMode(), modePrefix); mode != "" {
		inner.text("mode", mode)
	}
	if open.GetRecords() > 0 {
		inner.number("records", open.GetRecords())
	}
	name := "export"
	if plan {
		name = "plan"
	}
	var line object
	line.raw(name, inner.end())
	return line.end()
}

// batchLine hands over a batch. The error says that a record is not JSON.
func batchLine(b *pb.Batch) ([]byte, error) {
	size := 64
	for _, r := range b.GetRecords() {
		size += len(r.GetJson()) + len(r.GetKey()) + 200
	}
	line := object{buf: make([]byte, 0, size)}
	line.open("batch")
	line.number("seq", b.GetSeq())
	line.list("records")
	for i, r := range b.GetRecords() {
		if i > 0 {
			line.buf = append(line.buf, ',')
		}
		if err := line.record(r); err != nil {
			return nil, fmt.Errorf("batch %d: record %d is not JSON", b.GetSeq(), i+1)
		}
	}
	line.buf = append(line.buf, "]}}"...)
	return line.buf, nil
}

// record appends a record; its content stands last.
func (o *object) record(r *pb.Record) error {
	content := jsontext.Value(r.GetJson())
	if !content.IsValid(jsontext.AllowDuplicateNames(true)) {
		return errors.New("not JSON")
	}
	if bytes.ContainsAny(content, "\r\n") {
		content = content.Clone()
		if err := content.Compact(); err != nil {
			return err
		}
	}
	o.begin()
	o.text("key", r.GetKey())
	o.text("kind", r.GetKind())
	o.text("revision", r.GetRevision())
	if r.GetInDoubt() {
		o.raw("in_doubt", []byte("true"))
	}
	if len(r.GetRemote()) > 0 {
		o.list("remote")
		for i, remote := range r.GetRemote() {
			if i > 0 {
				o.buf = append(o.buf, ',')
			}
			o.begin()
			o.text("type", remote.GetType())
			o.text("id", remote.GetId())
			o.buf = append(o.buf, '}')
		}
		o.buf = append(o.buf, ']')
	}
	o.raw("record", content)
	o.buf = append(o.buf, '}')
	return nil
}

// object writes a JSON object member by member.
type object struct{ buf []byte }

// begin opens an object, the outermost or one within.
func (o *object) begin() { o.buf = append(o.buf, '{') }

// name appends the name of a member, after a comma where one belongs.
func (o *object) name(name string) {
	switch {
	case len(o.buf) == 0:
		o.begin()
	case o.buf[len(o.buf)-1] != '{':
		o.buf = append(o.buf, ',')
	}
	o.quote(name)
	o.buf = append(o.buf, ':')
}

func (o *object) raw(name string, value []byte) {
	o.name(name)
	o.buf = append(o.buf, value...)
}

func (o *object) text(name, value string) {
	o.name(name)
	o.quote(value)
}

func (o *object) number(name string, value uint64) {
	o.name(name)
	o.buf = strconv.AppendUint(o.buf, value, 10)
}

// open appends a member that is an object and opens it.
func (o *object) open(name string) {
	o.name(name)
	o.begin()
}

// list appends a member that is a list and opens it.
func (o *object) list(name string) {
	o.name(name)
	o.buf = append(o.buf, '[')
}

// end closes the outermost object and returns it.
func (o *object) end() []byte {
	if len(o.buf) == 0 {
		o.begin()
	}
	return append(o.buf, '}')
}

// quote appends a text. Protocol Buffers hold texts to UTF-8; what is not would
// be replaced, and the error says no more than that.
func (o *object) quote(text string) { o.buf, _ = jsontext.AppendQuote(o.buf, text) }
