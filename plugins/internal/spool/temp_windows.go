package spool

import (
	"errors"
	"os"
)

// detach does nothing: an open file can't be removed here.
func detach(*os.File) error { return nil }

func discard(file *os.File) error { return errors.Join(file.Close(), os.Remove(file.Name())) }
