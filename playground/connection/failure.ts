/** One sentence that says which fault it is, and what to do about it. */
export interface Failure {
  readonly what: string;
  readonly next: string;
  /** The words of the server or the browser, where they say more. */
  readonly detail?: string;
}
