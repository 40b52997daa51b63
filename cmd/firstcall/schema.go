package main

import (
	"context"

	"github.com/firstcall-cli/firstcall/core/record"
)

func runSchema(_ context.Context, in *invocation) error {
	return writeAll(in.out, string(record.JSONSchema()))
}
