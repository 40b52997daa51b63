// Package trytontest runs a real Tryton server for tests: in a folder and at a port of
// its own, with a SQLite database that tests can look into. It needs the Debian packages
// tryton-server, tryton-modules-party and tryton-modules-project.
package trytontest

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// What every server has.
const (
	Database = "firstcall"
	User     = "admin"
	Password = "a-password-for-tests"
	Company  = "Harborlight Consulting" // that the user works in; its id is 1
)

// patience is how long a server may take to answer at first.
const patience = 90 * time.Second

// Options say what a server has beyond the modules party, party_relationship and project.
type Options struct {
	// Files are those of more modules, by the module's name and the path in it:
	// "my_module/tryton.cfg".
	Files map[string][]byte

	// Strict adds a module that refuses what has certain words in it: names of parties,
	// texts of notes, names and comments of tasks. REFUSED is refused with a UserError,
	// WARNED with a UserWarning, BROKEN with an exception that is none of Tryton's.
	Strict bool
}

// Server is a running server.
type Server struct {
	URL string // without the database: http://127.0.0.1:12345

	folder string
	pid    int
	stop   io.Closer // ends it
	ended  chan error
	client *client
	db     *sql.DB
}

// Start runs a server until the test ends. Where Tryton is not installed the test is
// skipped.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	for _, program := range []string{"sh", "trytond", "trytond-admin"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: apt-get install --no-install-recommends tryton-server tryton-modules-party tryton-modules-party-relationship tryton-modules-company tryton-modules-project python3-bcrypt", program)
		}
	}
	folder := t.TempDir()
	path, err := o.prepare(folder)
	if err != nil {
		t.Fatalf("prepare a database for Tryton: %v", err)
	}
	s, err := run(folder, path)
	if err != nil {
		t.Fatalf("start Tryton: %v", err)
	}
	t.Cleanup(s.close)
	if s.db, err = sql.Open("sqlite", "file:"+filepath.Join(folder, Database+".sqlite")+"?_pragma=busy_timeout(10000)"); err != nil {
		t.Fatal(err)
	}
	if s.client, err = dial(s.URL); err != nil {
		t.Fatal(err)
	}
	return s
}

// prepare makes the database in a folder, and gives the one where more modules are.
func (o Options) prepare(folder string) (path string, err error) {
	template, err := ready()
	if err != nil {
		return "", err
	}
	if err := copyFile(filepath.Join(folder, Database+".sqlite"), template); err != nil {
		return "", err
	}
	files, err := o.files()
	if err != nil || len(files) == 0 {
		return "", err
	}
	path = filepath.Join(folder, "python")
	names, err := install(path, files)
	if err != nil {
		return "", err
	}
	return path, administrate(folder, path, append(append([]string{"-u"}, names...), "--activate-dependencies")...)
}

// run starts a server on the database in a folder. The shell between ends it also when
// the test is killed, since its input ends then.
func run(folder, path string) (*Server, error) {
	for try := 1; ; try++ {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		s, err := runAt(folder, path, port)
		if err == nil || try == 3 { // somebody else may have taken the port
			return s, err
		}
	}
}

// script runs a server, says its process id, and ends it with its own input.
const script = `exec 3<&0
trytond -c "$1" >&2 &
server=$!
echo $server
(read -r _ <&3; kill $server) &
watch=$!
wait $server
kill $watch 2>/dev/null`

func runAt(folder, path string, port int) (*Server, error) {
	conf := filepath.Join(folder, "trytond.conf")
	text := fmt.Sprintf("[web]\nlisten = 127.0.0.1:%d\n[database]\nuri = sqlite://\npath = %s\n", port, folder)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(folder, "trytond.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command("sh", "-c", script, "sh", conf)
	cmd.Env, cmd.Stderr = environment(folder, path), log
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		return nil, err
	}
	first, _ := bufio.NewReader(out).ReadString('\n')
	s := &Server{URL: "http://127.0.0.1:" + strconv.Itoa(port), folder: folder, stop: in, ended: make(chan error, 1)}
	s.pid, _ = strconv.Atoi(strings.TrimSpace(first))
	go func() { s.ended <- cmd.Wait() }()
	if err := s.await(); err != nil {
		s.close()
		said, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%w: %s", err, said[max(0, len(said)-2000):])
	}
	return s, nil
}

// await waits until the server answers, with the database loaded.
func (s *Server) await() error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		select {
		case err := <-s.ended:
			s.ended <- err
			return errors.New("trytond has ended")
		default:
		}
		if err := ping(s.URL); err == nil {
			return nil
		}
	}
	return fmt.Errorf("no answer within %s", patience)
}

// close ends the server.
func (s *Server) close() {
	if s.db != nil {
		s.db.Close()
	}
	s.stop.Close()
	select {
	case <-s.ended:
	case <-time.After(10 * time.Second):
		if p, err := os.FindProcess(s.pid); err == nil && s.pid > 0 {
			p.Kill()
		}
		<-s.ended
	}
}

// Settings are the exporter's settings for the server, without the password.
func (s *Server) Settings() map[string]any {
	return map[string]any{"url": s.URL, "database": Database, "user": User}
}

// Handler passes requests on to the server, so that faults can be put before it.
func (s *Server) Handler() http.Handler {
	at, err := url.Parse(s.URL)
	if err != nil {
		panic(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(at)
		r.Out.Host = at.Host
	}}
}

// Log is what the server has written to its log.
func (s *Server) Log() string {
	said, _ := os.ReadFile(filepath.Join(s.folder, "trytond.log"))
	return string(said)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
