/** Runs what is ours so that nothing of it reaches the page, not even its console. */
export function quietly<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    // A fault of the recording must cost the page nothing; what it loses is a gap in the recording.
    return undefined;
  }
}
