package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Plan says what Write would do, and which figures would change. It leaves no trace.
func (s *session) Plan(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	ready, outcomes, err := prepare(ctx, batch)
	if err != nil {
		return nil, err
	}
	db, err := openToRead(ctx, s.path)
	if err == nil && db != nil {
		defer db.close()
		err = s.planAll(ctx, db, ready, outcomes)
	} else if err == nil {
		for i, r := range ready {
			if r != nil {
				outcomes[i].Diff = added(r.rows)
			}
		}
	}
	switch {
	case err == nil:
		return outcomes, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !busy(err):
		return nil, s.fault(err)
	}
	return s.allLocked(ready, outcomes), nil
}

// planAll plans the records against what is there.
func (s *session) planAll(ctx context.Context, db *database, ready []*prepared, outcomes []sdk.Outcome) error {
	state, err := readState(ctx, db)
	if err != nil {
		return err
	}
	if state.id != s.id && s.exists {
		return changedError{}
	}
	for i, r := range ready {
		if r == nil {
			continue
		}
		if state.empty() {
			outcomes[i].Diff = added(r.rows)
			continue
		}
		if outcomes[i], err = plan(ctx, db, r); err != nil {
			return err
		}
	}
	return nil
}

func plan(ctx context.Context, db *database, r *prepared) (sdk.Outcome, error) {
	var revision string
	switch err := db.QueryRowContext(ctx, "SELECT revision FROM records WHERE key = ?", r.Key).Scan(&revision); {
	case errors.Is(err, sql.ErrNoRows):
		return sdk.Outcome{Status: sdk.Created, Diff: added(r.rows)}, nil
	case err != nil:
		return sdk.Outcome{}, err
	case revision == r.Revision:
		return sdk.Outcome{Status: sdk.Unchanged}, nil
	}
	var d diff
	for _, table := range flat.Tables() {
		var after [][]string
		for _, made := range r.rows {
			if made.Table == table {
				after = append(after, cells(made)...)
			}
		}
		before, err := readRows(ctx, db, table, r.Key)
		if err != nil {
			return sdk.Outcome{}, err
		}
		d.compare(table, before, after)
	}
	return sdk.Outcome{Status: sdk.Updated, Diff: d.String()}, nil
}

// added says how many rows a new record has.
func added(rows []flat.Rows) string {
	said := ""
	for _, made := range rows {
		if said != "" {
			said += ", "
		}
		said += fmt.Sprintf("%s in %s", plural(len(made.Rows), "row"), made.Table.Name)
	}
	return said
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// cells are rows in words, without the key.
func cells(made flat.Rows) [][]string {
	out := make([][]string, len(made.Rows))
	for n, row := range made.Rows {
		for _, i := range columns(made.Table) {
			out[n] = append(out[n], flat.Harmless(row[i].String()))
		}
	}
	return out
}

// readRows reads the rows of a record as cells gives them.
func readRows(ctx context.Context, db *database, table *flat.Table, key string) ([][]string, error) {
	at := columns(table)
	query := "SELECT "
	for n, i := range at {
		if n > 0 {
			query += ", "
		}
		query += quoted(table.Columns[i].Name)
	}
	rows, err := db.QueryContext(ctx, query+" FROM "+table.Name+" WHERE key = ? ORDER BY row", key)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values, into := make([]any, len(at)), make([]any, len(at))
	for i := range values {
		into[i] = &values[i]
	}
	var out [][]string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]string, len(at))
		for n, i := range at {
			row[n] = word(table.Columns[i].Type, values[n])
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// word is what the database keeps, as flat writes it.
func word(t flat.Type, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case int64:
		if t == flat.YesNo {
			return strconv.FormatBool(v != 0)
		}
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}
