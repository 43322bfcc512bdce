package mail

import (
	"fmt"
	"html"
	"strings"
)

// Text is a mail's plain text: the body and, under it, what its one button would
// do, with the address written out. Without a link there is the body alone.
func Text(body, button, link string) string {
	body = strings.TrimSpace(body) + "\n"
	if link == "" {
		return body
	}
	return fmt.Sprintf("%s\n%s:\n%s\n", body, button, link)
}

// HTML is the same mail for programs that show HTML. Everything is escaped: names
// and subjects come from people. A link that is no web address is left out. Mail
// programs know neither style sheets nor scripts, so what little there is stands
// at each element. (A template would make the linker keep every method of every
// type that the program has: a quarter of its size.)
func HTML(subject, body, button, link string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>`)
	b.WriteString(html.EscapeString(subject))
	b.WriteString(`</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:36em;margin:0 auto">
`)
	for _, lines := range paragraphs(body) {
		for i, line := range lines {
			lines[i] = html.EscapeString(line)
		}
		b.WriteString(`<p style="margin:0 0 16px">` + strings.Join(lines, "<br>") + "</p>\n")
	}
	if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
		b.WriteString(theButton(html.EscapeString(button), html.EscapeString(link)))
	}
	b.WriteString("</div>\n</body>\n</html>\n")
	return b.String()
}

func theButton(words, link string) string {
	return `<p style="margin:24px 0"><a href="` + link + `" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#0f5ea8;color:#ffffff;text-decoration:none;font-weight:600">` + words + `</a></p>
<p style="margin:0;font-size:13px;color:#737373">Or open this address: ` + link + `</p>
`
}

// paragraphs splits at blank lines, and each paragraph into its lines.
func paragraphs(body string) [][]string {
	var all [][]string
	for p := range strings.SplitSeq(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, strings.Split(p, "\n"))
		}
	}
	return all
}
