import { isIdentityError } from "@azidentity/core";
import { type Inspection, inspectIdentity } from "@azidentity/core/inspect";
import type { Logger } from "@azidentity/core/plugin";
import { findNearMiss, type NearMiss } from "@azidentity/core/project";
import type { CommandInput } from "../command-line/description.ts";
import { CommandError } from "../errors/command-error.ts";
import { describeError } from "../errors/describe-error.ts";
import type { Host } from "../host.ts";
import { findConfig } from "../project/find-project.ts";
import {
  type IdentitySettings,
  identitySettingsOf,
  type OpenedIdentity,
  openIdentity,
} from "../project/open-identity.ts";
import { pluginVersions } from "./plugin-versions.ts";
import type { ProjectStatus } from "./project-status.ts";

/** An identity to look at, and what is known of its project. */
export interface Opened {
  readonly inspection: Inspection;
  readonly project: ProjectStatus;
  readonly settings: IdentitySettings;
  /** What the identity wrote to its log while it was loaded: warnings alone. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** Keeps warnings, which the report has in place of standard error. */
function createWarningList(): { readonly logger: Logger; readonly warnings: string[] } {
  const warnings: string[] = [];
  const none = () => {};
  const warn = (message: string) => void warnings.push(message);
  return { warnings, logger: { error: warn, warn, info: none, debug: none } };
}

/**
 * A file that was probably meant as the config, where the command line does not exclude configs.
 */
function nearMissOf({ workingDirectory }: Host, { config }: IdentitySettings): NearMiss | undefined {
  const found = config === false ? undefined : findNearMiss({ folder: workingDirectory, script: undefined });
  return found?.likely === true ? found : undefined;
}

/** The config that is broken, as far as it can be found. */
function brokenConfig(host: Host, { config }: IdentitySettings): string | undefined {
  try {
    return findConfig(host, config);
  } catch {
    return undefined; // that is what is broken
  }
}

async function openWith(host: Host, settings: IdentitySettings, status: Partial<ProjectStatus>): Promise<Opened> {
  const { logger, warnings } = createWarningList();
  const opened: OpenedIdentity = await openIdentity(host, { ...settings, untrusted: "ignore", logger });
  try {
    const inspection = await inspectIdentity(opened.identity);
    const { project, untrusted } = opened;
    return {
      inspection,
      settings,
      warnings: [...warnings],
      close: opened.close,
      project: {
        configFile: (project ?? untrusted)?.file,
        untrusted: untrusted?.code.map(({ what }) => what) ?? [],
        nearMiss: (project ?? untrusted) === undefined ? nearMissOf(host, settings) : undefined,
        error: undefined,
        versions: pluginVersions(inspection.plugins, project?.folder ?? host.workingDirectory),
        ...status,
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * Opens the identity of the working directory. Where its config or its plugins are broken, it is
 * the one without them, so that the rest of the machine is looked at all the same.
 *
 * @throws {CommandError} `usage`
 */
export async function openForDoctor(host: Host, input: CommandInput): Promise<Opened> {
  const settings = identitySettingsOf(input);
  try {
    return await openWith(host, settings, {});
  } catch (error) {
    if (!isIdentityError(error) && !(error instanceof CommandError)) throw error;
    host.signal.throwIfAborted();
    const broken = { error: describeError(error), configFile: brokenConfig(host, settings) };
    return openWith(host, { ...settings, config: false }, broken);
  }
}
