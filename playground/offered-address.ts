/**
 * The address that a link to the playground offers: `#server=https://…`. It is filled in for the user to look at;
 * nothing connects to it by itself.
 */
export function offeredAddress(fragment: string): string | undefined {
  const address = new URLSearchParams(fragment.replace(/^#/, "")).get("server");
  return address === null || address === "" ? undefined : address;
}
