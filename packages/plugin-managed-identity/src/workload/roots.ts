import { type IdentityError, outcomeError, quote, remedyForPath } from "@azidentity/core/plugin";

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

interface RootSettings {
  readonly caFile: string | undefined;
  readonly caData: string | undefined;
}

const contents = "It must hold the CA certificates of the token proxy in PEM form.";

const invalid = (label: string, problem: string, remedy = contents, cause?: unknown): IdentityError =>
  outcomeError("misconfigured", `${label}: ${problem}.`, { code: "invalid-token-proxy", remedy, cause });

/**
 * The root certificates of a token proxy, read for each request because they rotate. An empty file
 * is being written: the last valid roots are used. `undefined`: none are configured, and those of
 * the system are used.
 */
export function readRoots(label: string, { caFile, caData }: RootSettings): () => Promise<string | undefined> {
  if (caFile === undefined) {
    if (caData !== undefined && !isPem(caData)) throw invalid(label, "AZURE_KUBERNETES_CA_DATA holds no certificate");
    return async () => caData;
  }
  let lastValid: string | undefined;
  return async () => {
    const { readFile } = process.getBuiltinModule("node:fs/promises");
    const text = await readFile(caFile, "utf8").catch((cause) => {
      const problem = `the file ${quote(caFile)} of AZURE_KUBERNETES_CA_FILE cannot be read`;
      throw invalid(label, problem, remedyForPath(caFile, contents), cause);
    });
    if (text === lastValid || (text.trim() === "" && lastValid !== undefined)) return lastValid;
    if (!isPem(text))
      throw invalid(label, `the file ${quote(caFile)} of AZURE_KUBERNETES_CA_FILE holds no certificate`);
    lastValid = text;
    return lastValid;
  };
}
