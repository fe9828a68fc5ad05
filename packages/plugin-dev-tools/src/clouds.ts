import { authorityHostOf, knownCloudOf, knownClouds } from "@azidentity/core/entra";

/** The authority of a cloud, by its name in the tools. */
export function authorityOfCloud(name: string): string | undefined {
  const cloud = knownClouds.find(({ toolName }) => toolName?.toLowerCase() === name.toLowerCase());
  return cloud && `https://${cloud.hosts[0]}`;
}

/** The name in the tools of an authority's cloud; `undefined` if they do not know it. */
export function cloudName(authority: string): string | undefined {
  return knownCloudOf(authority)?.toolName;
}

const hostForm = /^[\w.-]{1,100}(?::\d{1,5})?$/;

/** An authority for messages: the name of its cloud, and its host. A tool may have printed it. */
export function describeAuthority(authority: string): string {
  const name = cloudName(authority);
  const host = authorityHostOf(authority);
  if (name !== undefined) return `${name} (${host})`;
  return hostForm.test(host) ? host : "an unknown cloud";
}
