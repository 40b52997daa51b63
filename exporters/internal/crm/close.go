package crm

import "io"

var _ io.Closer = (*session)(nil)

// Close ends the connection of a System that has one to end.
func (s *session) Close() error {
	if c, ok := s.System.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
