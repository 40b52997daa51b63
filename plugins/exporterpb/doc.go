// Package exporterpb is the protocol between firstcall and its exporters: the
// messages and the service generated from exporter.proto, and the constants of
// the handshake. It does nothing by itself.
package exporterpb

// Generating needs protoc (Debian: protobuf-compiler) on the PATH. The two
// generators are tools of this module, built into a folder of their own so that
// whatever else is installed plays no part.
//
//go:generate go run ./internal/generate
