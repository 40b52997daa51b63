package host

import (
	"bytes"
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// ringBytes is how much of an exporter's output is kept: the end of it.
const ringBytes = 64 << 10

// ring keeps the end of what is written to it. Its zero value is ready.
type ring struct {
	mu  sync.Mutex
	buf []byte
	cut bool // something was dropped
	all int  // bytes ever written
}

// Write implements io.Writer and never fails.
func (r *ring) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.buf = append(r.buf, b...)
	r.all += len(b)
	if len(r.buf) > 2*ringBytes {
		r.buf = append(r.buf[:0], r.buf[len(r.buf)-ringBytes:]...)
		r.cut = true
	}
	return len(b), nil
}

// written is how many bytes were ever written.
func (r *ring) written() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all
}

// String returns the last whole lines. A line whose beginning was dropped is
// left out: half a secret in it would not be recognized.
func (r *ring) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := r.buf
	if over := len(text) - ringBytes; over > 0 {
		text = text[over:]
	}
	if r.cut || len(text) < len(r.buf) {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return string(text)
}

// redactor takes secrets and control characters out of what comes from an
// exporter. Its zero value knows no secret.
type redactor struct{ secrets *strings.Replacer }

// hidden stands where a secret stood.
const hidden = "[secret]"

// shortest is the length from which a line of a secret counts as one. Anything
// shorter occurs by chance.
const shortest = 4

// learn makes r know the secrets, by whatever name, as they are, line by line,
// and as they look in a URL.
func (r *redactor) learn(secrets map[string]string) {
	var forms []string
	for _, s := range secrets {
		forms = append(forms, s, url.QueryEscape(s), url.PathEscape(s))
		for _, line := range strings.Split(s, "\n") {
			forms = append(forms, strings.TrimSpace(line))
		}
	}
	// A secret may be the beginning of another: the longest is tried first.
	slices.SortFunc(forms, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	var pairs []string
	for _, s := range forms {
		if len(s) >= shortest {
			pairs = append(pairs, s, hidden)
		}
	}
	r.secrets = strings.NewReplacer(pairs...)
}

// line cleans a text that is one line.
func (r *redactor) line(s string) string {
	return strings.Join(strings.Fields(r.text(s)), " ")
}

// text cleans a text of several lines.
func (r *redactor) text(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if r.secrets != nil {
		s = r.secrets.Replace(s)
	}
	return s
}
