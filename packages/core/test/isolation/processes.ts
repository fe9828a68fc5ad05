import type { TokenCredentialLike } from "../../src/index.ts";
import { createIdentity, type Identity, type SourceCredential } from "../../src/index.ts";
import { at, type Fixture, type Mutable } from "./fixture.ts";
import type { LinkMeaning, Process } from "./model.ts";
import type { Bench } from "./sources.ts";
import type { Setup, ValueSpec, Way } from "./steps.ts";
import { createOpenIdDocuments } from "./tenants.ts";

/** An identity, and what the model holds of it. */
export interface Running {
  readonly identity: Identity;
  readonly process: Process;
  /** What the chain of its config means. */
  readonly chain: LinkMeaning;
  /**
   * Loads it, if it is not loaded yet; `false`: it cannot be. From then on its environment is
   * fixed.
   */
  load(): Promise<boolean>;
}

/** A credential in a caller's hands, and what the caller meant by it. */
export interface Handle {
  readonly title: string;
  readonly running: Running;
  readonly credential: TokenCredentialLike & Pick<SourceCredential, "explain"> & Partial<SourceCredential>;
  readonly links: readonly LinkMeaning[];
}

export interface Processes {
  readonly running: readonly Running[];
  readonly handles: readonly Handle[];
  /** Starts one with the config and on the machine at these places. */
  start(config: number, machine: number): Running;
  /**
   * A credential of a process; with `reuse` the one that was made in the same way before, if there
   * is one.
   */
  take(running: Running, way: Way, reuse: boolean): Handle;
}

const quiet = () => undefined;
/** Failures that steps bring about are no news. */
const logger = { error: quiet, warn: quiet, info: quiet, debug: quiet };

/** A value as a line of a transcript. */
export const brief = (value: unknown): string => JSON.stringify(value).replaceAll('"', "");

export function createProcesses({ world, clock, gate }: Bench, fixture: Fixture, setup: Setup): Processes {
  const http = createOpenIdDocuments(gate);
  const running: Running[] = [];
  const handles = new Map<string, Handle>();

  /** The tenant that stands in a config, looked up now. */
  const tenantOf = (machine: number, spec: ValueSpec | undefined): string | undefined => {
    if (spec === undefined) return undefined;
    if ("text" in spec) return spec.text;
    return world.now["env" in spec ? `env${machine}.${spec.env}` : `file.${spec.file}`];
  };

  const start: Processes["start"] = (place, machinePlace) => {
    const { spec, config } = at(fixture.configs, place);
    const machine = machinePlace % world.environments.length;
    const identity = createIdentity(config, { env: world.environments[machine], http, clock, random: () => 0, logger });
    const id = `process${running.length}`;
    const { tenantId, settings, authority = "https://login.microsoftonline.com", allowsAll } = spec;
    const checked = settings === undefined ? undefined : structuredClone(at(fixture.objects, settings));
    const oneTenant = at(setup.machines, machine).oneTenant;
    const process: Mutable<Process> = {
      id,
      machine,
      tenantId: undefined,
      variable: undefined,
      authority,
      allowsAll,
      oneTenant,
      sources: { checked },
    };
    let loaded = false;
    const load = async () => {
      if (loaded) return true;
      process.tenantId = tenantOf(machine, tenantId);
      process.variable = world.environments[machine]?.AZURE_TENANT_ID;
      loaded = await identity.ready().then(
        () => true,
        () => false, // a reference of the config without target
      );
      return loaded;
    };
    const one: Running = { identity, process, load, chain: fixture.meaningOf(id, spec.chain) };
    running.push(one);
    return one;
  };

  const make = ({ identity, process, chain }: Running, way: Way): Pick<Handle, "credential" | "links"> => {
    if (way.way === "identity") return { credential: identity, links: [chain] };
    if (way.way === "chain") {
      const links = way.entries.map((entry) => fixture.meaningOf(process.id, entry));
      return { credential: identity.chain(way.entries.map(fixture.entryOf)), links };
    }
    const options = way.object === undefined ? undefined : at(fixture.objects, way.object);
    return { credential: identity.credential(way.source, options), links: [fixture.meaningOf(process.id, way)] };
  };

  return {
    running,
    get handles() {
      return [...handles.values()];
    },
    start,
    take(one, way, reuse) {
      const title = `${one.process.id} ${brief(way)}`;
      const old = handles.get(title);
      if (reuse && old !== undefined) return old;
      const handle = { title, running: one, ...make(one, way) };
      handles.set(title, handle);
      return handle;
    },
  };
}
