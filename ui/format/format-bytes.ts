/** "9f 1c 44 0a …", at most `limit` bytes. */
export function formatBytes(bytes: Uint8Array, limit = 16): string {
  const head = Array.from(bytes.subarray(0, limit), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return bytes.length > limit ? `${head} …` : head;
}
