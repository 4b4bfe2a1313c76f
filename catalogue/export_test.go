package catalogue

import (
	"context"
	"fmt"
	"time"
)

// TamperWithEvents tries what nobody may do.
func (c *Catalogue) TamperWithEvents(ctx context.Context) error {
	_, err := c.write.ExecContext(ctx, "UPDATE events SET note = 'changed'")
	return err
}

// SetClock has the catalogue take the time from now.
func (c *Catalogue) SetClock(now func() time.Time) { c.now = now }

// Dump returns the rows of a query as text.
func (c *Catalogue) Dump(ctx context.Context, query string) ([]string, error) {
	rows, err := c.read.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, fmt.Sprint(values...))
	}
	return all, rows.Err()
}
