// Package fetch reads one file from the network: by https, or from this machine
// itself. It follows the user's proxy variables, sends no credentials, and gives
// up on a server that falls silent or sends too much. What the file is worth is
// for the caller to check.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"time"
)

const (
	// MaxSize is how long a file may be, in bytes.
	MaxSize = 500 << 20
	// maxRedirects is how often a server may send the reader elsewhere.
	maxRedirects = 10
	// silence is how long a server may send nothing.
	silence = time.Minute
)

// Error says why a file could not be had.
type Error struct {
	URL  string // without what may be secret in it: no query, no user
	Err  error
	hint string
}

// Error names the address and the fault.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.URL, e.Err) }

// Unwrap returns the fault.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do; it may be empty.
func (e *Error) Hint() string { return e.hint }

// Body is a file on its way. Close it.
type Body struct {
	Source string // the address, without what may be secret in it, for keeping
	Size   int64  // in bytes, as the server says; -1: it does not say

	name    string
	body    io.ReadCloser
	left    int64 // how much more may come
	silence time.Duration
	timer   *time.Timer
	ctx     context.Context
	cancel  context.CancelCauseFunc
}

var (
	errSilent   = errors.New("the server sends nothing any more")
	errTooLarge = fmt.Errorf("the file is larger than %d MB", MaxSize>>20)
	errScheme   = errors.New("only https is safe on the way; http is for this machine itself")
)

// Open asks for the file at address, which begins with https://, or with http://
// and leads to this very machine. The context ends reading, too. The error is an
// [*Error], or that of the context.
func Open(ctx context.Context, address string) (*Body, error) {
	return open(ctx, address, silence)
}

func open(ctx context.Context, address string, quiet time.Duration) (*Body, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, &Error{"the address", errors.New("is no URL"), "write it as https://example.org/file"}
	}
	b := &Body{Source: plain(u), name: fileName(u), left: MaxSize, silence: quiet}
	switch {
	case !safe(u):
		return nil, &Error{b.Source, errScheme, "is there an https address of the file?"}
	case u.User != nil:
		return nil, &Error{b.Source, errors.New("a password does not belong into an address"), "download the file with a tool that keeps it secret, and give its path"}
	}
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{b.Source, errors.New("is no URL"), ""}
	}
	b.ctx, b.cancel = context.WithCancelCause(ctx)
	b.timer = time.AfterFunc(quiet, func() { b.cancel(errSilent) })
	answer, err := client().Do(req.WithContext(b.ctx))
	if err != nil {
		defer b.stop()
		return nil, b.fault(err)
	}
	b.body, b.Size = answer.Body, answer.ContentLength
	switch {
	case answer.StatusCode != http.StatusOK:
		_ = b.Close()
		return nil, &Error{b.Source, fmt.Errorf("the server answers %s", answer.Status), "check the address"}
	case b.Size > MaxSize:
		_ = b.Close()
		return nil, &Error{b.Source, errTooLarge, "download it yourself and give its path"}
	}
	return b, nil
}

// Name is the last part of the address's path, if it can be the name of a file.
func (b *Body) Name() string { return b.name }

func fileName(u *url.URL) string {
	name := path.Base(u.Path)
	if strings.ContainsAny(name, `\/:`) || strings.HasPrefix(name, ".") || !filepath.IsLocal(name) || len(name) > 200 {
		return "download"
	}
	return name
}

// plain is the address without what may be secret in it.
func plain(u *url.URL) string {
	clean := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return clean.String()
}

// safe reports whether nobody on the way can change what comes from u.
func safe(u *url.URL) bool {
	if u.Scheme == "https" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// client sends no credentials, keeps no cookies, and hands bytes on as they are.
func client() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	transport.DisableKeepAlives = true
	return &http.Client{
		Transport: transport,
		CheckRedirect: func(to *http.Request, via []*http.Request) error {
			from := via[len(via)-1].URL
			switch {
			case len(via) > maxRedirects:
				return fmt.Errorf("the server sends its reader elsewhere more than %d times", maxRedirects)
			case to.URL.Scheme != "https" && from.Scheme == "https", !safe(to.URL):
				return fmt.Errorf("the server leads to %s: %w", plain(to.URL), errScheme)
			}
			to.Header.Del("Referer") // it could carry the query of a secret address
			return nil
		},
	}
}

// fault words an error of reading, without the address that net/http quotes
// whole.
func (b *Body) fault(err error) error {
	if cause := context.Cause(b.ctx); errors.Is(cause, errSilent) {
		return &Error{b.Source, fmt.Errorf("%w (%s)", errSilent, b.silence), "try again later"}
	} else if cause != nil {
		return cause
	}
	var quoted *url.Error
	if errors.As(err, &quoted) {
		err = quoted.Err
	}
	hint := ""
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err, hint = errors.New("the connection broke before the end of the file"), "try again"
	}
	return &Error{b.Source, err, hint}
}

// Read reads on. Its error is io.EOF, an [*Error], or that of the context.
func (b *Body) Read(into []byte) (int, error) {
	b.timer.Reset(b.silence)
	n, err := b.body.Read(into)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		return 0, &Error{b.Source, errTooLarge, "download it yourself and give its path"}
	case err != nil && !errors.Is(err, io.EOF):
		return n, b.fault(err)
	}
	return n, err
}

// Close ends reading.
func (b *Body) Close() error {
	b.stop()
	return b.body.Close()
}

func (b *Body) stop() {
	b.timer.Stop()
	b.cancel(context.Canceled)
}
