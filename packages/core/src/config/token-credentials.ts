import type { SourceKind } from "../contract/source.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";
import { splitList } from "./from-environment.ts";

interface Named {
  readonly name: string;
  readonly kind: SourceKind;
}

export interface Selection<S> {
  readonly sources: readonly S[];
  /** Chosen one by one, not as a group: then each is meant to work. */
  readonly named: boolean;
}

const groups: Readonly<Record<string, SourceKind>> = { dev: "developer", prod: "deployed" };

/** `AzureCliCredential`, `azure-cli`, `azurecli`: one word for the same source, as the Azure SDKs write it and as we do. */
const plain = (name: string) =>
  name
    .toLowerCase()
    .replaceAll("-", "")
    .replace(/credential$/, "");

/**
 * What AZURE_TOKEN_CREDENTIALS leaves of the default chain: `dev`, `prod`, a credential's class name or source name, or a comma list.
 * `order` is the default chain; a name may also pick a registered source that is not in it.
 */
export function selectTokenCredentials<S extends Named>(
  text: string | undefined,
  order: readonly S[],
  registered: readonly S[],
): Selection<S> {
  if (text === undefined || text.trim() === "") return { sources: order, named: false };
  const words = splitList(text);
  const group = words.length === 1 ? groups[(words[0] as string).toLowerCase()] : undefined;
  if (group !== undefined) return { sources: order.filter((source) => source.kind === group), named: false };
  const chosen = words.map((word) => {
    const source = registered.find((one) => plain(one.name) === plain(word));
    if (source !== undefined) return source;
    throw new ConfigurationError(
      "unknown-token-credentials",
      `AZURE_TOKEN_CREDENTIALS names "${word}", which no plugin brings.`,
      {
        remedy: didYouMean(word, [...Object.keys(groups), ...registered.map((one) => one.name)]),
      },
    );
  });
  const place = (source: S) => (order.includes(source) ? order.indexOf(source) : Number.MAX_VALUE);
  return { sources: [...new Set(chosen)].sort((a, b) => place(a) - place(b)), named: true };
}
