import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { isLoopback, patternCovers, sitePattern, webOrigin } from "../channel/sites.ts";
import { readAddress } from "./read-address.ts";
import { siteLabel } from "./site-label.ts";

/** What the options page needs of the browser. */
export interface OptionsPlatform {
  /** Every pattern that the extension may read now. */
  readonly grantedPatterns: () => Promise<readonly string[]>;
  /** Those that the manifest names. */
  readonly manifestPatterns: () => readonly string[];
  /** Must be called in the click itself. False when the user declines. */
  readonly askForAccess: (patterns: readonly string[]) => Promise<boolean>;
  readonly giveAccessBack: (pattern: string) => Promise<boolean>;
  readonly switchedOffOrigins: () => Promise<readonly string[]>;
  readonly switchOrigin: (origin: string, to: "on" | "off") => Promise<void>;
  readonly wantsOtherTraffic: () => Promise<boolean>;
  readonly recordOtherTraffic: (wanted: boolean) => Promise<void>;
}

/** A text field, what is wrong with its text, and what its button does. */
export interface AddressField {
  readonly text: ReadonlySignal<string>;
  readonly fault: ReadonlySignal<string | undefined>;
  type(text: string): void;
  submit(): Promise<void>;
}

/** How the page stands that the options were opened from. */
export interface OpenedFrom {
  readonly origin: string;
  readonly state: "recorded" | "switched-off" | "not-read";
}

export interface OptionsModel {
  /** Undefined until the browser has answered. */
  readonly granted: ReadonlySignal<readonly string[] | undefined>;
  /** Patterns of the manifest that the user has taken back in the browser's settings. */
  readonly withheld: ReadonlySignal<readonly string[]>;
  readonly off: ReadonlySignal<readonly string[]>;
  /** WebSockets that are not SignalR's are recorded too. */
  readonly others: ReadonlySignal<boolean>;
  readonly openedFrom: ReadonlySignal<OpenedFrom | undefined>;
  readonly allow: AddressField;
  readonly exclude: AddressField;
  /** The last thing that happened, for the live region. */
  readonly said: ReadonlySignal<string>;
  /** Asks the browser where things stand. */
  refresh(): Promise<void>;
  remove(pattern: string): Promise<void>;
  switchTo(origin: string, to: "on" | "off"): Promise<void>;
  recordOthers(wanted: boolean): Promise<void>;
  ask(patterns: readonly string[]): Promise<void>;
}

export function createOptionsModel(
  platform: OptionsPlatform,
  openedFromUrl: string | undefined,
): OptionsModel {
  const all = signal<readonly string[] | undefined>(undefined);
  const off = signal<readonly string[]>([]);
  const others = signal(false);
  const said = signal("");
  const own = platform.manifestPatterns();

  const granted = computed(() => all.value?.filter((pattern) => !own.includes(pattern)).sort());
  const withheld = computed(() => {
    const known = all.value;
    return known === undefined ? [] : own.filter((pattern) => !known.includes(pattern));
  });

  function isRead(origin: string): boolean {
    return (all.value ?? []).some((pattern) => patternCovers(pattern, origin));
  }

  async function refresh(): Promise<void> {
    try {
      const [patterns, origins, wanted] = await Promise.all([
        platform.grantedPatterns(),
        platform.switchedOffOrigins(),
        platform.wantsOtherTraffic(),
      ]);
      others.value = wanted;
      all.value = patterns;
      off.value = [...origins].sort();
    } catch (error) {
      said.value = `The browser does not say which sites are allowed or switched off: ${reasonOf(error)}`;
    }
  }

  /** Runs `act`; what went wrong is said where the user looks. */
  async function attempt(act: () => Promise<string>): Promise<void> {
    try {
      said.value = await act();
    } catch (error) {
      said.value = `The browser refused: ${reasonOf(error)}`;
    }
    await refresh();
  }

  const ask = (patterns: readonly string[]): Promise<void> =>
    attempt(async () => {
      const names = patterns.map(siteLabel).join(", ");
      return (await platform.askForAccess(patterns))
        ? `Hubscope may read ${names}. Pages that are open are recorded from their next load.`
        : `Hubscope does not read ${names}.`;
    });

  const switchTo = (origin: string, to: "on" | "off"): Promise<void> =>
    attempt(async () => {
      await platform.switchOrigin(origin, to);
      return to === "off"
        ? `${origin} is not recorded any more.`
        : `${origin} is switched on. Pages that are open are recorded from their next load.`;
    });

  const openedOrigin = openedFromUrl === undefined ? undefined : webOrigin(openedFromUrl);

  return {
    granted,
    withheld,
    off,
    others,
    said,
    openedFrom: computed(() => {
      if (openedOrigin === undefined || all.value === undefined) return undefined;
      if (!isRead(openedOrigin)) return { origin: openedOrigin, state: "not-read" };
      return { origin: openedOrigin, state: off.value.includes(openedOrigin) ? "switched-off" : "recorded" };
    }),
    allow: createAddressField(async ({ origin, pattern }) => {
      if (isLoopback(origin) && isRead(origin)) return `${origin} is read from the start.`;
      if (isRead(origin)) return `Hubscope reads ${origin} already.`;
      await ask([pattern]);
      return undefined;
    }),
    exclude: createAddressField(async ({ origin }) => {
      if (off.value.includes(origin)) return `${origin} is switched off already.`;
      await switchTo(origin, "off");
      return undefined;
    }),
    refresh,
    remove: (pattern) =>
      attempt(async () =>
        (await platform.giveAccessBack(pattern))
          ? `Hubscope does not read ${siteLabel(pattern)} any more.`
          : `The browser keeps ${siteLabel(pattern)}.`,
      ),
    switchTo,
    recordOthers: (wanted) =>
      attempt(async () => {
        await platform.recordOtherTraffic(wanted);
        return wanted ? "Other WebSockets and event streams are recorded too." : "Only SignalR is recorded.";
      }),
    ask,
  };
}

/** `use` does something with the site, or says why there is nothing to do. It is called within the click. */
function createAddressField(
  use: (site: { readonly origin: string; readonly pattern: string }) => Promise<string | undefined>,
): AddressField {
  const text = signal("");
  const fault = signal<string | undefined>(undefined);
  return {
    text,
    fault,
    type(typed) {
      text.value = typed;
      fault.value = undefined;
    },
    async submit() {
      const address = readAddress(text.value);
      if (address.kind === "fault") {
        fault.value = address.sentence;
        return;
      }
      fault.value = await use(address);
      if (fault.value === undefined) text.value = "";
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The pattern to ask for so that pages of `origin` can be read. */
export function patternToAsk(origin: string): string {
  return sitePattern(origin) ?? origin;
}
