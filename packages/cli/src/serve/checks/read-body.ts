import type { IncomingMessage } from "node:http";
import { Refusal } from "../refusal.ts";

/** Of the exec contract (docs/exec.md). */
const maxBodyBytes = 65_536;

const tooLarge = () => new Refusal("too-large", `The body has more than ${maxBodyBytes / 1024} KiB.`);

/** Reads a JSON body, and no more of it than is allowed. A GET has none. */
export async function readBody(message: IncomingMessage): Promise<string> {
  if (message.method === "GET") return "";
  const { "content-type": type = "", "content-length": length = "0" } = message.headers;
  if (!/^application\/json *(?:;|$)/i.test(type)) {
    throw new Refusal("wrong-type", "The body has to be JSON, with Content-Type: application/json.");
  }
  if (Number(length) > maxBodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
