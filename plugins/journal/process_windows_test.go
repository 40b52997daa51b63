package journal

import "errors"

func playHost(string, *Fence) error { return errors.New("not here") }

func playFull(string, *Fence) error { return errors.New("not here") }
