package lrstest

import (
	"bytes"
	"maps"
)

// Live gives the statements that are not void and void no other, in the order in which
// they came.
func (s *Server) Live() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []map[string]any
	for _, k := range s.order {
		if k.voids == "" && !s.voids[k.id] {
			all = append(all, k.content)
		}
	}
	return all
}

// Count is how many statements there are: those that count, those that are void, and
// those that voided them.
func (s *Server) Count() (live, void, voiding int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.order {
		switch {
		case k.voids != "":
			voiding++
		case s.voids[k.id]:
			void++
		default:
			live++
		}
	}
	return live, void, voiding
}

// Received is whether a text stood in anything that was sent.
func (s *Server) Received(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Contains(s.received.Bytes(), []byte(text))
}

// Requests counts the requests by method.
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.requests)
}

// Put puts a statement there that somebody else has made, unlooked at.
func (s *Server) Put(statement map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := &kept{id: text(statement, "id"), registration: text(statement, "context", "registration"), content: statement}
	if text(statement, "verb", "id") == voided {
		k.voids = text(statement, "object", "id")
	}
	s.keep(k)
}

// Hold lets lists stay as they are, as in an LRS that lags behind, until it is called
// with false.
func (s *Server) Hold(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held = on; !on {
		s.listed = len(s.order)
	}
}

// Forget takes all statements away.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.kept)
	clear(s.voids)
	s.order, s.listed = nil, 0
}
