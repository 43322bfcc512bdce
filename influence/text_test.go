package influence

import "testing"

func TestTextIsCleaned(t *testing.T) {
	if got := line(" Contoso\u00a0 \tLtd.\r\n"); got != "Contoso Ltd." {
		t.Errorf("%q", got)
	}
	if got := line("a\xffb"); got != "a\uFFFDb" {
		t.Errorf("%q", got)
	}
	if got := block("\r\n one\r\ntwo\rthree \n"); got != "one\ntwo\nthree" {
		t.Errorf("%q", got)
	}
	if got := quoted("a\x00b\u202e " + string(make([]byte, 100))); got != "“a?b? ?????????????????????????…”" {
		t.Errorf("%q", got)
	}
}

func TestCheckText(t *testing.T) {
	for s, ok := range map[string]bool{
		"Société Générale 株式会社": true, "a\nb": true, "a\x00b": false, "a\x1b[31m": false,
		"evil\u202etxt": false, "12345678901": false, "": true,
	} {
		v := Invalid{}
		checkText(v, "f", s, 25)
		if len(s) == 11 {
			checkText(v, "f", s, 10)
		}
		if (v.OrNil() == nil) != ok {
			t.Errorf("%q: %v", s, v)
		}
	}
}
