package bridge

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Codes of the diagnostics that the bridge itself makes.
const (
	codeLine  = "bridge.line"  // the script wrote what the bridge does not understand
	codeEnded = "bridge.ended" // the script ended, or stopped reading, too early
)

// StartError says that a script could not be started.
type StartError struct {
	Program string
	Err     error
}

// Error names the program and the cause.
func (e *StartError) Error() string { return fmt.Sprintf("start %s: %v", e.Program, e.Err) }

// Unwrap returns the cause.
func (e *StartError) Unwrap() error { return e.Err }

// Hint says what to do next.
func (e *StartError) Hint() string {
	return "give its path, or the name of a program in " + Path + "; a file must be executable: chmod +x"
}

// LineError says what is wrong with a line that a script wrote. It quotes
// nothing of it but names that look like one.
type LineError struct {
	Line int // 1 is the first that it wrote
	What string
	hint string
}

// Error names the line and the fault.
func (e *LineError) Error() string {
	return fmt.Sprintf("line %d of the script's standard output: %s", e.Line, e.What)
}

// Hint says what to do next.
func (e *LineError) Hint() string { return e.hint }

// EndedError says that a script ended, or closed its standard input or output,
// while something was wanted of it.
type EndedError struct {
	How    string // "ended (exit status 3)"
	During string // what was wanted: "describe"
}

// Error says how and when.
func (e *EndedError) Error() string { return fmt.Sprintf("the script %s during %s", e.How, e.During) }

// Hint says what to do next.
func (e *EndedError) Hint() string {
	return "see what it printed to standard error; a script ends when its standard input ends, and not before"
}

// saidError is what a script itself reports as an error of the call.
type saidError struct{ *pb.Diagnostic }

func (e saidError) Error() string { return e.GetSummary() }

// toStatus makes the status that ends a call of err.
func toStatus(err error) error {
	if err == nil {
		return nil
	}
	var (
		said  saidError
		line  *LineError
		ended *EndedError
		d     *pb.Diagnostic
	)
	switch {
	case errors.As(err, &said):
		d = said.Diagnostic
	case errors.As(err, &line):
		d = &pb.Diagnostic{Severity: pb.Diagnostic_SEVERITY_ERROR, Code: codeLine, Summary: line.Error(), Hint: line.Hint()}
	case errors.As(err, &ended):
		d = &pb.Diagnostic{Severity: pb.Diagnostic_SEVERITY_ERROR, Code: codeEnded, Summary: ended.Error(), Hint: ended.Hint()}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err).Err()
	default:
		if _, ok := status.FromError(err); ok {
			return err
		}
		return status.Error(codes.Unknown, err.Error())
	}
	st, fault := status.New(codes.Unknown, d.GetSummary()).WithDetails(protoadapt.MessageV1Of(d))
	if fault != nil {
		return status.Error(codes.Unknown, d.GetSummary())
	}
	return st.Err()
}

func errNotConfigured() error {
	return status.Error(codes.FailedPrecondition, "not configured: Configure comes first")
}
