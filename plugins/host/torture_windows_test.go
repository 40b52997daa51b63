package host

// Processes are killed by signals here.
func torturePrograms() map[string]func() { return nil }
