package exporterpb

// Constants of the protocol that a message cannot carry.
const (
	// HandshakeKey and HandshakeValue are the environment variable by which
	// an exporter knows that firstcall started it. They are no protection.
	HandshakeKey   = "FIRSTCALL_EXPORTER"
	HandshakeValue = "d7b4bd21-6f36-4f5e-9a44-0f5cf21c9a63"

	// FenceKey is the environment variable that names the descriptor of the
	// fence: a locked file that the exporter, and what it starts, inherits.
	FenceKey = "FIRSTCALL_FENCE"

	// ProtocolMajor is the version in the package name of exporter.proto and
	// in the handshake.
	ProtocolMajor = 1
	// ProtocolMinor counts the additions within the major version.
	ProtocolMinor = 0

	// MaxMessageBytes is the largest gRPC message either end accepts: a record
	// of 32 MiB with room around it.
	MaxMessageBytes = 40 << 20
	// MaxChunkBytes is the largest piece of an artifact.
	MaxChunkBytes = 1 << 20

	// MaxRemoteObjects is how many remote objects an outcome may name, and
	// MaxRemoteBytes what type and id of one may take together.
	MaxRemoteObjects = 1000
	MaxRemoteBytes   = 4096

	// PluginName is the name under which go-plugin serves the exporter.
	PluginName = "exporter"
)
