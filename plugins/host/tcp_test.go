package host

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// overTCP serves r on a port, as exporter.proto describes it for Windows, by
// hand: with secure, both sides show a certificate.
func overTCP(secure bool) func() {
	return func() {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(err)
		var options []grpc.ServerOption
		shown := ""
		if secure {
			config, raw := ownCertificate()
			options = append(options, grpc.Creds(credentials.NewTLS(config)))
			shown = base64.RawStdEncoding.EncodeToString(raw)
		}
		s := grpc.NewServer(options...)
		pb.RegisterExporterServer(s, raw{export: func(s exportServer) error { return errors.Join(batches(s, accepted), done(s)) }})
		if path := os.Getenv(sayVar); path != "" {
			must(os.WriteFile(path, []byte(strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)), 0o600))
		}
		fmt.Printf("1|1|tcp|%s|grpc|%s\n", listener.Addr(), shown)
		go func() { // the host is done when it ends
			_, _ = io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}()
		must(s.Serve(listener))
	}
}

// ownCertificate makes a key pair that lasts as long as the process, and a
// configuration that asks for the host's.
func ownCertificate() (*tls.Config, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(err)
	hosts := x509.NewCertPool()
	if !hosts.AppendCertsFromPEM([]byte(os.Getenv("PLUGIN_CLIENT_CERT"))) {
		panic("the host shows no certificate")
	}
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}},
		ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: hosts, MinVersion: tls.VersionTLS12,
	}, raw
}

// Over a port, both sides prove who they are, and nobody else gets in.
func TestTCP(t *testing.T) {
	port := t.TempDir() + "/port"
	p, err := Launch(context.Background(), command("tcp", sayVar+"="+port), Options{TempDir: place(t), tcp: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	configure(t, p, "")
	if r, err := run(t, p.Export, jobs(t, 3, 1)); err != nil || r.Summary != (Summary{Created: 3}) {
		t.Errorf("%+v, error %v", r, err)
	}
	number, err := os.ReadFile(port)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := tls.Dial("tcp", "127.0.0.1:"+string(number), &tls.Config{InsecureSkipVerify: true})
	if err == nil { // the server refuses in its first answer
		_ = conn.SetDeadline(time.Now().Add(3 * time.Second))
		_, err = conn.Read(make([]byte, 1))
	}
	var refused *net.OpError
	if !errors.As(err, &refused) || refused.Op != "remote error" {
		t.Errorf("somebody without a certificate got %v", err)
	}
}

// A port without certificates, and a port where there should be a socket, are
// refused.
func TestTCPUnsafe(t *testing.T) {
	_, err := Launch(context.Background(), command("tcp-plain"), Options{TempDir: place(t), tcp: true, StartTimeout: 2 * time.Second})
	wantPluginError(t, err, StageDescribe, "TLS handshake")
	_, err = Launch(context.Background(), command("tcp-plain"), Options{TempDir: place(t)})
	wantPluginError(t, err, StageStart, "listens where it was not told to")
}
