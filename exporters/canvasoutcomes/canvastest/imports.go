package canvastest

import (
	"bytes"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// post begins an import.
func (s *Server) post(w http.ResponseWriter, r *http.Request, account int64, parts []string, body []byte) {
	j := &job{id: s.store.next(), account: account, file: bytes.Clone(body), state: "created", steps: s.Steps}
	if len(parts) == 4 {
		id, err := strconv.ParseInt(parts[3], 10, 64)
		if g := s.store.groupByID(id); err != nil || g == nil || g.Account != account {
			missing(w)
			return
		}
		j.group = id
	}
	if !utf8.Valid(body) {
		s.problem(r, "not UTF-8")
	}
	s.imports = append(s.imports, j)
	reply(w, http.StatusOK, s.importJSON(j))
}

// status tells of an import. Time passes when it is asked: imports are worked on one after
// the other.
func (s *Server) status(w http.ResponseWriter, account int64, id string) {
	s.work()
	for _, j := range s.imports {
		if j.account == account && (strconv.FormatInt(j.id, 10) == id || id == "latest" && s.started[account] == j.id) {
			reply(w, http.StatusOK, s.importJSON(j))
			return
		}
	}
	reply(w, http.StatusNotFound, object{"message": "there is no such import"})
}

// work goes on with the first import that is not at its end.
func (s *Server) work() {
	for _, j := range s.imports {
		if j.state == "succeeded" || j.state == "failed" {
			continue
		}
		j.state = "importing"
		s.started[j.account] = j.id
		if j.steps--; j.steps > 0 || s.Hangs {
			return
		}
		s.run(j)
		return
	}
}

// run carries an import out. One with an error has failed, though what is right is kept.
func (s *Server) run(j *job) {
	if s.Breaks {
		j.errors = []Error{{1, "something unexpected happened"}}
	} else {
		j.errors = s.store.importFile(j, s.Refuse)
	}
	j.state = "succeeded"
	if len(j.errors) > 0 {
		j.state = "failed"
	}
}

// importJSON tells the first 25 errors.
func (s *Server) importJSON(j *job) object {
	errors := [][2]any{}
	for _, e := range j.errors[:min(len(j.errors), 25)] {
		errors = append(errors, [2]any{e.Row, e.Text})
	}
	progress := 0
	if j.state == "succeeded" || j.state == "failed" {
		progress = 100
	}
	out := object{"id": j.id, "workflow_state": j.state, "progress": progress, "processing_errors": errors, "data": object{"import_type": "instructure_csv"}}
	if j.group != 0 {
		out["learning_outcome_group_id"] = j.group
	}
	return out
}

// Run carries out all imports that wait, and gives how many there were.
func (s *Server) Run() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, j := range s.imports {
		if j.state == "created" || j.state == "importing" {
			s.started[j.account] = j.id
			s.run(j)
			n++
		}
	}
	return n
}
