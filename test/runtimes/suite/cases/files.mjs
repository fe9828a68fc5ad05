import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import cachePersist from "@azidentity/plugin-cache-persist";
import entra from "@azidentity/plugin-entra";
import { identityWith, scope } from "../identities.mjs";

export const cases = {
  async "token store: encrypted file"({ servicePrincipal, folder }) {
    const directory = await mkdtemp(join(folder, "store-"));
    const cache = { store: "file", directory, key: Buffer.alloc(32, 7).toString("base64") };
    const tokens = [];
    for (let count = 0; count < 2; count++) {
      const identity = identityWith({ plugins: [entra, cachePersist], cache }, servicePrincipal);
      tokens.push((await identity.getToken(scope)).token);
      await identity.close();
    }
    assert.equal(tokens[0], tokens[1]);
    assert.notEqual((await readdir(directory)).length, 0);
    await rm(directory, { recursive: true });
  },
};
