import { type CertificatePin, outcomeError } from "@azidentity/core/plugin";

type TlsOptions = import("node:tls").ConnectionOptions;
type Done = (error: Error | null, socket?: import("node:stream").Duplex) => void;

const plain = (thumbprint: string) => thumbprint.replace(/[^0-9a-f]/gi, "").toLowerCase();

/** Connects to a server with the wanted certificate alone. */
function connect(options: TlsOptions, wanted: string, done: Done): void {
  const socket = process.getBuiltinModule("node:tls").connect({ ...options, rejectUnauthorized: false });
  socket.once("error", done);
  socket.once("secureConnect", () => {
    socket.removeListener("error", done);
    const shown = socket.getPeerCertificate();
    if ([shown.fingerprint, shown.fingerprint256].some((one) => plain(one ?? "") === wanted)) return done(null, socket);
    socket.destroy();
    done(
      outcomeError("misconfigured", `${options.host} has another certificate than the expected one.`, {
        code: "unexpected-certificate",
        remedy: "Nothing was sent. Check which program listens at that address: it may not be the server.",
      }),
    );
  });
}

/**
 * Accepts servers whose certificate has this thumbprint (SHA-1 or SHA-256, hex). Nothing, not even
 * a header, is sent to another server. The pin replaces the certificate authority: such hosts use
 * self-signed certificates.
 */
export function pinCertificate(thumbprint: string): CertificatePin {
  const wanted = plain(thumbprint);
  return {
    thumbprint,
    restrict(agent) {
      Object.assign(agent, { createConnection: (options: TlsOptions, done: Done) => connect(options, wanted, done) });
    },
  };
}
