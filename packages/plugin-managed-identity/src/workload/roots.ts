import { type IdentityError, outcomeError } from "@azidentity/core/plugin";

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function isPem(text: string): boolean {
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  const found = text.match(blocks) ?? [];
  try {
    return found.length > 0 && found.every((block) => new X509Certificate(block).fingerprint256 !== "");
  } catch {
    return false;
  }
}

interface Places {
  readonly caFile: string | undefined;
  readonly caData: string | undefined;
}

const wrong = (who: string, problem: string, cause?: unknown): IdentityError =>
  outcomeError("misconfigured", `${who}: ${problem}.`, {
    code: "invalid-token-proxy",
    remedy: "It holds the certificates of the token proxy's authority, as PEM.",
    cause,
  });

/**
 * The roots of a token proxy, read anew for each request because they rotate. An empty file is one that is just being written: the last good
 * roots stand in for it. `undefined`: none were given, and those of the system count.
 */
export function readRoots(who: string, { caFile, caData }: Places): () => Promise<string | undefined> {
  if (caFile === undefined) {
    if (caData !== undefined && !isPem(caData)) throw wrong(who, "AZURE_KUBERNETES_CA_DATA holds no certificate");
    return async () => caData;
  }
  let good: string | undefined;
  return async () => {
    const { readFile } = process.getBuiltinModule("node:fs/promises");
    const text = await readFile(caFile, "utf8").catch((cause) => {
      throw wrong(who, `the file ${caFile} of AZURE_KUBERNETES_CA_FILE cannot be read`, cause);
    });
    if (text === good || (text.trim() === "" && good !== undefined)) return good;
    if (!isPem(text)) throw wrong(who, `the file ${caFile} of AZURE_KUBERNETES_CA_FILE holds no certificate`);
    good = text;
    return good;
  };
}
