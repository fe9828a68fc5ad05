import { readFileSync } from "node:fs";
import tls from "node:tls";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directory } from "./directory.ts";
import { freshPeer, peer } from "./implementations.ts";
import { ours, resetSharedTokens } from "./ours.ts";
import { inWorld, type World } from "./world.ts";

/** A behaviour that the peer documents. */
export interface Row {
  /** A sentence, the title of the test. */
  readonly behaviour: string;
  /** Uses a package and returns what a caller sees of it. */
  run(world: World): unknown;
  readonly expected: unknown;
  /**
   * Where ours differs: what a caller sees instead, and the words of docs/migrating.md that say so.
   */
  readonly ours?: { readonly expected: unknown; readonly documented: string };
  /** Whether the peer keeps state of the process that this row depends on. */
  readonly fresh?: boolean;
}

const guide = new URL("../../../../docs/migrating.md", import.meta.url);

/** Runs each row with the peer and with ours, in one test. */
export function compare(subject: string, rows: readonly Row[]): void {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator(directory);
    const before = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...before, emulator.caCertificate]);
    return async () => {
      tls.setDefaultCACertificates(before);
      await emulator.close();
    };
  });
  afterAll(resetSharedTokens);

  describe(subject, () => {
    for (const row of rows) {
      it(row.behaviour, async () => {
        const seen = {
          peer: await inWorld(row.fresh ? freshPeer() : peer(), emulator, row.run),
          ours: await inWorld(ours, emulator, row.run),
        };
        resetSharedTokens();
        expect(seen).toEqual({
          peer: row.expected,
          ours: row.ours ? row.ours.expected : row.expected,
        });
        if (row.ours) expect(readFileSync(guide, "utf8").replaceAll(/\s+/g, " ")).toContain(row.ours.documented);
      });
    }
  });
}
