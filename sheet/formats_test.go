package sheet

import (
	"strconv"
	"testing"
)

func TestParseFormat(t *testing.T) {
	day := format{day: true}
	for code, want := range map[string]format{
		"General":                                {},
		"@":                                      {},
		"0.00":                                   {decimals: 2},
		`"$"#,##0.00_);[Red]\("$"#,##0.00\)`:     {decimals: 2},
		`[$$-409]#,##0.00`:                       {decimals: 2},
		`[$€-2]\ #,##0.00`:                       {decimals: 2},
		`_("$"* #,##0.00_);_("$"* "-"??_);_(@_)`: {decimals: 2},
		"0.00%":                                  {},
		"0.00E+00":                               {},
		"# ?/?":                                  {},
		"#,##0.0,":                               {},
		"#,##0":                                  {},
		"0.0#":                                   {decimals: 1},
		"0000000":                                {digits: 7},
		"0":                                      {},
		`0 "days"`:                               {},
		`0\d`:                                    {},
		"yyyy-mm-dd":                             day,
		"[$-409]d\\-mmm\\-yy;@":                  day,
		"m/d/yy h:mm":                            day,
		"mmm":                                    day,
		"dddd":                                   day,
		`yyyy"年"m"月"d"日"`:                        day,
		"h:mm AM/PM":                             {},
		"[h]:mm:ss":                              {},
		"mm:ss.0":                                {},
		`"unclosed`:                              {},
		"[unclosed":                              {},
		`\`:                                      {},
		"[]0.00":                                 {decimals: 2},
		"":                                       {},
	} {
		if got := parseFormat(code); got != want {
			t.Errorf("%s: %+v, want %+v", code, got, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for raw, want := range map[string]string{
		"0": "0", "-0": "0", "0.0": "0", "1": "1", "-1.50": "-1.5", "007": "7", "1E3": "1000", "1E-7": "0.0000001",
		"0.1": "0.1", "0.30000000000000004": "0.3", "44180.229999999996": "44180.23", "70912055.469999999": "70912055.47",
		"1.2345678901234567E+16": "12345678901234600", "12345678901234567": "12345678901234567",
	} {
		value, err := strconv.ParseFloat(raw, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := decimal(raw, value); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

// TestEveryCentSurvives: the nearest binary fraction of each amount, as files hold
// it, comes out as the amount.
func TestEveryCentSurvives(t *testing.T) {
	for _, cents := range []int64{1, 10, 29, 57, 1001, 4418023, 7091205547, 5_000_000_000_000, 999_999_999_999_99} {
		for c := cents; c < cents+2000; c += 7 {
			raw := strconv.FormatFloat(float64(c)/100, 'g', 17, 64)
			value, _ := strconv.ParseFloat(raw, 64)
			if got := (format{decimals: 2}).pad(decimal(raw, value)); got != dollars(c) {
				t.Fatalf("%s: %s, want %s", raw, got, dollars(c))
			}
		}
	}
}
