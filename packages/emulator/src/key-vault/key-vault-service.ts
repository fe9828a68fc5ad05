import { epochSeconds } from "../clock.ts";
import { issuerOfTenant } from "../entra/access-token.ts";
import type { Authority } from "../entra/authority.ts";
import type { Service } from "../http/exchange.ts";
import type { Reply, ServerRequest } from "../http/message.ts";
import { type ChallengeFormat, formatChallenge, isChallengeFormat } from "../resource-server/challenges.ts";
import { checkToken, type RefusalReason, TokenRefusal } from "../resource-server/check-token.ts";
import { KeyVaultError } from "./key-vault-error.ts";
import { secretOperations, type Vault } from "./secret-operations.ts";
import { createSecretStore } from "./secret-store.ts";

export interface KeyVaultParts {
  readonly authority: Authority;
  readonly authorityHost: string;
  /** The tenant whose tokens the vault accepts. All its principals have all permissions. */
  readonly tenantId: string;
}

const audience = "https://vault.azure.net";

/** A vault of Azure Key Vault with secrets. */
export function createKeyVaultService(parts: KeyVaultParts): Service {
  const { clock } = parts.authority;
  const now = () => epochSeconds(clock);
  const vault: Vault = { secrets: createSecretStore(), now };
  return {
    name: "key-vault",
    routes: secretOperations.map(([method, path, operate]) => ({
      method,
      path,
      handle: (request, parameters) =>
        answer(async () => {
          await admit(parts, request);
          return { status: 200, body: operate(vault, request, parameters) };
        }),
    })),
    failure: (status) =>
      new KeyVaultError(status, failureCode(status), "This error response was requested by a fault.").reply,
    capabilities: {
      challenge: (format) =>
        isChallengeFormat(format) ? formatChallenge(format, { ...parts, notBefore: now() }) : undefined,
    },
  };
}

async function answer(run: () => Promise<Reply>): Promise<Reply> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof KeyVaultError) return error.reply;
    throw error;
  }
}

async function admit(parts: KeyVaultParts, request: ServerRequest): Promise<void> {
  try {
    const accepted = { issuers: [issuerOfTenant(parts.tenantId)], audiences: [audience] };
    await checkToken(parts.authority, accepted, request);
  } catch (error) {
    if (error instanceof TokenRefusal) throw unauthorized(parts, error);
    throw error;
  }
  if (!request.url.searchParams.get("api-version")) {
    throw new KeyVaultError(400, "BadParameter", "The query parameter api-version is required.");
  }
}

/** The known prefixes of Key Vault's error messages. */
const messagePrefixes: Partial<Record<RefusalReason, string>> = {
  missing: "AKV10000: ",
  audience: "AKV10022: Invalid audience. ",
  issuer: "AKV10032: Invalid issuer. ",
  signature: "AKV10046: ",
};

/** A claims challenge for clients that support it (`cp1`), otherwise the plain challenge. */
function unauthorized(parts: KeyVaultParts, { reason, message, notBefore }: TokenRefusal): KeyVaultError {
  const format: ChallengeFormat = notBefore === undefined ? "key-vault" : "cae";
  const challenge = formatChallenge(format, { ...parts, notBefore: notBefore ?? 0 });
  return new KeyVaultError(401, "Unauthorized", `${messagePrefixes[reason] ?? ""}${message}`, { challenge });
}

function failureCode(status: number): string {
  const codes: Readonly<Record<number, string>> = { 401: "Unauthorized", 403: "Forbidden", 429: "Throttled" };
  return codes[status] ?? "InternalServerError";
}
