/**
 * A circuit is what a Blazor Server keeps for one page; it may outlive a connection and go on over another. "starting": asked
 * for, not granted yet. "gone": the server knows it no more. "failed": an exception ended it, or it never came to be.
 */
export type CircuitState = "starting" | "connected" | "paused" | "failed" | "gone";

/** What a message means for the circuit: the server's answer to what the page asked, or its word that it is over. */
export type CircuitStep =
  | "started"
  /** The page is back, over another connection. */
  | "connected"
  | "paused"
  /** Made anew of the saved state of one that was paused. */
  | "resumed"
  | "not-started"
  /** There is none to go back to: it expired, was paused, or its secret is wrong. */
  | "not-found"
  | "not-paused"
  | "not-resumed"
  /** The server would like the page to pause. */
  | "pause-wanted"
  | "failed";
