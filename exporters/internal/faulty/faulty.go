// Package faulty makes a server fail at random, as servers at the other end of a long
// wire do. It is for tests.
package faulty

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
)

// Rates are how many of the requests fail, from 0 to 1.
type Rates struct {
	TooMany float64 // answered 429, and not looked at
	Dropped float64 // carried out, and the connection cut before the answer
}

// Handler makes another fail.
type Handler struct {
	Next    http.Handler
	Rates   Rates
	Refusal func(http.ResponseWriter) // writes the 429 of this server; nil: one with Retry-After: 0

	mu      sync.Mutex
	random  *rand.Rand
	tooMany int
	dropped int
}

// New returns a handler that fails at the same requests for the same seed, as long as
// they come one after the other.
func New(next http.Handler, rates Rates, seed uint64) *Handler {
	return &Handler{Next: next, Rates: rates, random: rand.New(rand.NewPCG(seed, 1))}
}

// Failed is how many requests were answered 429, and how many connections were cut.
func (h *Handler) Failed() (tooMany, dropped int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tooMany, h.dropped
}

// draw says what becomes of the next request.
func (h *Handler) draw() (tooMany, dropped bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch x := h.random.Float64(); {
	case x < h.Rates.TooMany:
		h.tooMany++
		return true, false
	case x < h.Rates.TooMany+h.Rates.Dropped:
		h.dropped++
		return false, true
	}
	return false, false
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tooMany, dropped := h.draw()
	switch {
	case tooMany && h.Refusal != nil:
		h.Refusal(w)
	case tooMany:
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusTooManyRequests)
	case dropped:
		// What comes after the answer must not see that nobody waits for it.
		body, _ := io.ReadAll(r.Body)
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		h.Next.ServeHTTP(httptest.NewRecorder(), again)
		panic(http.ErrAbortHandler)
	default:
		h.Next.ServeHTTP(w, r)
	}
}
