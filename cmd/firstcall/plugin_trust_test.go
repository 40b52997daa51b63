package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// keysExporter is a vendor's exporter, for scripts: the test binary under the
// name firstcall-export-keys.
type keysExporter struct{}

// serveKeys runs it. Each start adds a line to the file "started" in the working
// directory, if there is one.
func serveKeys() {
	if f, err := os.OpenFile("started", os.O_WRONLY|os.O_APPEND, 0); err == nil {
		fmt.Fprintln(f, "started")
		_ = f.Close()
	}
	sdk.Serve(keysExporter{})
}

func (keysExporter) Info() sdk.Info {
	return sdk.Info{Name: "keys", Version: "1.2.0", Summary: "a list of the records' keys", Config: []sdk.Field{
		{Name: "ending", Doc: "comes after each key", Default: ".", OneOf: []string{".", ";"}},
		{Name: "token", Doc: "lets you in", Secret: true},
	}}
}

func (keysExporter) Render(_ context.Context, cfg sdk.Config, records []sdk.Record, emit func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	var b strings.Builder
	for _, r := range records {
		b.WriteString(r.Key + cfg.String("ending") + "\n")
	}
	return nil, emit(sdk.Artifact{Name: "keys.txt", MediaType: "text/plain; charset=utf-8", Body: []byte(b.String())})
}

// serveFiles is the command "serve FOLDER": it serves a folder by http and by
// https until the script ends, at $HTTP and $HTTPS; programs trust its
// certificate by the variable SSL_CERT_FILE.
func serveFiles(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: serve FOLDER")
	}
	files := http.FileServer(http.Dir(ts.MkAbs(args[0])))
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("redirect"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		files.ServeHTTP(w, r)
	})
	plain, secure := httptest.NewServer(handler), httptest.NewTLSServer(handler)
	ts.Defer(plain.Close)
	ts.Defer(secure.Close)
	cert := filepath.Join(ts.Getenv("WORK"), "cert.pem")
	ts.Check(os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600))
	ts.Setenv("SSL_CERT_FILE", cert)
	ts.Setenv("HTTP", plain.URL)
	ts.Setenv("HTTPS", secure.URL)
}

// sumFile is the command "sum VARIABLE FILE": it puts the SHA-256 of a file into
// a variable.
func sumFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sum VARIABLE FILE")
	}
	text, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	sum := sha256.Sum256(text)
	ts.Setenv(args[0], hex.EncodeToString(sum[:]))
}
