import { definePlugin, services, subprocesses } from "@azidentity/core/plugin";
import { createNativeBroker } from "./native/native-broker.ts";
import { thisMachine } from "./readiness.ts";
import { defineBroker } from "./sources/broker.ts";
import { defineVisualStudioCode } from "./sources/visual-studio-code.ts";

/**
 * Plugin with the sources `broker`, the account broker of the operating system, and
 * `visual-studio-code`.
 */
export const broker = definePlugin({
  name: "@azidentity/plugin-broker",
  sources: [defineVisualStudioCode(thisMachine), defineBroker(thisMachine)],
  services: [
    {
      token: services.nativeBroker,
      name: "native-broker",
      create: (_, context) => createNativeBroker(context, thisMachine()),
    },
    subprocesses,
  ],
});

export default broker;
