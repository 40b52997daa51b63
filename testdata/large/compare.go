//go:build ignore

// Compare scores a survey made by generate.go with firstcall, with encoding/csv
// doing only the sums (sums.go) and, when a folder is named in which
// @duckdb/node-api is installed, with DuckDB (duckdb.mjs), one after the other,
// and tells what processor time and memory each took:
//
//	go run testdata/large/generate.go > /tmp/large.csv
//	npm install --prefix /tmp/duck @duckdb/node-api
//	go run testdata/large/compare.go -duckdb /tmp/duck /tmp/large.csv
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	duckdb := flag.String("duckdb", "", "folder in which @duckdb/node-api is installed")
	flag.Parse()
	file, err := filepath.Abs(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "compare-*")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	firstcall, sums := filepath.Join(dir, "firstcall"), filepath.Join(dir, "sums")
	build(firstcall, "./cmd/firstcall")
	build(sums, "testdata/large/sums.go")
	score := []string{firstcall, "score", file, "-i", "testdata/large/survey.toml", "--client", "large", "--format", "ndjson"}
	base := run("firstcall, all statistics, by department", 0, append(score, "--by", "department")...)
	run("the same with two workers", base, append(score, "--by", "department", "--workers", "2")...)
	run("firstcall, by department and by role", base, append(score, "--by", "department", "--by", "role")...)
	run("encoding/csv, only sums by department", base, sums, file)
	if *duckdb != "" {
		script := filepath.Join(*duckdb, "duckdb.mjs")
		text, err := os.ReadFile("testdata/large/duckdb.mjs")
		if err == nil {
			err = os.WriteFile(script, text, 0o644) // modules are looked for beside it
		}
		if err != nil {
			log.Fatal(err)
		}
		run("DuckDB, mean, SD, histogram, alpha by department", base, "node", script, file)
	}
}

func build(out, what string) {
	c := exec.Command("go", "build", "-o", out, what)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		log.Fatal(err)
	}
}

// run runs a command and returns its processor seconds.
func run(what string, base float64, line ...string) float64 {
	c := exec.Command(line[0], line[1:]...)
	c.Stdout, c.Stderr = io.Discard, os.Stderr
	started := time.Now()
	if err := c.Run(); err != nil {
		log.Fatal(what, ": ", err)
	}
	wall := time.Since(started).Seconds()
	cpu := (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
	memory := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10
	fmt.Printf("%-55s %6.2f s of processor time, %6.2f s, %4d MB", what, cpu, wall, memory)
	if base > 0 {
		fmt.Printf(", %.1f times the first", cpu/base)
	}
	fmt.Println()
	return cpu
}
