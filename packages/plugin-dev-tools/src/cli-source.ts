import { type CredentialSource, defineSource, homeTenantOf } from "@azidentity/core/plugin";
import { folderOf, homeFolder, stateOf } from "./account-state.ts";
import { type CliOptions, type CliTool, homeTenant, notInstalled, programsOf } from "./tool.ts";

/**
 * A source that runs a command-line tool. The core caches its tokens until the state of the tool's
 * account changes.
 */
export function defineCliSource<const Name extends string, O extends CliOptions>(
  tool: CliTool<Name, O>,
): CredentialSource<Name, O> {
  return defineSource<Name, O>({
    name: tool.name,
    kind: "developer",
    priority: tool.priority,
    tenantPolicy: "any",
    options: tool.options,
    maxConcurrency: 1, // two processes of one tool would compete for its files
    deadlineMs: ({ processTimeoutInMs }) => processTimeoutInMs,
    detect(_, context) {
      const [file] = programsOf(tool, context);
      if (file !== undefined) return { state: "possible", reason: `${tool.title} is ${file}.` };
      return { state: "absent", code: "not-installed", reason: notInstalled(tool), remedy: tool.install };
    },
    homeTenant,
    subject(options, context) {
      if (tool.usesOtherAccount?.(context.env)) return undefined;
      const folder = folderOf(tool, options, context);
      const tenantId = homeTenantOf(homeTenant, options, context) ?? null;
      return folder && JSON.stringify([folder, tenantId, options.subscription ?? null]);
    },
    accountState(options, context) {
      const folder = folderOf(tool, options, context);
      if (folder === undefined) throw new Error("Nothing names the folder of the account.");
      return stateOf(tool.accountFiles(folder, context.env, homeFolder(context.env)));
    },
    create: (options, context) => ({
      async getToken(request) {
        const { acquire } = await import("./acquire.ts"); // not needed to find the tool
        return acquire(tool, options, context, request);
      },
    }),
  });
}
