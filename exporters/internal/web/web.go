// Package web asks the programming interfaces of other programs over HTTP, for the
// exporters that write to them. It tells apart what a request that failed means for the
// one who made it: refused, not just now, not today, or nobody knows.
package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Limits of every request.
const (
	timeout     = 60 * time.Second // of one request with its answer
	largest     = 64 << 20         // bytes of an answer
	tries       = 6                // of what was not carried out, or can be repeated
	longestWait = 60 * time.Second // that is waited here; what takes longer is left to the host
	firstWait   = 250 * time.Millisecond
)

// Client asks one server. Its fields are set before it is used.
type Client struct {
	Base string       // "https://api.example.org/v1", without a slash at the end
	HTTP *http.Client // from New

	// Authorize adds credentials to a request.
	Authorize func(ctx context.Context, r *http.Request) error

	// Judge says what an answer means, when its status is not 2xx or when a 2xx can be a
	// failure: nil when it is what was asked for, else a *Refused, *Busy, *Quota, *Unsure,
	// or an *sdk.Diagnostic for what ends the export. nil: Judge of this package.
	Judge func(a *Answer) error

	// Now and Sleep are the clock; from New those of the machine.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
}

// New returns a client of the server at base.
func New(base string) *Client {
	return &Client{Base: strings.TrimRight(base, "/"), HTTP: transport(), Now: time.Now, Sleep: Sleep}
}

// Use sets the clock; nil leaves that of the machine.
func (c *Client) Use(now func() time.Time, sleep func(ctx context.Context, d time.Duration) error) {
	if now != nil {
		c.Now = now
	}
	if sleep != nil {
		c.Sleep = sleep
	}
}

// transport never follows a redirect: it could take the credentials elsewhere.
func transport() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	t.MaxIdleConnsPerHost = 8
	return &http.Client{
		Transport: t, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Sleep waits, or gives the error of ctx when that ends before.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Address checks the address of a server that the user gave for a setting: it is
// https, or http on this machine, and has no credentials, query or fragment.
func Address(setting, address string) (*url.URL, error) {
	wrong := func(summary, hint string) error {
		return &sdk.Diagnostic{Code: "address", Field: setting, Summary: summary, Hint: hint}
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, wrong("the address can't be read", "write it in full: https://example.org")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, wrong("the address has more than scheme, host and path", "write it like https://example.org; credentials have settings of their own")
	case u.Scheme == "https", u.Scheme == "http" && onThisMachine(u.Hostname()):
		return u, nil
	case u.Scheme == "http":
		return nil, wrong("the address is not https, so that everybody on the way could read the credentials", "use https")
	}
	return nil, wrong("the address is not https", "write it in full: https://example.org")
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Request is what is asked.
type Request struct {
	Method string
	Path   string      // after Base, with a slash before it, escaped; a query may follow
	Header http.Header // more than those for JSON and credentials; may be nil
	Body   any         // sent as JSON; a []byte as it is; nil: none
	Safe   bool        // asked twice it does what it does once; GET always is
}

// Answer is what came.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	At     time.Time // when
}

// Into reads the answer's JSON into v.
func (a *Answer) Into(v any) error {
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("the server's answer can't be read: %w", err)
	}
	return nil
}

