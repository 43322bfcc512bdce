package influence

import (
	"strings"
	"unicode"
)

// NameKey is how names of customers are compared: the same key and state is the
// same customer. It has no case, accents or punctuation; & and "and" are the
// same, single letters stand together ("D. R. Horton", "DR Horton"), and what
// only says how the company is organized is left out: Inc., Ltd., the, (Class A).
// A name of nothing else keeps its words.
func NameKey(name string) string {
	words := joinLetters(strings.Fields(folded(name)))
	kept := withoutLegal(words)
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

// folded writes a name in capitals A to Z and other scripts' letters, digits and
// blanks. Apostrophes vanish: "Macy's" is MACYS.
func folded(name string) string {
	var b strings.Builder
	b.Grow(len(name) + 8)
	for _, r := range name {
		switch {
		case r < 0x80 && (r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'):
			b.WriteRune(r)
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case r == '&' || r == '+':
			b.WriteString(" AND ")
		case r == '\'' || r == '’' || r == '‘' || r == '`' || r == '´' || unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteString(unaccented(unicode.ToUpper(r)))
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// accented lists capitals with accents, each row behind the letters it becomes.
var accented = [...]struct{ plain, letters string }{
	{"A", "ÀÁÂÃÄÅĀĂĄǍ"}, {"AE", "Æ"}, {"C", "ÇĆĈĊČ"}, {"D", "ĎĐÐ"}, {"E", "ÈÉÊËĒĔĖĘĚ"},
	{"G", "ĜĞĠĢ"}, {"H", "ĤĦ"}, {"I", "ÌÍÎÏĨĪĬĮİǏ"}, {"J", "Ĵ"}, {"K", "Ķ"}, {"L", "ĹĻĽĿŁ"},
	{"N", "ÑŃŅŇ"}, {"O", "ÒÓÔÕÖØŌŎŐǑ"}, {"OE", "Œ"}, {"R", "ŔŖŘ"}, {"S", "ŚŜŞŠȘ"}, {"SS", "ẞß"},
	{"T", "ŢŤŦȚ"}, {"TH", "Þ"}, {"U", "ÙÚÛÜŨŪŬŮŰŲǓ"}, {"W", "Ŵ"}, {"Y", "ÝŶŸ"}, {"Z", "ŹŻŽ"},
}

func unaccented(capital rune) string {
	for _, row := range accented {
		if strings.ContainsRune(row.letters, capital) {
			return row.plain
		}
	}
	return string(capital)
}

// joinLetters puts words of one letter that follow each other together.
func joinLetters(words []string) []string {
	kept := words[:0:0]
	joining := false
	for _, w := range words {
		single := len(w) == 1 && w[0] >= 'A'
		if single && joining {
			kept[len(kept)-1] += w
			continue
		}
		kept = append(kept, w)
		joining = single
	}
	return kept
}

// legal are the words that say how a company is organized, in the languages
// that U.S. and Canadian reports have. AG, SA and the like are left out only at
// the end of a name, like all of them.
var legal = map[string]bool{
	"INC": true, "INCORPORATED": true, "INCORPOREE": true, "CORP": true, "CORPORATION": true, "CO": true, "COMPANY": true,
	"COMPAGNIE": true, "CIE": true, "LLC": true, "LTD": true, "LIMITED": true, "LTEE": true, "LIMITEE": true, "LP": true, "LLP": true,
	"LC": true, "PC": true, "PLC": true, "PLLC": true, "ULC": true, "GMBH": true, "AG": true, "SA": true, "NV": true, "BV": true,
	"SRL": true, "SARL": true, "SENC": true, "SENCRL": true, "AB": true, "ASA": true, "PTY": true, "ENR": true, "ENRG": true,
}

// withoutLegal takes the legal words off the end, also several ("Visa Inc.
// Inc."), the class of a share and "the" from both ends.
func withoutLegal(words []string) []string {
	for len(words) > 0 {
		last := words[len(words)-1]
		switch {
		case legal[last] || last == "THE":
			words = words[:len(words)-1]
		case len(words) > 2 && words[len(words)-2] == "CLASS" && len(last) == 1:
			words = words[:len(words)-2]
		case words[0] == "THE":
			words = words[1:]
		case last == "AND":
			words = words[:len(words)-1]
		default:
			return words
		}
	}
	return words
}
