/**
 * An SMTP server with STARTTLS and AUTH XOAUTH2 (RFC 3207, RFC 4954), which takes each message and
 * keeps none.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { createSecureContext, TLSSocket } from "node:tls";
import type { ServerCertificate } from "@azidentity/emulator";

type Accepts = (user: string, token: string) => boolean;

/** User and token of an initial response: `user=...^Aauth=Bearer ...^A^A`. */
function readXoauth2(encoded: string): readonly [user: string, token: string] {
  const [user = "", auth = ""] = Buffer.from(encoded, "base64").toString().split("\x01");
  return [user.replace(/^user=/, ""), auth.replace(/^auth=Bearer /, "")];
}

/** Answers the commands of a client that has sent STARTTLS. */
async function talk(socket: Socket, accepts: Accepts): Promise<void> {
  const say = (line: string) => void socket.write(`${line}\r\n`);
  let isMessage = false;
  for await (const line of createInterface(socket)) {
    if (isMessage) {
      isMessage = line !== ".";
      if (!isMessage) say("250 2.0.0 accepted");
    } else if (line.startsWith("EHLO")) say("250-localhost\r\n250 AUTH XOAUTH2");
    else if (line.startsWith("AUTH XOAUTH2 ")) {
      const isAccepted = accepts(...readXoauth2(line.slice("AUTH XOAUTH2 ".length)));
      say(isAccepted ? "235 2.7.0 accepted" : "535 5.7.3 Authentication unsuccessful");
    } else if (line === "DATA") {
      isMessage = true;
      say("354 go on");
    } else if (line === "QUIT") return void socket.end("221 bye\r\n");
    else say("250 ok");
  }
}

async function serve(socket: Socket, certificate: ServerCertificate, accepts: Accepts): Promise<void> {
  socket.write("220 localhost\r\n");
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    if (String(chunk).startsWith("STARTTLS")) break;
    socket.write("250-localhost\r\n250 STARTTLS\r\n");
  }
  socket.write("220 go on\r\n");
  const secureContext = createSecureContext({ cert: certificate.certificate, key: certificate.key });
  await talk(new TLSSocket(socket, { isServer: true, secureContext }), accepts);
}

/** @param accepts Gets user and token of each sign-in */
export async function startSmtp(certificate: ServerCertificate, accepts: Accepts) {
  const server = createServer((socket) => {
    serve(
      socket.on("error", () => socket.destroy()),
      certificate,
      accepts,
    ).catch(() => socket.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