// Do asks, and asks again what was not carried out, after the pause that the server
// wants. An *Unsure is tried again only when the request is Safe.
func (c *Client) Do(ctx context.Context, r Request) (*Answer, error) {
	body, err := encode(r.Body)
	if err != nil {
		return nil, err
	}
	safe := r.Safe || r.Method == http.MethodGet
	for try := 1; ; try++ {
		a, err := c.once(ctx, r, body)
		if err == nil || try == tries || ctx.Err() != nil {
			return a, err
		}
		wait, again := pause(err, safe, try)
		if !again || wait > longestWait {
			return a, err
		}
		if wait > 5*time.Second {
			sdk.Progress(ctx, fmt.Sprintf("waiting %s, as the server asks", wait.Round(time.Second)))
		}
		if err := c.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// pause says how long to wait before the next try, and whether there is one.
func pause(err error, safe bool, try int) (time.Duration, bool) {
	wait := firstWait << (try - 1)
	var busy *Busy
	if errors.As(err, &busy) {
		return max(busy.After, wait*time.Duration(b2i(!busy.Known))), true
	}
	return wait, safe && errors.As(err, new(*Unsure))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func encode(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(body)
	return b.Bytes(), err
}

// once asks once.
func (c *Client) once(ctx context.Context, r Request, body []byte) (*Answer, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, c.Base+r.Path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make a request of %s: %w", r.Path, err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	if c.Authorize != nil {
		if err := c.Authorize(ctx, req); err != nil {
			return nil, err
		}
	}
	if err := readable(req.Header); err != nil {
		return nil, err
	}
	answer, err := c.HTTP.Do(req)
	if err != nil {
		return nil, c.lost(ctx, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, largest+1))
	if err != nil || len(text) > largest {
		if err == nil {
			err = errors.New("the answer is larger than 64 MiB")
		}
		return nil, c.lost(ctx, err)
	}
	a := &Answer{Status: answer.StatusCode, Header: answer.Header, Body: text, At: c.Now()}
	judge := c.Judge
	if judge == nil {
		judge = Judge
	}
	return a, judge(a)
}

// readable refuses headers that can't be sent, as they are when a file with a secret has
// more than one line. It tells nothing of their content.
func readable(h http.Header) error {
	for name, values := range h {
		for _, v := range values {
			if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return &sdk.Diagnostic{Code: "header", Summary: "the header " + name + " would have a line break or another control character",
					Hint: "look whether a secret was copied as one line"}
			}
		}
	}
	return nil
}

// lost says what a request without an answer means. A connection that was never made
// carried nothing out; one to a server that can't prove who it is will not get better.
func (c *Client) lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var dial *net.OpError
	switch {
	case errors.As(err, &dial) && (dial.Op == "dial" || dial.Op == "proxyconnect"):
		return &Busy{Text: "the server can't be reached: " + cause(err)}
	case errors.As(err, new(*tls.CertificateVerificationError)):
		return &sdk.Diagnostic{Code: "certificate", Summary: "the server can't prove that it is the one at this address: " + cause(err),
			Hint: "look at the address; the certificate of an authority of your own must be known to this machine"}
	}
	return &Unsure{Text: "no answer came: " + cause(err)}
}

// cause is an error without the address asked, which may be long.
func cause(err error) string {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return err.Error()
}

// Judge judges by the status alone, as most servers mean it.
func Judge(a *Answer) error {
	switch {
	case a.Status >= 200 && a.Status < 300:
		return nil
	case a.Status == http.StatusTooManyRequests, a.Status == http.StatusServiceUnavailable:
		after, known := RetryAfter(a)
		return &Busy{After: after, Known: known, Text: "the server asks for a pause (" + status(a) + ")"}
	case a.Status >= 500 || a.Status == http.StatusRequestTimeout:
		return &Unsure{Text: "the server failed (" + status(a) + ")"}
	}
	return &Refused{Status: a.Status, Text: "the server refused it (" + status(a) + ")"}
}

func status(a *Answer) string {
	return strings.TrimSpace(strconv.Itoa(a.Status) + " " + http.StatusText(a.Status))
}

// RetryAfter is how long the server wants to be left alone, by the header Retry-After in
// seconds or as a date (RFC 9110, 10.2.3), and whether it says so.
func RetryAfter(a *Answer) (time.Duration, bool) {
	text := a.Header.Get("Retry-After")
	if s, err := strconv.Atoi(text); err == nil && s >= 0 {
		return time.Duration(min(s, 86400)) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(a.At)), true
	}
	return 0, false
}
