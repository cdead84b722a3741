import type { HubClientOptions } from "./hub-client.ts";

/** Absent where the caller has none; an empty one counts as none, as in the official client. */
export interface AccessToken {
  readonly accessToken?: string;
}

/** Asks the caller. Rejects with what the caller threw, or with the signal's reason. */
export async function tokenOf(
  options: Pick<HubClientOptions, "accessToken">,
  signal: AbortSignal,
): Promise<AccessToken> {
  if (options.accessToken === undefined) return {};
  signal.throwIfAborted();
  const accessToken = await orAbort(Promise.resolve(options.accessToken()), signal);
  return accessToken ? { accessToken } : {};
}

export function bearer({ accessToken }: AccessToken): Readonly<Record<string, string>> {
  return accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
}

function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
