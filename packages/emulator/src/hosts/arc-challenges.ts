export type ArcChallengeForm = "azure-arc";
export const arcChallengeForms: readonly string[] = ["azure-arc"];
