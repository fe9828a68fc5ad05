/** A Worker that does cases of the suite: `/{case}` answers "ok", or code and stack. */
import { env } from "cloudflare:workers";
import { cases as applications } from "./cases/applications.mjs";
import { cases as core } from "./cases/core.mjs";
import { cases as dropIn } from "./cases/drop-in.mjs";

const cases = { ...core, ...applications, ...dropIn };
const world = JSON.parse(env.world);

export default {
  async fetch(request) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    return cases[name](world).then(
      () => new Response("ok"),
      ({ code = "no code", stack }) => new Response(`${code} ${stack}`),
    );
  },
};
