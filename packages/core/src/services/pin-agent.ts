import { outcomeError } from "../errors/outcome-error.ts";

type Agent = import("node:https").Agent;
type TlsOptions = import("node:tls").ConnectionOptions;
type Done = (error: Error | null, socket?: import("node:stream").Duplex) => void;

const plain = (thumbprint: string) => thumbprint.replace(/[^0-9a-f]/gi, "").toLowerCase();

/**
 * Makes an agent hand out a connection only after the server has shown the certificate with this thumbprint (SHA-1 or SHA-256, hex), so
 * nothing, no header either, reaches another server. The pin takes the place of a certificate authority: such hosts sign for themselves.
 */
export function pinAgent(agent: Agent, thumbprint: string): void {
  const wanted = plain(thumbprint);
  const connect = (options: TlsOptions, done: Done) => {
    const socket = process.getBuiltinModule("node:tls").connect({ ...options, rejectUnauthorized: false });
    socket.once("error", done);
    socket.once("secureConnect", () => {
      socket.removeListener("error", done);
      const shown = socket.getPeerCertificate();
      if ([shown.fingerprint, shown.fingerprint256].some((one) => plain(one ?? "") === wanted))
        return done(null, socket);
      socket.destroy();
      done(
        outcomeError("misconfigured", `${options.host} shows another certificate than the one that was announced.`, {
          code: "unexpected-certificate",
          remedy: "Nothing was sent. Somebody may be in the place of that server; check who listens there.",
        }),
      );
    });
  };
  Object.assign(agent, { createConnection: connect });
}
