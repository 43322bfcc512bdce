package influence

import (
	"strings"
	"testing"
)

var dana = PasswordOwner{Name: "Dana Lee Ruiz-Montgomery", Email: "dana.ruiz@granite.example", Company: "Granite State Networks, Inc."}

func TestASVS_6_2_5_6_2_9_PasswordsTaken(t *testing.T) {
	for _, password := range []string{
		"correct horse battery staple", "fifteen chars!!", "  leading and trailing blanks  ", "日本語のとても長い合言葉です、はい",
		"dana walked over seven hills", strings.Repeat("ab cd ef gh ", 85) + "end", "granite and marble stones",
		"7f3k9q2b8x4m1z6", "\x00\x01binary is taken as it is\xff",
	} {
		if err := CheckPassword(password, dana); err != nil {
			t.Errorf("%.40q: %v", password, err)
		}
	}
	if err := CheckPassword("correct horse battery staple", PasswordOwner{}); err != nil {
		t.Errorf("without an owner: %v", err)
	}
}

func TestASVS_6_2_1_6_2_4_6_2_11_PasswordsRefused(t *testing.T) {
	for password, reason := range map[string]string{
		"":                               "15 characters",
		"fourteen chars":                 "15 characters",
		"日本語のとても長い合言葉":                   "15 characters", // 12 characters in 36 bytes
		strings.Repeat("x", 1023) + "yz": "too long",
		"aaaaaaaaaaaaaaaa":               "repeats", "abcabcabcabcabca": "repeats", "passwordpassword": "repeats",
		"1234567890123456": "counts on", "abcdefghijklmnop": "counts on", "ponmlkjihgfedcba": "counts on",
		"8901234567890123": "counts on", "qwertyuiopasdfgh": "counts on", "QWERTYUIOPASD2007": "counts on",
		"my influence is great": "program’s name", "In-Flu-Ence of the moon": "program’s name",
		"granite state networks 1": "company’s name", "GraniteStateNetworks": "company’s name",
		"hello dana.ruiz hello": "e-mail address", "danaruiz danaruiz 1": "e-mail address",
		"Dana Montgomery-Ruiz": "made of your name", "dana lee 1234567890": "made of your name",
	} {
		err := CheckPassword(password, dana)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%.40q: %v, want %s", password, err, reason)
		}
		if err != nil && password != "" && strings.Contains(err.Error(), password) {
			t.Errorf("the refusal of %q shows it", password)
		}
	}
}
