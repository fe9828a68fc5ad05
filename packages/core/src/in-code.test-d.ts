import { createIdentity } from "./in-code.ts";
import { definePlugin } from "./plugin.ts";

const plugins = [definePlugin({ name: "mine", sources: [] })] as const;

createIdentity({ plugins, config: false });
// @ts-expect-error the config is the argument itself
createIdentity({ plugins, config: {} });
