package host

import (
	"runtime"
	"strings"
)

// inherited picks from environ, NAME=value each, what an exporter is given of
// the user's environment: where temporary files go, language and time zone, and
// how to reach the network. PATH and HOME are not among them, for they lead to
// programs and to credentials that nobody meant to hand over.
func inherited(environ []string) []string {
	var out []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if runtime.GOOS == "windows" {
			name = strings.ToUpper(name)
		}
		if passedOn(name, runtime.GOOS) {
			out = append(out, entry)
		}
	}
	return out
}

func passedOn(name, system string) bool {
	switch name {
	case "TMPDIR", "LANG", "LANGUAGE", "TZ",
		"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
		"SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE":
		return true
	case "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP":
		// Without them neither sockets nor temporary files work there.
		return system == "windows"
	}
	return strings.HasPrefix(name, "LC_")
}
