package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"
)

// visiting is the argument that makes this program the one that asks for pages,
// so that its CPU is not counted with what answers.
const visiting = "-visit"

// errand is what a visitor is sent for: the same page many times.
type errand struct {
	Address, Path, Cookie string
	Requests, Conns       int
}

// visited is what it came back with.
type visited struct {
	Requests int
	Bytes    int64 // of one body
	Nanos    int64
	Failed   string
}

// visitors is the other process.
type visitors struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

func newVisitors() (*visitors, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, visiting)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &visitors{cmd, in, json.NewDecoder(out)}, cmd.Start()
}

func (v *visitors) close() error { return errors.Join(v.in.Close(), v.cmd.Wait()) }

// send runs an errand and measures what it costs this process.
func (v *visitors) send(e errand) (cost, visited, error) {
	var back visited
	took, err := measure(func() (int, error) {
		if err := json.NewEncoder(v.in).Encode(e); err != nil {
			return 0, err
		}
		err := v.out.Decode(&back)
		if err == nil && back.Failed != "" {
			err = errors.New(back.Failed)
		}
		return back.Requests, err
	})
	took.wall = time.Duration(back.Nanos)
	return took, back, err
}

// visit runs errands as they come in.
func visit(in io.Reader, out io.Writer) error {
	orders, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var e errand
		if err := orders.Decode(&e); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := answers.Encode(e.run()); err != nil {
			return err
		}
	}
}

func (e errand) run() visited {
	var done sync.WaitGroup
	all := make([]visited, e.Conns)
	begun := time.Now()
	for i := range all {
		done.Go(func() {
			var err error
			if all[i], err = e.one(e.Requests / e.Conns); err != nil {
				all[i].Failed = err.Error()
			}
		})
	}
	done.Wait()
	sum := visited{Nanos: time.Since(begun).Nanoseconds()}
	for _, v := range all {
		sum.Requests, sum.Bytes = sum.Requests+v.Requests, v.Bytes
		if v.Failed != "" {
			sum.Failed = v.Failed
		}
	}
	return sum
}

// one asks n times over one connection, one answer after the other.
func (e errand) one(n int) (v visited, err error) {
	conn, err := net.Dial("tcp", e.Address)
	if err != nil {
		return v, err
	}
	defer conn.Close()
	ask := []byte("GET " + e.Path + " HTTP/1.1\r\nHost: " + e.Address + "\r\n")
	if e.Cookie != "" {
		ask = append(ask, "Cookie: "+e.Cookie+"\r\n"...)
	}
	ask = append(ask, "\r\n"...)
	r := bufio.NewReaderSize(conn, 64<<10)
	for range n {
		if _, err := conn.Write(ask); err != nil {
			return v, err
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return v, err
		}
		v.Bytes, err = io.Copy(io.Discard, res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return v, err
		}
		if res.StatusCode != http.StatusOK {
			return v, fmt.Errorf("GET %s: status %d", e.Path, res.StatusCode)
		}
		v.Requests++
	}
	return v, nil
}
