/** What the host says, with the next step: "Hubscope does not read example.com yet. [Record this site]". */
export interface Notice {
  readonly sentence: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Another way, where there is one that costs less. */
  readonly otherAction?: { readonly label: string; readonly run: () => void };
  readonly tone?: "info" | "warning" | "error";
}
