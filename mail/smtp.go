package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// server is a mail server's address taken apart.
type server struct {
	host, user, password string
	port                 int
	implicitTLS          bool // smtps: TLS from the first byte
	starttls             bool
	patience             time.Duration  // how long one step may take
	roots                *x509.CertPool // nil: the system's
}

// ToServer returns a Sender over SMTP; the server's address has the form
// smtp://user:password@host:port, or smtps:// for TLS from the first byte.
// Passwords and mail cross a network only encrypted; to the machine itself they
// may go as they are.
func ToServer(address, from string) (*Sender, error) {
	s, err := sender(from)
	if err != nil {
		return nil, err
	}
	srv, err := parseServer(address)
	if err != nil {
		return nil, err
	}
	s.way = "server " + net.JoinHostPort(srv.host, strconv.Itoa(srv.port))
	s.send = func(ctx context.Context, m Message) error { return srv.deliver(ctx, s, m) }
	return s, nil
}

// parseServer reads smtp://user:password@host:port. smtp asks for STARTTLS,
// except on this machine, where ?tls=starttls asks for it; smtps needs no asking.
// It never repeats the address in an error: there is a password in it.
func parseServer(address string) (server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return server{}, errors.New("the mail server's address has the form smtp://user:password@host:port")
	}
	srv := server{host: u.Hostname(), user: u.User.Username(), implicitTLS: u.Scheme == "smtps"}
	srv.password, _ = u.User.Password()
	srv.starttls = !srv.implicitTLS && !loopback(srv.host)
	switch wish := u.Query().Get("tls"); {
	case wish == "starttls" && !srv.implicitTLS:
		srv.starttls = true
	case wish == "none" && srv.user == "" && !srv.implicitTLS:
		srv.starttls = false // a relay that knows no TLS and needs no password
	case wish != "":
		return server{}, errors.New("tls of the mail server's address is starttls, or none where there is no password")
	}
	if srv.patience, err = patienceOf(u.Query().Get("timeout")); err != nil {
		return server{}, err
	}
	srv.port, err = srv.portOf(u.Port())
	return srv, err
}

// patienceOf reads timeout of the server's address, 30s without one.
func patienceOf(s string) (time.Duration, error) {
	if s == "" {
		return 30 * time.Second, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, errors.New("timeout of the mail server's address is a time such as 30s")
	}
	return d, nil
}

func (v server) portOf(s string) (int, error) {
	if s == "" {
		switch {
		case v.implicitTLS:
			return 465, nil
		case v.user != "":
			return 587, nil
		}
		return 25, nil
	}
	port, err := strconv.Atoi(s)
	if err != nil || port < 1 || port > 65535 {
		return 0, errors.New("the mail server's port is a number up to 65535")
	}
	return port, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// deliver opens a connection for one mail. What the server has taken is sent,
// whatever it says afterwards: trying again would send it twice.
func (v server) deliver(ctx context.Context, s *Sender, m Message) error {
	msg, err := m.build(s.from)
	if err != nil {
		return err
	}
	line := &line{server: v}
	defer line.close()
	c, err := v.client(line.dial)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, line.close)()
	err = c.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return nil
	}
	if final(err) {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}

// final tells a refusal of this one mail (its recipient, its content) from a
// fault of the server or of its settings, which somebody will mend.
func final(err error) bool {
	sent, ok := errors.AsType[*gomail.SendError](err)
	return ok && sent.ErrorCode() >= 500 &&
		(sent.Reason == gomail.ErrSMTPRcptTo || sent.Reason == gomail.ErrSMTPDataClose)
}

func (v server) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	o := []gomail.Option{
		gomail.WithPort(v.port),
		gomail.WithTimeout(v.patience),
		gomail.WithTLSConfig(v.tls()),
		gomail.WithTLSPolicy(gomail.NoTLS),
		gomail.WithDialContextFunc(dial),
	}
	if v.implicitTLS {
		o = append(o, gomail.WithSSL())
	}
	if v.starttls {
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if v.user != "" { // PLAIN and LOGIN refuse to speak in the clear, but to this machine
		o = append(o, gomail.WithUsername(v.user), gomail.WithPassword(v.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(v.host, o...)
}

func (v server) tls() *tls.Config {
	return &tls.Config{ServerName: v.host, MinVersion: tls.VersionTLS12, RootCAs: v.roots}
}
