/** Names of the keys under which the extension's storage has one entry for each origin that is switched off. */
const PREFIX = "off:";

export function switchOf(origin: string): string {
  return `${PREFIX}${origin}`;
}

/** Undefined when the key is none of an off switch. */
export function originOfSwitch(key: string): string | undefined {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
}
