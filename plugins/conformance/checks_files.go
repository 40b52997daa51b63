package conformance

import pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"

func fileChecks() []*Check {
	sound := []string{"export.accepts"}
	return []*Check{
		{
			ID: "files.same", Title: "the same records make the same files", Rule: "R53", For: Files, needs: sound,
			Hint: "leave out clocks, random numbers and the order of hash tables",
			run: func(t *trial) error {
				return t.samePair(func(records []*pb.Record) [][]*pb.Record { return t.cut(records) })
			},
		},
		{
			ID: "files.batches", Title: "how records are cut into batches makes no difference", Rule: "R53", For: Files, needs: append(sound, "files.same"),
			Hint: "make the files when all records are there",
			run:  func(t *trial) error { return t.samePair(oneEach) },
		},
	}
}

// samePair exports the same records twice, the second time cut in another way.
func (t *trial) samePair(cut func([]*pb.Record) [][]*pb.Record) error {
	records, err := t.records("", 7)
	if err != nil {
		return err
	}
	first, err := t.export("", records, nil)
	if err != nil {
		return err
	}
	second, err := t.export("", records, &talk{batches: cut(records)})
	if err != nil {
		return err
	}
	if len(first.files) == 0 {
		return &unknowable{why: "it made no files"}
	}
	if d := different(first.files, second.files, true); d != "" {
		return broken("%s", d)
	}
	return nil
}
