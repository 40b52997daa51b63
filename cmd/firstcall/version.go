package main

import (
	"context"
	"fmt"
	"runtime"
)

func runVersion(_ context.Context, in *invocation) error {
	return writeAll(in.out, fmt.Sprintf("firstcall %s (%s/%s, %s)\n", version, runtime.GOOS, runtime.GOARCH, runtime.Version()))
}
