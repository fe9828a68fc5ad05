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
  /** Whether they are named one by one, not as a group: then each is expected to work. */
  readonly named: boolean;
  /** The kind that a group selects. */
  readonly only?: SourceKind;
}

const groups: Readonly<Record<string, SourceKind>> = { dev: "developer", prod: "deployed" };

/**
 * One form for the names of a source: `AzureCliCredential` (Azure SDKs), `azure-cli`, `azurecli`.
 */
const plain = (name: string) =>
  name
    .toLowerCase()
    .replaceAll("-", "")
    .replace(/credential$/, "");

/**
 * The sources that AZURE_TOKEN_CREDENTIALS selects: `dev`, `prod`, or a comma-separated list of
 * class names of credentials or names of sources. `dev` leaves what is not deployed: interactive
 * sources are in the chain only if they were enabled. `order` is the default chain; a name may also
 * select a registered source that is not in it.
 *
 * @throws {ConfigurationError} `unknown-token-credentials`
 */
export function selectTokenCredentials<S extends Named>(
  text: string | undefined,
  order: readonly S[],
  registered: readonly S[],
): Selection<S> {
  if (text === undefined || text.trim() === "") return { sources: order, named: false };
  const names = splitList(text);
  const group = names.length === 1 ? groups[(names[0] as string).toLowerCase()] : undefined;
  if (group !== undefined)
    return {
      sources: order.filter(({ kind }) => (kind === "deployed") === (group === "deployed")),
      named: false,
      only: group,
    };
  const chosen = names.map((name) => {
    const source = registered.find((one) => plain(one.name) === plain(name));
    if (source !== undefined) return source;
    throw new ConfigurationError(
      "unknown-token-credentials",
      `AZURE_TOKEN_CREDENTIALS names "${name}", which is not a source of any plugin.`,
      {
        remedy: didYouMean(name, [...Object.keys(groups), ...registered.map((one) => one.name)]),
      },
    );
  });
  const position = (source: S) => (order.includes(source) ? order.indexOf(source) : Number.MAX_VALUE);
  return { sources: [...new Set(chosen)].sort((a, b) => position(a) - position(b)), named: true };
}
