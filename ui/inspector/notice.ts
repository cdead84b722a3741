/** One sentence of the host with at most one next step: "Hubscope does not read example.com yet. [Record this site]". */
export interface Notice {
  readonly sentence: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly tone?: "info" | "warning" | "error";
}
