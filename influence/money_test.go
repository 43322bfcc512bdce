package influence

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseMoney(t *testing.T) {
	for typed, want := range map[string]int64{
		"$12,500": 12_500_00, "12500.00": 12_500_00, "(1,234.50)": -1_234_50, "-5": -5_00,
		"−5": -5_00, "−$5.00": -5_00, "$-5": -5_00, "-$ 5.5": -5_50, "($5)": -5_00,
		" $ 1,284,300.07 ": 1_284_300_07, "0": 0, "-0.00": 0, ".5": 50, "12.": 12_00,
		"1160637210.20": 1_160_637_210_20, "000012": 12_00, "66,628.90": 66_628_90,
		"1000000000000.00": LargestAmount, "-1,000,000,000,000": -LargestAmount,
		strings.Repeat("0", 500) + "7": 7_00,
	} {
		got, err := ParseMoney(typed)
		if err != nil || got != want {
			t.Errorf("ParseMoney(%q) = %d, %v; want %d", typed, got, err, want)
		}
	}
}

func TestParseMoneyRefuses(t *testing.T) {
	for typed, reason := range map[string]string{
		"": "Enter an amount", "N/A": "not a number", "1e400": "not a number", "1e3": "not a number",
		"$": "not a number", ".": "not a number", "()": "not a number", "(-5)": "not a number",
		"--5": "not a number", "$-$5": "not a number", "$$5": "not a number", "5-": "not a number",
		"12 500": "not a number", "0x10": "not a number", "１２": "not a number", "NaN": "not a number",
		"1_000": "not a number", "=1+1": "not a number", "5%": "not a number", "+5": "not a number",
		"1.234,56": "point before the cents", "1.234.567": "point before the cents",
		"12,5": "point before the cents", "1234,56": "point before the cents",
		"1.234": "more than 2 decimals", "12.500": "more than 2 decimals", "0.001": "more than 2 decimals",
		"12,34,567": "comma in the wrong place", "1234,567": "comma in the wrong place", ",123": "comma in the wrong place",
		"1,,234": "comma in the wrong place", "1000000000000.01": "too large",
		"99999999999999999999.00": "too large", strings.Repeat("9", 5000): "too large",
	} {
		got, err := ParseMoney(typed)
		if err == nil || !strings.Contains(err.Error(), reason) || got != 0 {
			t.Errorf("ParseMoney(%.40q) = %d, %v; want refused: %s", typed, got, err, reason)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("the refusal of %.40q has %d bytes", typed, len(err.Error()))
		}
	}
}

func TestFormatMoney(t *testing.T) {
	for _, c := range []struct {
		cents                int64
		full, dollars, short string
	}{
		{1_284_300_00, "$1,284,300.00", "$1,284,300", "$1.28M"},
		{0, "$0.00", "$0", "$0"}, {-40, "−$0.40", "$0", "$0"}, {-50, "−$0.50", "−$1", "−$1"},
		{5, "$0.05", "$0", "$0"}, {-5_00, "−$5.00", "−$5", "−$5"}, {9_999_49, "$9,999.49", "$9,999", "$9,999"},
		{9_999_50, "$9,999.50", "$10,000", "$10K"}, {97_000_00, "$97,000.00", "$97,000", "$97K"},
		{486_250_00, "$486,250.00", "$486,250", "$486K"}, {999_499_99, "$999,499.99", "$999,500", "$999K"},
		{999_500_00, "$999,500.00", "$999,500", "$1.00M"}, {9_995_000_00, "$9,995,000.00", "$9,995,000", "$10.0M"},
		{90_200_000_00, "$90,200,000.00", "$90,200,000", "$90.2M"}, {643_000_000_00, "$643,000,000.00", "$643,000,000", "$643M"},
		{-1_160_637_210_20, "−$1,160,637,210.20", "−$1,160,637,210", "−$1.16B"},
		{LargestAmount, "$1,000,000,000,000.00", "$1,000,000,000,000", "$1.00T"},
		{math.MinInt64, "−$92,233,720,368,547,758.08", "−$92,233,720,368,547,758", "−$92233.72T"},
	} {
		if got := FormatMoney(c.cents); got != c.full {
			t.Errorf("FormatMoney(%d) = %q, want %q", c.cents, got, c.full)
		}
		if got := FormatDollars(c.cents); got != c.dollars {
			t.Errorf("FormatDollars(%d) = %q, want %q", c.cents, got, c.dollars)
		}
		if got := FormatMoneyShort(c.cents); got != c.short {
			t.Errorf("FormatMoneyShort(%d) = %q, want %q", c.cents, got, c.short)
		}
	}
}

// What is written in full is read back as the same cents.
func TestMoneyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(-LargestAmount, LargestAmount).Draw(t, "cents")
		full := FormatMoney(cents)
		for _, typed := range []string{full, strings.ReplaceAll(full, ",", ""), strings.Replace(full, "−$", "$-", 1)} {
			if got, err := ParseMoney(typed); err != nil || got != cents {
				t.Fatalf("ParseMoney(%q) = %d, %v; want %d", typed, got, err, cents)
			}
		}
	})
}

// Whatever is typed, the answer is an amount within bounds or a sentence.
func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"$12,500", "(1,234.50)", "1.234,56", "−5", "1e400", "\xff", "$\u00a05"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		cents, err := ParseMoney(typed)
		if err != nil && (cents != 0 || !strings.HasSuffix(err.Error(), ".")) {
			t.Errorf("ParseMoney(%q) = %d, %v", typed, cents, err)
		}
		if cents > LargestAmount || cents < -LargestAmount {
			t.Errorf("ParseMoney(%q) = %d", typed, cents)
		}
	})
}
