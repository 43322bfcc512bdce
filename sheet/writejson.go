package sheet

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
)

type jsonWriter struct {
	out  io.Writer
	buf  *bufio.Writer
	keys [][]byte // each with its quotes and colon
	next string   // what goes before the next object
}

func (j *jsonWriter) head(columns []Column) error {
	j.buf = bufio.NewWriterSize(j.out, 32<<10)
	j.next = "[\n"
	for _, c := range columns {
		key, err := json.Marshal(c.key())
		if err != nil {
			return err
		}
		j.keys = append(j.keys, append(key, ':'))
	}
	return nil
}

func (j *jsonWriter) row(values []value) error {
	j.buf.WriteString(j.next)
	j.next = ",\n"
	for i, v := range values {
		if i == 0 {
			j.buf.WriteByte('{')
		} else {
			j.buf.WriteByte(',')
		}
		j.buf.Write(j.keys[i])
		j.buf.Write(v.json())
	}
	return j.buf.WriteByte('}') // a bufio.Writer keeps its first error
}

func (v value) json() []byte {
	switch {
	case !v.filled:
		return []byte("null")
	case v.kind == MoneyColumn || v.kind == IntColumn:
		return strconv.AppendInt(nil, v.number, 10)
	}
	text, _ := json.Marshal(v.text) // cannot fail for a string
	return text
}

// close ends the array; after a failure the file stays visibly broken off.
func (j *jsonWriter) close(failed error) error {
	if j.buf == nil {
		return nil
	}
	if failed == nil {
		if j.next == "[\n" {
			j.buf.WriteString("[")
		}
		j.buf.WriteString("\n]\n")
	}
	return j.buf.Flush()
}
