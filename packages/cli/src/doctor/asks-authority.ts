import { sourcesOfChain } from "../project/chain-sources.ts";
import type { DoctorContext } from "./doctor-context.ts";

/**
 * Official sources whose tokens come from a program or a host, so that nothing is sent to the
 * authority.
 */
const fromElsewhere: readonly string[] = ["exec", "relay", "azd-host", "sidecar", "managed-identity"];

/**
 * Whether a source of the chain may ask the authority. Where none does, its network says nothing
 * about tokens. Empty chains count as if they did: what is wrong there is not known.
 */
export function asksAuthority({ inspection, chain }: Pick<DoctorContext, "inspection" | "chain">): boolean {
  const names = sourcesOfChain(inspection, chain);
  return names.length === 0 || names.some((name) => !fromElsewhere.includes(name));
}
