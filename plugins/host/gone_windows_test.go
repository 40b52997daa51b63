package host

import "testing"

// wantGone is for systems that can ask for a process by its id.
func wantGone(testing.TB, string) {}
