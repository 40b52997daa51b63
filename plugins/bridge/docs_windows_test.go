package bridge

// noteLines is for the examples, of which one is a shell script.
func noteLines(string, string, []string) {}
