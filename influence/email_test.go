package influence

import (
	"strings"
	"testing"
)

func TestParseEmail(t *testing.T) {
	for typed, want := range map[string]string{
		" Dana.Ruiz@Granite.Example ": "dana.ruiz@granite.example", "a+b@c-d.co": "a+b@c-d.co",
		"o'neill@x.io": "o'neill@x.io", "1@2.com": "1@2.com",
	} {
		if got, err := ParseEmail(typed); err != nil || got != want {
			t.Errorf("ParseEmail(%q) = %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{
		"", "dana", "@x.com", "dana@", "dana@granite", "a@b@c.com", "a b@c.com", "a@b c.com", "a\x00@b.com",
		"a@b.com\r\nBcc: c@d.com", `"a b"@c.com`, "a@[10.0.0.1]", "a@10.0.0.1", ".a@b.com", "a.@b.com",
		"a..b@c.com", "a@-b.com", "a@b-.com", "a@.com", "a@b.com.", "a@b..com", "dána@x.com", "a@exämple.com",
		"a@b.com,c@d.com", "Dana <a@b.com>", "a;b@c.com", strings.Repeat("a", 65) + "@b.com",
		strings.Repeat("a", 1<<20), "a@" + strings.Repeat("b.", 126) + "com", "a@b_c.com", "a@b\u202e.com",
	} {
		if got, err := ParseEmail(typed); err == nil {
			t.Errorf("ParseEmail(%.40q) = %q", typed, got)
		}
	}
}

func TestDomainOf(t *testing.T) {
	for address, want := range map[string]string{
		"info@merlin.example": "merlin.example", "Info@Merlin.EXAMPLE": "merlin.example",
		"https://www.merlin.example": "merlin.example", "http://merlin.example:8080/a?b#c": "merlin.example",
		"www.merlin.example/about": "merlin.example", "merlin.example.": "merlin.example",
		"https://shop.merlin.example": "shop.merlin.example", "joe@www.merlin.example": "www.merlin.example",
		"https://user:pw@merlin.example/": "merlin.example", "https://merlin.example/@evil.example": "merlin.example",
		`https://merlin.example\@evil.example`: "merlin.example", "https://evil.example#@merlin.example": "evil.example",
		"": "", "n/a": "", "localhost": "", "http://10.0.0.1/": "", "a@b@c.com": "",
	} {
		if got := DomainOf(address); got != want {
			t.Errorf("DomainOf(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestMailProvider(t *testing.T) {
	for domain, want := range map[string]bool{
		"gmail.com": true, "tampabay.rr.com": true, "aol.com": true, "sites.google.com": true,
		"mygmail.com": false, "gmail.com.example": false, "merlin.example": false, "": false,
	} {
		if MailProvider(domain) != want {
			t.Errorf("MailProvider(%q) is not %v", domain, want)
		}
	}
}
