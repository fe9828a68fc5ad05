import { knownCloudOf, knownClouds } from "@azidentity/core/plugin";

/** The authority of a cloud, by its name in the tools. */
export function authorityOfCloud(name: string): string | undefined {
  const cloud = knownClouds.find(({ toolName }) => toolName?.toLowerCase() === name.toLowerCase());
  return cloud && `https://${cloud.hosts[0]}`;
}

/** The name in the tools of an authority's cloud; `undefined` if they do not know it. */
export function cloudName(authority: string): string | undefined {
  return knownCloudOf(authority)?.toolName;
}
