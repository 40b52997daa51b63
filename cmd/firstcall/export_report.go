package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// report writes the file of --report.
func (x *export) report(ctx context.Context, s host.Summary, failed error) error {
	path := x.in.text("report")
	if path == "" {
		return nil
	}
	collector := artifact.NewCollector("")
	defer collector.Close()
	w := bufio.NewWriterSize(pieceWriter{collector}, 1<<20)
	if err := errors.Join(x.writeReport(ctx, w, s, failed), w.Flush(), collector.Add(reportName, "application/json", nil, true)); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	files, err := collector.Files()
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	// The run is over, and its report wanted most when it was stopped.
	ctx = context.WithoutCancel(ctx)
	if _, err := artifact.Place(ctx, files, artifact.Options{Out: path, Force: x.in.on("force")}); err != nil {
		return err
	}
	return nil
}

const reportName = "report.json"

// pieceWriter adds what is written to it to the one file of a collector.
type pieceWriter struct{ to *artifact.Collector }

// Write implements io.Writer.
func (w pieceWriter) Write(b []byte) (int, error) {
	if err := w.to.Add(reportName, "application/json", b, false); err != nil {
		return 0, err
	}
	return len(b), nil
}

// reportHead is all of a report but its records.
type reportHead struct {
	Schema   string         `json:"schema"`
	Exporter reportExporter `json:"exporter"`
	Target   *reportPlace   `json:"target,omitempty"`
	Run      *reportRun     `json:"run,omitempty"`
	Error    string         `json:"error,omitempty"`
	Summary  reportCounts   `json:"summary"`
}

type reportExporter struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type reportPlace struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
}

type reportRun struct {
	ID      string `json:"id"`
	Attempt int    `json:"attempt"`
}

type reportCounts struct {
	Records   int `json:"records"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Known     int `json:"known"`
	Rejected  int `json:"rejected"`
	Retry     int `json:"retry"`
	Deferred  int `json:"deferred"`
	InDoubt   int `json:"in_doubt"`
	NotSent   int `json:"not_sent"`
	LeftOut   int `json:"left_out"`
}

// reportRecord is what became of one record.
type reportRecord struct {
	Key      string         `json:"key"`
	Revision string         `json:"revision"`
	Status   string         `json:"status"`
	Reason   *reasonLine    `json:"reason,omitempty"`
	Remote   []reportRemote `json:"remote,omitempty"`
}

type reportRemote struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// writeReport writes one JSON object with a line for each record.
func (x *export) writeReport(ctx context.Context, w *bufio.Writer, s host.Summary, failed error) error {
	info := x.exporter.plugin.Info()
	head := reportHead{
		Schema: "firstcall-report/1", Exporter: reportExporter{info.GetName(), info.GetVersion()},
		Summary: reportCounts{s.Records(), s.Created, s.Updated, s.Unchanged, s.Known, s.Rejected, s.Retry, s.Deferred, s.InDoubt, s.NotSent, s.LeftOut},
	}
	if failed != nil {
		if cause := context.Cause(ctx); cause != nil {
			failed = stopped(cause, failed)
		}
		head.Error = printableLines(failed.Error())
	}
	if c := x.exporter.configured; !c.Artifacts {
		head.Target = &reportPlace{c.TargetID, c.TargetLabel}
		id, attempt := x.journal.Run()
		head.Run = &reportRun{id, attempt}
	}
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	w.Write(text[:len(text)-1])
	w.WriteString(`,"records":[`)
	between := "\n"
	err = x.outcomes.Walk(func(o host.Outcome) error {
		line := reportRecord{Key: o.Key, Revision: o.Revision, Status: o.Status.String()}
		if o.Diagnostic != nil {
			reason := reasonLineOf(o.Diagnostic)
			line.Reason = &reason
		}
		for _, r := range o.Remote {
			line.Remote = append(line.Remote, reportRemote(r))
		}
		text, err := json.Marshal(line)
		if err != nil {
			return err
		}
		w.WriteString(between)
		between = ",\n"
		_, err = w.Write(text)
		return err
	})
	w.WriteString("\n]}\n")
	return err
}
