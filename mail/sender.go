// Package mail sends mail: to an SMTP server, or into a folder of .eml files.
package mail

import (
	"context"
	"fmt"
	netmail "net/mail"
)

// Sender sends mail one way: ToServer's or ToFolder's. It is safe for use by many
// goroutines.
type Sender struct {
	from *netmail.Address
	send func(context.Context, Message) error
	way  string
}

// sender returns a Sender without a way. from is what people see, such as
// "Influence Portal <portal@irm.example>".
func sender(from string) (*Sender, error) {
	a, err := address(from)
	if err != nil {
		return nil, fmt.Errorf("sender's address: %w", err)
	}
	return &Sender{from: a}, nil
}

// Send hands m over. An error that is ErrRefused stays; any other may pass, and
// the mail can be sent again under the same ID.
func (s *Sender) Send(ctx context.Context, m Message) error {
	if err := s.send(ctx, m); err != nil {
		return fmt.Errorf("send mail %s: %w", m.ID, err)
	}
	return nil
}

// String tells the way mail leaves, without the password.
func (s *Sender) String() string { return s.way }
