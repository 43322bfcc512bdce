package sheet

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

type csvWriter struct {
	out  io.Writer
	buf  *bufio.Writer
	line []byte
}

func (c *csvWriter) head(columns []Column) error {
	c.buf = bufio.NewWriterSize(c.out, 32<<10)
	texts := make([]value, len(columns))
	for i, col := range columns {
		texts[i] = value{kind: TextColumn, filled: true, text: col.Name}
	}
	return c.row(texts)
}

func (c *csvWriter) row(values []value) error {
	c.line = c.line[:0]
	for i, v := range values {
		if i > 0 {
			c.line = append(c.line, ',')
		}
		c.line = v.appendCSV(c.line)
	}
	c.line = append(c.line, "\r\n"...)
	_, err := c.buf.Write(c.line)
	return err
}

func (v value) appendCSV(line []byte) []byte {
	switch {
	case !v.filled:
		return line
	case v.kind == MoneyColumn:
		return append(line, dollars(v.number)...)
	case v.kind == IntColumn:
		return strconv.AppendInt(line, v.number, 10)
	case v.kind == DayColumn:
		return append(line, v.text...)
	}
	return appendQuoted(line, Guard(v.text))
}

// appendQuoted quotes a text where a reader could stumble. Spreadsheets set to
// another delimiter split at that one, so those count too.
func appendQuoted(line []byte, text string) []byte {
	if !strings.ContainsAny(text, "\",;|\t\r\n") && strings.TrimSpace(text) == text {
		return append(line, text...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(text, `"`, `""`)...)
	return append(line, '"')
}

func (c *csvWriter) close(error) error {
	if c.buf == nil {
		return nil
	}
	return c.buf.Flush()
}
