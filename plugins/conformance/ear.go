package conformance

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// shortest is the length from which a text is looked for: anything shorter
// occurs by chance.
const shortest = 4

// ear listens to everything that comes from the exporter in all checks, and
// remembers what should not have come: secrets anywhere, content of records in
// what is printed, and texts of the wrong form.
type ear struct {
	secrets map[string]string // a form of a secret and what it is called
	leaks   []string          // what of the secrets was heard, and where
	prints  []string          // what of the records was printed
	noise   int               // bytes printed

	diagnostics []string // faults of form
	seen        int      // diagnostics
	progress    []string
	steps       int // progress messages
	remotes     []string
	objects     int // remote objects
	reasons     []string
	refusals    int // outcomes that need a reason
	media       []string
	files       int
}

func newEar() *ear { return &ear{secrets: map[string]string{}} }

// listenFor adds secrets, by the name of their field.
func (e *ear) listenFor(secrets map[string]string) {
	for name, s := range secrets {
		for _, form := range []string{
			s, url.QueryEscape(s), url.PathEscape(s),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)),
		} {
			if len(form) >= shortest {
				e.secrets[form] = name
			}
		}
	}
}

// find notes each secret that occurs in what was heard.
func (e *ear) find(where string, in []byte) {
	for form, name := range e.secrets {
		if bytes.Contains(in, []byte(form)) {
			note(&e.leaks, fmt.Sprintf("the value of %q stands in %s", name, where))
		}
	}
}

func note(list *[]string, text string) {
	if !slices.Contains(*list, text) {
		*list = append(*list, text)
	}
}

// call hears the answer to a call, or the error it ended with.
func (e *ear) call(answer proto.Message, err error) {
	if err != nil {
		st, _ := status.FromError(err)
		e.find("an error", []byte(err.Error()))
		for _, detail := range st.Details() {
			if d, ok := detail.(*pb.Diagnostic); ok {
				e.diagnostic(d)
				e.find("a diagnostic", []byte(d.String()))
			}
		}
		return
	}
	wire, err := proto.Marshal(answer)
	if err == nil {
		e.find("an answer of "+string(answer.ProtoReflect().Descriptor().Name()), wire)
	}
}

// printed hears what a process has printed.
func (e *ear) printed(text string) {
	e.noise += len(text)
	e.find("what is printed", []byte(text))
	folded := strings.ToLower(text)
	for _, p := range planted() {
		if strings.Contains(folded, strings.ToLower(p)) {
			note(&e.prints, fmt.Sprintf("it printed %q, which stands in a record", p))
		}
	}
}

// diagnostic checks the form of a diagnostic.
func (e *ear) diagnostic(d *pb.Diagnostic) {
	if d == nil {
		return
	}
	e.seen++
	text := d.GetSummary()
	switch {
	case d.GetCode() == "":
		note(&e.diagnostics, fmt.Sprintf("a diagnostic without a code: %q", text))
	case text == "":
		note(&e.diagnostics, fmt.Sprintf("the diagnostic %s has no summary", d.GetCode()))
	case strings.ContainsFunc(text, unicode.IsControl):
		note(&e.diagnostics, fmt.Sprintf("the summary of %s is not one line: %q", d.GetCode(), text))
	case strings.HasSuffix(text, "."):
		note(&e.diagnostics, fmt.Sprintf("the summary of %s ends with a full stop: %q", d.GetCode(), text))
	}
}

// outcome checks what stands beside the status of a record.
func (e *ear) outcome(o *pb.Outcome) {
	e.diagnostic(o.GetDiagnostic())
	for _, r := range o.GetRemote() {
		e.objects++
		if r.GetType() == "" || r.GetId() == "" {
			note(&e.remotes, fmt.Sprintf("a remote object with the type %q and the id %q", r.GetType(), r.GetId()))
		}
	}
	switch o.GetStatus() {
	case pb.Outcome_STATUS_REJECTED, pb.Outcome_STATUS_RETRY, pb.Outcome_STATUS_DEFERRED:
		e.refusals++
		if o.GetDiagnostic().GetSummary() == "" {
			note(&e.reasons, "an outcome "+statusWord(o)+" without a reason")
		}
	}
}

func (e *ear) progressed(text string) {
	e.steps++
	if text == "" || strings.ContainsFunc(text, unicode.IsControl) {
		note(&e.progress, fmt.Sprintf("progress %q", text))
	}
}

// file hears a file, or the beginning of a large one.
func (e *ear) file(name, media string, content []byte) {
	e.files++
	if media == "" {
		note(&e.media, fmt.Sprintf("%q has no media type", name))
	}
	e.find("a file", content)
	if len(e.secrets) == 0 || !bytes.HasPrefix(content, []byte("PK")) {
		return
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return
	}
	for _, part := range archive.File {
		if r, err := part.Open(); err == nil {
			inside, _ := io.ReadAll(io.LimitReader(r, kept))
			e.find("a file", inside)
			_ = r.Close()
		}
	}
}

// ended reports whether a stream ended with status OK.
func ended(err error) bool { return errors.Is(err, io.EOF) }

// withUnknown adds to a message a field that no version knows yet.
func withUnknown[M proto.Message](m M) M {
	raw := protowire.AppendTag(nil, 1999, protowire.BytesType)
	m.ProtoReflect().SetUnknown(protowire.AppendString(raw, "of a later version"))
	return m
}
