package fetch

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// get reads a file whole.
func get(ctx context.Context, address string) (string, error) {
	b, err := Open(ctx, address)
	if err != nil {
		return "", err
	}
	defer b.Close()
	text, err := io.ReadAll(b)
	return string(text), err
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"http://example.org/x":                     "only https is safe",
		"http://localhost.example.org/x":           "only https is safe",
		"ftp://127.0.0.1/x":                        "only https is safe",
		"file:///etc/passwd":                       "is no URL",
		"firstcall-export-keys":                    "is no URL",
		"https://me:secret@127.0.0.1:1/x?key=hush": "a password does not belong",
		"http://127.0.0.1:1/x?key=secret#secret":   "refused",
		"https://127.0.0.1:1/x?key=secret":         "refused",
		"http://[::1]:1/x":                         "connect",
		"http://127.0.0.1:1/x\x7f?key=secret":      "is no URL",
	} {
		_, err := get(t.Context(), address)
		var fault *Error
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", address, err)
			continue
		}
		if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: tells a secret: %v", address, err)
		}
	}
}

func TestGet(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/file":
			_, _ = io.WriteString(w, "bytes")
		case "/packed":
			// Bytes are taken as they are, whatever the server says of them.
			if r.Header.Get("Accept-Encoding") != "" {
				t.Errorf("asks for %s", r.Header.Get("Accept-Encoding"))
			}
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "\x1f\x8bpacked")
		case "/away":
			http.Redirect(w, r, "/file", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/out":
			http.Redirect(w, r, "http://example.org/file?key=secret", http.StatusFound)
		case "/large":
			w.Header().Set("Content-Length", "524288001")
			w.WriteHeader(http.StatusOK)
		case "/broken":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "bytes")
		default:
			http.NotFound(w, r)
		}
	})
	for path, want := range map[string]string{
		"/file": "bytes", "/packed": "\x1f\x8bpacked", "/away": "bytes",
	} {
		if got, err := get(t.Context(), s.URL+path+"?key=secret"); err != nil || got != want {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	for path, want := range map[string]string{
		"/gone": "404", "/round": "elsewhere more than 10 times", "/out": "leads to http://example.org/file: only https",
		"/large": "larger than 500 MB", "/broken": "broke before the end",
	} {
		_, err := get(t.Context(), s.URL+path+"?key=secret")
		var fault *Error
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v", path, err)
		}
	}
	b, err := Open(t.Context(), s.URL+"/file?key=secret")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Name() != "file" || b.Source != s.URL+"/file" || b.Size != 5 {
		t.Errorf("source %s, size %d", b.Source, b.Size)
	}
}

// A server that does not say how much it sends is stopped all the same.
func TestTooMuch(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 8 {
			_, _ = w.Write(make([]byte, 1<<10))
			w.(http.Flusher).Flush()
		}
	})
	b, err := Open(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	b.left = 4 << 10
	if n, err := io.Copy(io.Discard, b); !errors.Is(err, errTooLarge) || n > 4<<10 {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestSilence(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			_, _ = io.WriteString(w, "some")
			w.(http.Flusher).Flush()
		}
		<-release
	})
	defer close(release)
	if _, err := open(t.Context(), s.URL+"/never", 50*time.Millisecond); !errors.Is(err, errSilent) {
		t.Errorf("no answer: %v", err)
	}
	b, err := open(t.Context(), s.URL+"/late", 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := io.ReadAll(b); !errors.Is(err, errSilent) {
		t.Errorf("in the middle: %v", err)
	}
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(50*time.Millisecond, func() { cancel(why) })
	if _, err := get(ctx, s.URL+"/late"); !errors.Is(err, why) {
		t.Errorf("stopped by the user: %v", err)
	}
}

// TestMain lets the tests trust the certificate of the test server, which is the
// same for each.
func TestMain(m *testing.M) {
	s := httptest.NewTLSServer(nil)
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	file := filepath.Join(dir, "cert.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		panic(err)
	}
	_ = os.Setenv("SSL_CERT_FILE", file)
	s.Close()
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func TestSecureStaysSecure(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("certificates are set another way here")
	}
	loopback := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "bytes") })
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/down":
			http.Redirect(w, r, loopback.URL, http.StatusFound)
		case "/on":
			http.Redirect(w, r, "/file", http.StatusFound)
		default:
			if from := r.Header.Get("Referer"); from != "" {
				t.Errorf("says where it comes from: %s", from)
			}
			_, _ = io.WriteString(w, "bytes")
		}
	}))
	defer s.Close()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/file": "", "/on?key=secret": "", "/down": "only https"} {
		got, err := get(t.Context(), s.URL+path)
		if want == "" && (err != nil || got != "bytes") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	// The certificate is for 127.0.0.1 and example.com, not for this name.
	if _, err := get(t.Context(), "https://localhost:"+u.Port()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("another name: %v", err)
	}
}

func TestFileName(t *testing.T) {
	for address, want := range map[string]string{
		"https://a/b/keys.exe": "keys.exe", "https://a/": "download", "https://a": "download", "https://a/b/..": "download",
		"https://a/.ssh": "download", "https://a/b%2f..%2fc": "c", "https://a/b%5cc": "download", "https://a/c:x": "download",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := fileName(u); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
