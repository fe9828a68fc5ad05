import { definePlugin, services } from "@azidentity/core/plugin";
import { createNativeBroker } from "./native/native-broker.ts";
import { thisMachine } from "./readiness.ts";
import { defineBroker } from "./sources/broker.ts";
import { defineVisualStudioCode } from "./sources/visual-studio-code.ts";

/** The account broker of the operating system, and the sign-in of Visual Studio Code. */
export const broker = definePlugin({
  name: "@azidentity/plugin-broker",
  sources: [defineVisualStudioCode(thisMachine), defineBroker(thisMachine)],
  services: [
    {
      token: services.nativeBroker,
      name: "native-broker",
      create: (_, context) => createNativeBroker(context, thisMachine()),
    },
  ],
});

export default broker;
