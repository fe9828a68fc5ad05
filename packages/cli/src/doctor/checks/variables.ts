import { emptyOf, readAzureVariables } from "@azidentity/core/plugin";
import type { Finding } from "../../findings/finding.ts";
import type { DoctorContext } from "../doctor-context.ts";

/** The code of variables that name an identity only together, and are not all there. */
export const halfSet = "half-set-variables";

const list = (names: readonly string[]) => names.join(" and ");

/** Variables that complete others and have no value: core keeps those alone as empty texts. */
function emptied(env: DoctorContext["inspection"]["context"]["env"]): readonly Finding[] {
  return emptyOf(env, Object.keys(env)).map((name) => ({
    state: "problem",
    subject: name,
    code: "empty-variable",
    sentence: `${name} is set, but empty.`,
    remedy: `Give ${name} a value (a secret may not have been injected), or unset it.`,
  }));
}

/** How the `AZURE_*` variables are read as a whole, `AZURE_CLIENT_ID` among them. */
function reading(env: DoctorContext["inspection"]["context"]["env"]): Finding {
  const { reading: kind, missing, misspelling, explanation } = readAzureVariables(env);
  if (misspelling !== undefined) {
    const { set, meant } = misspelling;
    const sentence = `${explanation} The variable ${set} is not read.`;
    const state = kind === "incomplete" ? "problem" : "warning";
    return { state, code: halfSet, sentence, remedy: `Did you mean ${meant}?` };
  }
  if (kind === "incomplete" && missing.length > 0) {
    const remedy = `Set ${list(missing)}, or unset the others.`;
    return { state: "problem", code: halfSet, sentence: explanation, remedy };
  }
  const isHalfSet = kind === "managed-identity" && env.AZURE_TENANT_ID !== undefined;
  if (!isHalfSet) return { state: "ok", sentence: explanation };
  return {
    state: "warning",
    code: halfSet,
    sentence: `${explanation} AZURE_CLIENT_ID names a managed identity then.`,
    remedy: "Set AZURE_CLIENT_SECRET for a service principal, or unset AZURE_TENANT_ID.",
  };
}

/**
 * Two variables of which one is not used without the other; an option of a source may take its
 * place.
 */
interface Pair {
  readonly name: string;
  readonly needs: string;
  readonly source?: string;
}

const pairs: readonly Pair[] = [
  { name: "IDENTITY_HEADER", needs: "IDENTITY_ENDPOINT" },
  { name: "MSI_SECRET", needs: "MSI_ENDPOINT" },
  { name: "ACTIONS_ID_TOKEN_REQUEST_TOKEN", needs: "ACTIONS_ID_TOKEN_REQUEST_URL" },
  { name: "AZURE_CLIENT_CERTIFICATE_PASSWORD", needs: "AZURE_CLIENT_CERTIFICATE_PATH" },
  { name: "AZD_AUTH_ENDPOINT", needs: "AZD_AUTH_KEY" },
  { name: "AZD_AUTH_KEY", needs: "AZD_AUTH_ENDPOINT" },
  { name: "AZIDENTITY_RELAY_URL", needs: "AZIDENTITY_RELAY_KEY", source: "relay" },
  { name: "AZIDENTITY_RELAY_KEY", needs: "AZIDENTITY_RELAY_URL", source: "relay" },
];

/** Halves of such pairs. */
function halves({ context: { env }, settings }: DoctorContext["inspection"]): readonly Finding[] {
  const hasOptions = (source: string | undefined) => source !== undefined && settings.sources?.[source] !== undefined;
  return pairs
    .filter(({ name, needs, source }) => env[name] !== undefined && env[needs] === undefined && !hasOptions(source))
    .map(({ name, needs }) => ({
      state: "warning",
      subject: name,
      sentence: `${name} is set, but not ${needs}, so it is not used.`,
      remedy: `Set ${needs}, or unset ${name}.`,
    }));
}

/** What limits the chain from outside the config. */
function selection({ inspection: { context, chain } }: DoctorContext): readonly Finding[] {
  const chosen = context.env.AZURE_TOKEN_CREDENTIALS;
  if (chosen === undefined) return [];
  const names = chain.map(({ name }) => name).join(", ");
  return [{ state: "ok", subject: "AZURE_TOKEN_CREDENTIALS", sentence: `AZURE_TOKEN_CREDENTIALS selects ${names}.` }];
}

/** Variables that name an identity: complete, half set, empty, misspelled. */
export async function variables(context: DoctorContext): Promise<readonly Finding[]> {
  const { env } = context.inspection.context;
  const empty = emptied(env);
  return [...empty, ...(empty.length > 0 ? [] : [reading(env)]), ...halves(context.inspection), ...selection(context)];
}
