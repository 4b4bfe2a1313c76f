package catalogue

import "context"

// TamperWithEvents tries what nobody may do.
func (c *Catalogue) TamperWithEvents(ctx context.Context) error {
	_, err := c.write.ExecContext(ctx, "UPDATE events SET note = 'changed'")
	return err
}
