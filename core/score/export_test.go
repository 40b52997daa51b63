package score

// For tests outside of the package, which may use core/disclosure.
var (
	Everything         = everything
	EverythingAnswered = everythingAnswered
	NewReference       = newReference
)

func (r *reference) Check(name string, got float64) { r.t.Helper(); r.check(name, got) }
func (r *reference) Compared() int                  { return r.compared }
