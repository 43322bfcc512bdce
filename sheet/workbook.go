package sheet

import (
	"encoding/xml"
	"errors"
	"os"
	"path"
	"strings"
)

// workbook is an open XLSX file. Its sheets are read as streams by our own reader:
// the library that writes them gives neither a cell's kind nor its format while
// streaming, and takes a sheet cut off in the middle for one that ends there.
type workbook struct {
	parts    archive
	sheets   []worksheet // the visible ones
	hidden   int
	formats  []format // by a cell's style number
	texts    sharedTexts
	from1904 bool // days are counted from 1904 instead of 1900
}

type worksheet struct{ name, part string }

// relation is a link from one part to another.
type relation struct{ kind, target string }

func openWorkbook(f *os.File, size int64, tempDir string) (*workbook, error) {
	parts, err := openArchive(f, size)
	if err != nil {
		return nil, err
	}
	if err := parts.checkWorkbook(); err != nil {
		return nil, err
	}
	w := &workbook{parts: parts, texts: sharedTexts{dir: tempDir}}
	if err := w.load(); err != nil {
		w.texts.close()
		return nil, err
	}
	return w, nil
}

func (w *workbook) load() error {
	main, err := w.mainPart()
	if err != nil {
		return err
	}
	links, err := w.relations(main)
	if err != nil {
		return err
	}
	if err := w.parts.read(main, func(p *part) error { return w.readSheets(p, links) }); err != nil {
		return err
	}
	if len(w.sheets) == 0 {
		return refuse("The workbook has no visible worksheet.")
	}
	for _, l := range links {
		if err := w.loadPart(l); err != nil {
			return err
		}
	}
	return nil
}

func (w *workbook) loadPart(l relation) error {
	switch l.kind {
	case "styles":
		return w.parts.read(l.target, w.readStyles)
	case "sharedStrings":
		return w.parts.read(l.target, w.texts.read)
	}
	return nil
}

func (w *workbook) mainPart() (string, error) {
	links, err := w.relations("")
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if l.kind == "officeDocument" {
			return l.target, nil
		}
	}
	return "", damaged(errors.New("no workbook part"), "_rels/.rels")
}

// relations reads the links of a part by their ids; "" is the archive itself.
func (w *workbook) relations(from string) (map[string]relation, error) {
	dir, base := path.Split(from)
	links := map[string]relation{}
	err := w.parts.read(dir+"_rels/"+base+".rels", func(p *part) error {
		return p.children(func(e xml.StartElement) error {
			if len(links) >= MaxZipEntries {
				return errors.New("too many relations")
			}
			if attr(e, "TargetMode") != "External" {
				links[attr(e, "Id")] = relation{path.Base(attr(e, "Type")), target(dir, attr(e, "Target"))}
			}
			return p.skip()
		})
	})
	return links, err
}

func target(dir, to string) string {
	if strings.HasPrefix(to, "/") {
		return partName(to)
	}
	return partName(dir + to)
}

func (w *workbook) readSheets(p *part, links map[string]relation) error {
	return p.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			w.from1904 = v == "1" || v == "true"
		case "sheets":
			return p.children(func(e xml.StartElement) error {
				if len(w.sheets) >= MaxZipEntries {
					return errors.New("too many sheets")
				}
				w.addSheet(e, links)
				return p.skip()
			})
		}
		return p.skip()
	})
}

// addSheet keeps visible worksheets. What nobody sees is not what was meant to be
// sent; charts and the like have no rows.
func (w *workbook) addSheet(e xml.StartElement, links map[string]relation) {
	link := links[attr(e, "id")]
	if link.kind != "worksheet" {
		return
	}
	if state := attr(e, "state"); state == "hidden" || state == "veryHidden" {
		w.hidden++
		return
	}
	w.sheets = append(w.sheets, worksheet{name: attr(e, "name"), part: link.target})
}
