// Command generate makes the Go code of exporter.proto. It builds the two
// generators that go.mod pins and runs protoc with them. go generate starts it
// in the folder of the .proto file.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	out := "."
	if len(os.Args) > 1 {
		out = os.Args[1]
	}
	if err := generate(out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(out string) error {
	tools, err := os.MkdirTemp("", "firstcall-generate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tools)
	// go build -o needs the separator to take an empty folder for one.
	err = run("go", "build", "-o", tools+string(filepath.Separator),
		"google.golang.org/protobuf/cmd/protoc-gen-go", "google.golang.org/grpc/cmd/protoc-gen-go-grpc")
	if err != nil {
		return err
	}
	args := []string{
		"--go_out=" + out, "--go_opt=paths=source_relative",
		"--go-grpc_out=" + out, "--go-grpc_opt=paths=source_relative",
	}
	for _, name := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		path, err := exec.LookPath(filepath.Join(tools, name)) // finds the .exe of Windows too
		if err != nil {
			return err
		}
		args = append(args, "--plugin="+name+"="+path)
	}
	return run("protoc", append(args, "exporter.proto")...)
}

func run(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
