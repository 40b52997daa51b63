package dates

import (
	"strings"
	"testing"
	"time"
)

func FuzzStamps(f *testing.F) {
	for _, s := range []string{
		sample, "", "**Revised:** 10/17/18", "Closing Date\n\n5/21/2026", "March 4-8, 2019", "10-17-18 REV",
		"| Posted | Closing |\n| --- | --- |\n| 3/1/2021 | 3/15/2021 |", "by the end of July 2025", "FY19 Q2 2023 mid-2024",
		"From 8:00 a.m. MONDAY, JUNE 4, 2018 to 11:59 p.m. FRIDAY, JUNE 8, 2018", "https://x.org/2015/05/28 2021-03-04T10:00Z",
		"Reviewed annually\xff\xe2\x80\x94 1/2/21", "Revised: 6/1/2012; 7/1/2014", "until 2021 March ’21 <b>Rev</b> 3/19",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range Find(text) {
			checkMention(t, text, m, end)
			end = m.End
		}
		end = 0
		for _, s := range Stamps(text) {
			checkMention(t, text, s.Mention, end)
			end = s.End
			if s.Kind == None || s.Kind > AsOf {
				t.Errorf("a stamp of the kind %v", s.Kind)
			}
			if l := s.Label; l.Start < 0 || l.Start > l.End || l.End > len(text) || l.Start < s.End && l.End > s.Start {
				t.Errorf("the label %v is outside the text or overlaps the date %v", l, s.Span)
			}
		}
		end = 0
		for _, i := range Intervals(text) {
			if i.Months < 1 || i.Start < end || i.Start >= i.End || i.End > len(text) {
				t.Errorf("interval %v after %d in %d bytes", i, end, len(text))
			}
			end = i.End
		}
		if stamp, interval, ok := Key("date", text); ok {
			checkMention(t, text, stamp.Mention, 0)
			if interval.Months != 0 {
				t.Error("a date is no interval")
			}
		}
		if _, interval, ok := Key("review", text); ok && (interval.Months < 1 || interval.Start >= interval.End || interval.End > len(text)) {
			t.Errorf("interval %v", interval)
		}
	})
}

// checkMention holds a date against what the package promises of all.
func checkMention(t *testing.T, text string, m Mention, end int) {
	t.Helper()
	if m.Start < end || m.Start >= m.End || m.End > len(text) {
		t.Fatalf("span %v after %d in %d bytes", m.Span, end, len(text))
	}
	if !strings.ContainsAny(m.Span.In(text), "0123456789") || m.Phrase == "" {
		t.Errorf("%q is no date", m.Phrase)
	}
	checkDate(t, m.Date)
	if m.Other != nil {
		checkDate(t, *m.Other)
		if m.Other.Equal(m.Date) || !m.Numeric || m.order != Unknown {
			t.Errorf("%q: the other reading %v says nothing new", m.Phrase, m.Other)
		}
		if both := m.In(Unknown); both.First.After(m.First) || both.First.After(m.Other.First) || both.Last.Before(m.Last) || both.Last.Before(m.Other.Last) {
			t.Errorf("%q: %v does not hold both readings", m.Phrase, both)
		}
	}
}

func checkDate(t *testing.T, d Date) {
	t.Helper()
	if d.First.IsZero() || d.First.After(d.Last) || d.First.Year() < firstYear || d.Last.Year() > lastYear+1 || d.Precision > Year {
		t.Errorf("date %v to %v, %v", d.First, d.Last, d.Precision)
	}
	if !d.First.Equal(d.First.Truncate(24*time.Hour)) || !d.Last.Equal(d.Last.Truncate(24*time.Hour)) {
		t.Errorf("%v is not whole days", d)
	}
}

// TestLinear reads texts made to be slow: four times the text may take about four times the time.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, part := range []string{
		"1", "1 ", "1/1/21 ", "1-", "1/", "2021", "2021 ", "2021-", "March ", "March 1 ", "end of ", "a", ".1", "(1", "review ", "REVI", "reviewed every ",
		"Revised ", "will 2021 ", "by 2021 ", "1\n", "|1/1/21\n", "\t2021\n", "to 1/1/21 ", ", 1/1/21", "<b", "a@1", "2021-2022 school ", "Jan-", "4th of ",
	} {
		const size = 1 << 16
		short, long := strings.Repeat(part, size/len(part)), strings.Repeat(part, 4*size/len(part))
		var a, b time.Duration
		slow := true
		for try := 0; slow && try < 4; try++ { // other work may be in the way
			a, b = timed(short), timed(long)
			slow = b > 12*a+500*time.Millisecond
		}
		if slow {
			t.Errorf("%q: %v for %d bytes, %v for four times as many", part, a, size, b)
		}
	}
}

func timed(text string) time.Duration {
	start := time.Now()
	Find(text)
	Stamps(text)
	Intervals(text)
	return time.Since(start)
}
