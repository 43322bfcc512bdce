package sheet

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// maxFormats is the number of cell formats a workbook may define; programs stop at 64,000.
const maxFormats = 100_000

// format is what a cell's number format says about reading its number.
type format struct {
	day      bool // the number is a day, perhaps with a time
	decimals int  // digits always shown after the point
	digits   int  // digits always shown of a whole number, as in 00000
}

// builtin lists the formats that files name by number only (ECMA-376 part 1,
// 18.8.30) and that matter here; 27 to 36 and 50 to 58 are East Asian dates.
func builtin(id int) format {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return format{day: true}
	case id == 2, id == 4, id == 7, id == 8, id == 39, id == 40, id == 44:
		return format{decimals: 2}
	}
	return format{}
}

func (w *workbook) readStyles(p *part) error {
	codes := map[int]format{}
	return p.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmts":
			return p.children(func(e xml.StartElement) error {
				if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil && len(codes) < maxFormats {
					codes[id] = parseFormat(attr(e, "formatCode"))
				}
				return p.skip()
			})
		case "cellXfs":
			return p.children(func(e xml.StartElement) error {
				return w.addFormat(p, e, codes)
			})
		}
		return p.skip()
	})
}

func (w *workbook) addFormat(p *part, e xml.StartElement, codes map[int]format) error {
	if len(w.formats) >= maxFormats {
		return refuse("The workbook has more than %d cell formats.", maxFormats)
	}
	id, _ := strconv.Atoi(attr(e, "numFmtId")) // absent: 0, the general format
	f, ok := codes[id]
	if !ok {
		f = builtin(id)
	}
	w.formats = append(w.formats, f)
	return p.skip()
}

// parseFormat reads a format code such as `"$"#,##0.00;[Red]-0.00` or `d-mmm-yy`.
// Only its first section counts, the one for positive numbers.
func parseFormat(code string) format {
	bare := strings.ToLower(bareCode(code))
	bare = strings.NewReplacer("general", "", "am/pm", "", "a/p", "").Replace(bare)
	if strings.ContainsAny(bare, "yd") || strings.Contains(bare, "m") && !strings.ContainsAny(bare, "hs") {
		return format{day: true}
	}
	if strings.ContainsAny(bare, "hms%e/") {
		return format{}
	}
	bare = strings.ReplaceAll(bare, " ", "")
	if len(bare) > 1 && len(bare) < 16 && strings.Trim(bare, "0") == "" {
		return format{digits: len(bare)}
	}
	_, after, _ := strings.Cut(bare, ".")
	decimals := len(after) - len(strings.TrimLeft(after, "0"))
	if strings.HasSuffix(bare, ",") || decimals > 15 {
		return format{} // shown in thousands
	}
	return format{decimals: decimals}
}

// bareCode drops quoted and escaped text, fillers, colors and locales; of what
// stands in brackets only elapsed times such as [h] stay, without the brackets.
func bareCode(code string) string {
	var b strings.Builder
	for i := 0; i < len(code) && code[i] != ';'; i++ {
		switch c := code[i]; c {
		case '\\', '_', '*':
			i++
		case '"':
			i += inside(code[i+1:], '"') + 1
		case '[':
			n := inside(code[i+1:], ']')
			if in := code[i+1 : i+1+n]; in != "" && strings.Trim(strings.ToLower(in), in[:1]) == "" && strings.Contains("hms", strings.ToLower(in[:1])) {
				b.WriteString(in)
			}
			i += n + 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// inside is how many bytes stand before the closing byte, or to the end.
func inside(s string, closing byte) int {
	if n := strings.IndexByte(s, closing); n >= 0 {
		return n
	}
	return len(s)
}
